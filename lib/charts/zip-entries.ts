import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { InvalidInputError, messageOf } from "../errors.js";

/** What of a vendor's zip is read: its charts and values files, by their path below its chart folder. */
export type ZipEntries = ReadonlyMap<string, Buffer>;

const largestZipBytes = 1_000_000_000;
const wanted = /(\.tgz|\/values\.yaml)$/;

/**
 * Charts and values files of one of the vendor's archives: `charts/release-<version>/…` of the connected release and the
 * bare `extras/…`, `palette/…` of the air-gapped `charts.zip` come out alike.
 *
 * @throws InvalidInputError `ARCHIVE_UNREADABLE`.
 */
export function readZip(file: string, shownAs: string): ZipEntries {
  let total = 0;
  try {
    const entries = unzipSync(readFileSync(file), {
      filter: ({ name, originalSize }) => {
        const isWanted = wanted.test(name);
        if (isWanted) total += originalSize;
        if (total > largestZipBytes) throw new Error(`it unpacks to more than ${largestZipBytes} bytes`);
        return isWanted;
      },
    });
    return new Map(Object.entries(entries).map(([name, bytes]) => [belowChartFolder(name), Buffer.from(bytes)]));
  } catch (error) {
    throw new InvalidInputError("ARCHIVE_UNREADABLE", `The archive ${shownAs} cannot be read: ${messageOf(error)}.`, {
      next: "Fetch it anew from the vendor; it is cut short or no zip.",
      cause: error,
    });
  }
}

function belowChartFolder(name: string): string {
  return name.replace(/^(\.\/)?(.*\/)?(?=(extras|palette|vertex)\/)/, "");
}
