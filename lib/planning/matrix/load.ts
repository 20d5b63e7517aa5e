import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, isAbsolute, join, resolve } from "node:path";
import { getErrorMessage, InvalidInputError } from "../../base/errors/errors.js";
import { compareVersions } from "../version/version.js";
import { checksumsFile, computeSha256, parseChecksums } from "./checksums.js";
import { parseMatrixFile } from "./matrix-file.js";
import { findPackageRoot } from "../../base/process/package-root.js";
import { type Edition, editions, type Matrix, type Method, methods } from "./types.js";

/** Returns the folder of the matrices shipped with this package. */
export function getShippedFolder(): string {
  return join(findPackageRoot(), "data", "matrices");
}

/** Lists the ids of the shipped matrices, sorted by edition, method and newest version. */
export function listShippedIds(folder = getShippedFolder()): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.map((name) => basename(name, ".json")).sort(compareIds);
}

/**
 * Loads a shipped matrix by its id, or any matrix file by its path (anything that contains a `/` or ends in `.json`).
 * The id of a user's file is its path; a shipped file is verified against its checksum.
 * @throws InvalidInputError MATRIX_UNKNOWN, MATRIX_FILE_MISSING, MATRIX_UNREADABLE, MATRIX_NOT_JSON, MATRIX_INVALID,
 * MATRIX_CONTRADICTION or MATRIX_CHECKSUM.
 */
export function loadMatrix(idOrFile: string, folder = getShippedFolder()): Matrix {
  if (isMatrixFile(idOrFile)) return loadFile(idOrFile, folder);
  if (!existsSync(join(folder, `${idOrFile}.json`))) {
    throw new InvalidInputError("MATRIX_UNKNOWN", `There is no shipped matrix "${idOrFile}".`, {
      next: `Did you mean ${formatNearestIds(idOrFile, folder)}? See \`palette-upgrade matrix list\`, or give the path of a file.`,
    });
  }
  return loadShipped(idOrFile, folder);
}

/**
 * Loads the matrix that a stack pins. The path of a file begins at the stack's project folder, and stays the matrix's id
 * as it was written, so that nothing which is recorded depends on the machine.
 * @throws InvalidInputError as `loadMatrix`.
 */
export function loadStackMatrix(pinned: string, projectDir: string): Matrix {
  if (!isMatrixFile(pinned) || isAbsolute(pinned)) return loadMatrix(pinned);
  return { ...loadMatrix(resolve(projectDir, pinned)), id: pinned };
}

/** True if a matrix is named by the path of its file, not by the id of a shipped one. */
export function isMatrixFile(idOrFile: string): boolean {
  return /[/\\]|\.json$/.test(idOrFile);
}

/** Loads all shipped matrices, sorted by edition, method and newest version. */
export function loadShippedMatrices(folder = getShippedFolder()): Matrix[] {
  return listShippedIds(folder).map((id) => loadShipped(id, folder));
}

/** Loads the shipped matrix with the newest version for an edition and method; undefined if none is shipped. */
export function loadNewestShipped(edition: Edition, method: Method, folder = getShippedFolder()): Matrix | undefined {
  const id = listShippedIds(folder).findLast((each) => each.startsWith(`${edition}-${method}-`));
  return id === undefined ? undefined : loadShipped(id, folder);
}

/** Compares ids `<edition>-<method>-<version>` by edition and method (in the order of `types.ts`), then by version. */
export function compareIds(a: string, b: string): number {
  const [one, two] = [parseMatrixId(a), parseMatrixId(b)];
  return one.edition - two.edition || one.method - two.method || compareVersions(one.version, two.version);
}

function parseMatrixId(id: string): { edition: number; method: number; version: string } {
  const [edition = "", method = "", version = ""] = id.split("-");
  return {
    edition: editions.findIndex((each) => each === edition),
    method: methods.findIndex((each) => each === method),
    version: /^\d+\.\d+\.\d+$/.test(version) ? version : "0.0.0",
  };
}

function loadFile(path: string, folder: string): Matrix {
  if (!existsSync(path)) {
    throw new InvalidInputError("MATRIX_FILE_MISSING", `There is no matrix file ${path}.`, {
      next: `Give the path of a file, or the id of a shipped matrix such as ${formatNearestIds(basename(path, ".json"), folder)}.`,
    });
  }
  const { text, sum } = readText(path);
  return { ...parseMatrixFile(text, path), id: path, sha256: sum };
}

function loadShipped(id: string, folder: string): Matrix {
  const name = `${id}.json`;
  const { text, sum } = readText(join(folder, name));
  const listed = parseChecksums(readText(join(folder, checksumsFile)).text).get(name);
  if (listed !== sum) {
    const found = listed === undefined ? "is not listed in" : "differs from";
    throw new InvalidInputError("MATRIX_CHECKSUM", `The shipped matrix ${id} ${found} ${checksumsFile}.`, {
      next: "Restore the file, or change shipped matrices only with `palette-upgrade matrix import … --write`.",
    });
  }
  return { ...parseMatrixFile(text, name), sha256: sum };
}

function readText(path: string): { text: string; sum: string } {
  try {
    const bytes = readFileSync(path);
    return { text: bytes.toString("utf8"), sum: computeSha256(bytes) };
  } catch (error) {
    throw new InvalidInputError("MATRIX_UNREADABLE", `${path} cannot be read: ${getErrorMessage(error)}`, {
      next: "Give a file that this user may read.",
      cause: error,
    });
  }
}

function formatNearestIds(wanted: string, folder: string): string {
  return findNearestIds(wanted, listShippedIds(folder)).join(", ");
}

/** Finds up to `count` of `ids` with the smallest edit distance to `wanted`, nearest first; ties keep their order. */
export function findNearestIds(wanted: string, ids: readonly string[], count = 3): string[] {
  const ranked = ids.map((id) => ({ id, distance: computeEditDistance(wanted, id) }));
  return ranked
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ id }) => id);
}

function computeEditDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
