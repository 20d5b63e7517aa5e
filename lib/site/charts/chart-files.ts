import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";

/** A chart's files by their path relative to the chart's folder, separated by `/`. */
export type ChartFiles = ReadonlyMap<string, Buffer>;

interface ReadChartFiles {
  files: ChartFiles;
  /** sha256 of the packed chart's bytes, or of an unpacked chart's sorted files. */
  sha256: string;
}

const largestChartBytes = 100 * 1024 * 1024;
const mostFiles = 20_000;

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
    const budget = createUnpackBudget();
    return { files: await unpackChart(bytes, budget), sha256: computeSha256(bytes) };
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

/** What may still be unpacked of one chart, with all that is packed in it. */
export interface UnpackBudget {
  bytes: number;
  files: number;
}

/** Creates the budget of one chart: Helm's own limit of bytes. */
export function createUnpackBudget(): UnpackBudget {
  return { bytes: largestChartBytes, files: mostFiles };
}

/**
 * Unpacks a chart; paths are relative to the chart's own folder. What it takes is subtracted from `budget`. Throws for
 * bytes that are no tar archive, and for more than the budget before more is unpacked.
 */
export async function unpackChart(bytes: Buffer, budget: UnpackBudget): Promise<ChartFiles> {
  const { list } = await import("tar");
  const archive = decompress(bytes, budget);
  const files = new Map<string, Buffer>();
  let entries = 0;
  await new Promise<void>((resolve, reject) => {
    const parser = list({
      strict: true,
      onReadEntry: (entry) => {
        entries += 1;
        budget.files -= 1;
        if (budget.files < 0) parser.abort(new Error(`it holds more than ${mostFiles} files`));
        const path = entry.path.split("/").slice(1).join("/");
        const chunks: Buffer[] = [];
        entry.on("data", (chunk: Buffer) => chunks.push(chunk));
        entry.on("end", () => {
          if (entry.type === "File" && path !== "") files.set(path, Buffer.concat(chunks));
        });
      },
    });
    parser.on("end", () => (entries === 0 ? reject(new Error("it is no tar archive")) : resolve()));
    parser.on("error", reject);
    parser.end(archive);
  });
  return files;
}

/** Unpacks gzip up to the budget; what is compressed otherwise, or twice, is no packed chart. */
function decompress(bytes: Buffer, budget: UnpackBudget): Buffer {
  const archive = isGzip(bytes) ? gunzipWithin(bytes, budget) : bytes;
  if (isGzip(archive) || archive.subarray(0, 4).equals(zstandardMark)) throw new Error("it is no tar archive");
  budget.bytes -= archive.length;
  if (budget.bytes < 0) throw createTooLargeError();
  return archive;
}

const zstandardMark = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function gunzipWithin(bytes: Buffer, { bytes: maxOutputLength }: UnpackBudget): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(1, maxOutputLength) });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE" ? createTooLargeError() : error;
  }
}

function createTooLargeError(): Error {
  return new Error(`it unpacks to more than ${largestChartBytes} bytes`);
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
