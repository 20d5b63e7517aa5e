import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { InvalidInputError, messageOf } from "../errors.js";

/** A chart's files by their path below the chart's own folder, `/` between the parts. */
export type ChartFiles = ReadonlyMap<string, Buffer>;

export interface ReadChartFiles {
  files: ChartFiles;
  /** Of the packed chart's bytes, or of an unpacked one's sorted files. */
  sha256: string;
}

const largestChartBytes = 256_000_000;

/**
 * Every file of a chart, packed (`.tgz`) or unpacked (a folder).
 *
 * @param shownAs how errors name it.
 * @throws InvalidInputError `CHART_UNREADABLE`.
 */
export async function readChartFiles(place: string, shownAs: string): Promise<ReadChartFiles> {
  try {
    if (statSync(place).isDirectory()) {
      const files = readFolder(place);
      return { files, sha256: digestOfFiles(files) };
    }
    const bytes = readFileSync(place);
    return { files: await unpackChart(bytes), sha256: sha256Of(bytes) };
  } catch (error) {
    throw new InvalidInputError("CHART_UNREADABLE", `The chart ${shownAs} cannot be read: ${messageOf(error)}.`, {
      next: "Fetch it anew from the vendor; it is cut short or no packed Helm chart.",
      cause: error,
    });
  }
}

export function sha256Of(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The files of a packed chart, its own folder taken off; throws for what is no tar archive. */
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
  const paths = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? paths(path) : [path];
    });
  return new Map(
    paths("")
      .sort()
      .map((path) => [path, readFileSync(join(root, path))]),
  );
}

function digestOfFiles(files: ChartFiles): string {
  const hash = createHash("sha256");
  for (const [path, content] of files) hash.update(`${sha256Of(content)}  ${path}\n`);
  return hash.digest("hex");
}
