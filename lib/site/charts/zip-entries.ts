import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";

/** The entries read from a vendor's zip: charts and values files, by their path relative to its chart folder. */
export type ZipEntries = ReadonlyMap<string, Buffer>;

const largestZipBytes = 500_000_000;
const entryPattern = /(\.tgz|\/values\.yaml)$/;

/**
 * Reads charts and values files of one of the vendor's archives. Paths are the same for `charts/release-<version>/…` of
 * the connected release and for the bare `extras/…`, `palette/…` of the air-gapped `charts.zip`.
 *
 * @throws InvalidInputError `ARCHIVE_UNREADABLE`.
 */
export function readZip(file: string, displayName: string): ZipEntries {
  let total = 0;
  try {
    const entries = unzipSync(readFileSync(file), {
      filter: ({ name, originalSize }) => {
        const isWanted = entryPattern.test(name);
        if (isWanted) total += originalSize;
        if (total > largestZipBytes) throw new Error(`it unpacks to more than ${largestZipBytes} bytes`);
        return isWanted;
      },
    });
    return new Map(
      Object.entries(entries).map(([name, bytes]) => [
        stripChartFolder(name),
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      ]),
    );
  } catch (error) {
    throw new InvalidInputError(
      "ARCHIVE_UNREADABLE",
      `The archive ${displayName} cannot be read: ${getErrorMessage(error)}.`,
      {
        next: "Fetch it anew from the vendor; it is cut short or no zip.",
        cause: error,
      },
    );
  }
}

function stripChartFolder(name: string): string {
  return name.replace(/^(\.\/)?(.*\/)?(?=(extras|palette|vertex)\/)/, "");
}
