import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { InvalidInputError, messageOf } from "../errors.js";
import { compareVersions } from "../version/version.js";
import { checksumsFile, parseChecksums, sha256 } from "./checksums.js";
import { parseMatrixFile } from "./matrix-file.js";
import { nearestIds } from "./nearest-ids.js";
import { packageRoot } from "./package-root.js";
import { editions, methods, type Edition, type Matrix, type Method } from "./types.js";

/** The folder of the matrices that this package ships. */
export function shippedFolder(): string {
  return join(packageRoot(), "data", "matrices");
}

/** Ids of the shipped matrices, sorted by edition, method and newest version. */
export function shippedIds(folder = shippedFolder()): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.map((name) => basename(name, ".json")).sort(compareIds);
}

/**
 * A shipped matrix by its id, or any matrix file by its path (whatever holds a `/` or ends in `.json`).
 * The id of a file of the user's is its path; a shipped one is proved against its checksum.
 * @throws InvalidInputError MATRIX_UNKNOWN, MATRIX_FILE_MISSING, MATRIX_UNREADABLE, MATRIX_NOT_JSON, MATRIX_INVALID,
 * MATRIX_CONTRADICTION or MATRIX_CHECKSUM.
 */
export function loadMatrix(idOrFile: string, folder = shippedFolder()): Matrix {
  if (/[/\\]|\.json$/.test(idOrFile)) return loadFile(idOrFile, folder);
  if (!existsSync(join(folder, `${idOrFile}.json`))) {
    throw new InvalidInputError("MATRIX_UNKNOWN", `There is no shipped matrix "${idOrFile}".`, {
      next: `Did you mean ${nearest(idOrFile, folder)}? See \`palette-upgrade matrix list\`, or give the path of a file.`,
    });
  }
  return loadShipped(idOrFile, folder);
}

/** All shipped matrices, sorted by edition, method and newest version. */
export function shippedMatrices(folder = shippedFolder()): Matrix[] {
  return shippedIds(folder).map((id) => loadShipped(id, folder));
}

/** The shipped matrix of an edition and method whose newest version is the newest; undefined where none is shipped. */
export function newestShipped(edition: Edition, method: Method, folder = shippedFolder()): Matrix | undefined {
  const id = shippedIds(folder).findLast((each) => each.startsWith(`${edition}-${method}-`));
  return id === undefined ? undefined : loadShipped(id, folder);
}

/** Orders ids `<edition>-<method>-<version>` by edition and method as the types list them, then by version. */
export function compareIds(a: string, b: string): number {
  const [one, two] = [idParts(a), idParts(b)];
  return one.edition - two.edition || one.method - two.method || compareVersions(one.version, two.version);
}

function idParts(id: string): { edition: number; method: number; version: string } {
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
      next: `Give the path of a file, or the id of a shipped matrix such as ${nearest(basename(path, ".json"), folder)}.`,
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
    return { text: bytes.toString("utf8"), sum: sha256(bytes) };
  } catch (error) {
    throw new InvalidInputError("MATRIX_UNREADABLE", `${path} cannot be read: ${messageOf(error)}`, {
      next: "Give a file that this user may read.",
      cause: error,
    });
  }
}

function nearest(wanted: string, folder: string): string {
  return nearestIds(wanted, shippedIds(folder)).join(", ");
}
