import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";

/** A chart's files by their path relative to the chart's folder, separated by `/`. */
export type ChartFiles = ReadonlyMap<string, Buffer>;

export interface ReadChartFiles {
  files: ChartFiles;
  /** sha256 of the packed chart's bytes, or of an unpacked chart's sorted files. */
  sha256: string;
}

const largestChartBytes = 256_000_000;

/**
 * Reads every file of a chart, packed (`.tgz`) or unpacked (a folder).
 *
 * @param displayName how errors name it.
 * @throws InvalidInputError `CHART_UNREADABLE`.
 */
export async function readChartFiles(location: string, displayName: string): Promise<ReadChartFiles> {
  try {
    if (statSync(location).isDirectory()) {
      const files = readFolder(location);
      return { files, sha256: computeFilesDigest(files) };
    }
    const bytes = readFileSync(location);
    return { files: await unpackChart(bytes), sha256: computeSha256(bytes) };
  } catch (error) {
    throw new InvalidInputError(
      "CHART_UNREADABLE",
      `The chart ${displayName} cannot be read: ${getErrorMessage(error)}.`,
      {
        next: "Fetch it anew from the vendor; it is cut short or no packed Helm chart.",
        cause: error,
      },
    );
  }
}

export function computeSha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Unpacks a chart; paths are relative to the chart's own folder. Throws for bytes that are no tar archive. */
export async function unpackChart(bytes: Buffer): Promise<ChartFiles> {
  const { list } = await import("tar");
  const files = new Map<string, Buffer>();
  let total = 0;
  let entries = 0;
  await new Promise<void>((resolve, reject) => {
    const parser = list({
      strict: true,
      onReadEntry: (entry) => {
        entries += 1;
        const path = entry.path.split("/").slice(1).join("/");
        const chunks: Buffer[] = [];
        entry.on("data", (chunk: Buffer) => {
          total += chunk.length;
          if (total > largestChartBytes) reject(new Error(`it unpacks to more than ${largestChartBytes} bytes`));
          else chunks.push(chunk);
        });
        entry.on("end", () => {
          if (entry.type === "File" && path !== "") files.set(path, Buffer.concat(chunks));
        });
      },
    });
    parser.on("end", () => (entries === 0 ? reject(new Error("it is no tar archive")) : resolve()));
    parser.on("error", reject);
    parser.end(bytes);
  });
  return files;
}

function readFolder(root: string): ChartFiles {
  const listPaths = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? listPaths(path) : [path];
    });
  return new Map(
    listPaths("")
      .sort()
      .map((path) => [path, readFileSync(join(root, path))]),
  );
}

function computeFilesDigest(files: ChartFiles): string {
  const hash = createHash("sha256");
  for (const [path, content] of files) hash.update(`${computeSha256(content)}  ${path}\n`);
  return hash.digest("hex");
}
