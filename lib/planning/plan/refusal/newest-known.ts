import type { Matrix } from "../../matrix/types.js";
import { compareVersions, type Version } from "../../version/version.js";
import { getNewestVersion } from "../search/dead-ends.js";
import type { Target } from "../search/target.js";

/** The newest release that any matrix of an installation's kind lists. */
export interface NewestKnown {
  version: Version;
  /** The matrix that lists it, and the day its page was read. */
  id: string;
  readOn: string;
}

/** Finds the newest release that the pinned matrix or a shipped one of its edition and method lists. */
export function findNewestKnown(pinned: Matrix, shipped: readonly Matrix[]): NewestKnown | null {
  const own = shipped.filter(({ edition, method }) => edition === pinned.edition && method === pinned.method);
  return [pinned, ...own].reduce<NewestKnown | null>((best, matrix) => {
    const version = getNewestVersion(matrix);
    if (version === undefined || (best !== null && compareVersions(version, best.version) <= 0)) return best;
    return { version, id: matrix.id, readOn: matrix.readOn };
  }, null);
}

/** True if everything that the target takes is newer than what is known. */
export function isBeyondKnown(target: Target, newest: NewestKnown | null): newest is NewestKnown {
  return newest !== null && target.isAbove(newest.version);
}

/** Says what is known, of which day, and how a newer page of the vendor's is brought. */
export function describeNewestKnown({ version, id, readOn }: NewestKnown): string {
  return `the newest release known is ${version}, of ${id}, whose page was read on ${readOn}; if the vendor's page lists a newer one, save it, run \`palette-upgrade matrix import PAGE --write --folder FOLDER\` and pin the file that it writes (palette:matrix, or --matrix), and open an issue or a pull request here so that it ships`;
}
