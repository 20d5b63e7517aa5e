import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidInputError } from "../errors.js";
import { checksumsFile, formatChecksums, parseChecksums, sha256 } from "./checksums.js";
import type { ImportedMatrix } from "./import-types.js";
import { shippedFolder } from "./load.js";
import { formatMatrixFile, parseMatrixFile } from "./matrix-file.js";
import { matrixId } from "./matrix-id.js";
import type { Matrix, MatrixRow, MatrixSource } from "./types.js";

/** What became of one matrix file. */
export interface Written {
  id: string;
  file: string;
  change: "new" | "replaced" | "unchanged";
}

/** An imported matrix with its provenance and id. @throws InvalidInputError MATRIX_WITHOUT_RELEASE where no row lists an exact release. */
export function provenMatrix(matrix: ImportedMatrix, source: MatrixSource, readOn: string): Matrix {
  const { edition, method, rows } = matrix;
  const id = matrixId(edition, method, rows);
  if (id === undefined) {
    throw new InvalidInputError("MATRIX_WITHOUT_RELEASE", `The ${edition} ${method} rows list no exact release.`, {
      next: "A matrix is named after its newest release; look at what was left out, and why.",
    });
  }
  const proven = { id, edition, method, source, readOn, rows };
  return { ...proven, sha256: sha256(formatMatrixFile(proven)) };
}

/**
 * Writes matrix files and their checksums into the folder of shipped matrices.
 * @param changedOnly leave a file whose rows are the same as it is, source and day too: stacks pin its checksum.
 */
export function writeMatrices(matrices: readonly Matrix[], folder = shippedFolder(), changedOnly = false): Written[] {
  const sumsPath = join(folder, checksumsFile);
  const sums = existsSync(sumsPath) ? parseChecksums(readFileSync(sumsPath, "utf8")) : new Map<string, string>();
  const written = matrices.map((matrix): Written => {
    const file = `${matrix.id}.json`;
    const text = formatMatrixFile(matrix);
    if (changedOnly && holdsRows(join(folder, file), matrix)) return { id: matrix.id, file, change: "unchanged" };
    const change = changeOf(join(folder, file), text);
    if (change !== "unchanged") writeFileSync(join(folder, file), text);
    sums.set(file, sha256(text));
    return { id: matrix.id, file, change };
  });
  writeFileSync(sumsPath, formatChecksums(sums));
  return written;
}

/** True if the file holds the same pairs with the same marks, whatever their order, sections and lines. */
function holdsRows(path: string, { rows }: Matrix): boolean {
  if (!existsSync(path)) return false;
  const facts = (all: readonly MatrixRow[]): string =>
    all
      .map(({ from, to, mark }) => `${from} ${to} ${mark}`)
      .sort()
      .join();
  return facts(parseMatrixFile(readFileSync(path, "utf8"), path).rows) === facts(rows);
}

function changeOf(path: string, text: string): Written["change"] {
  if (!existsSync(path)) return "new";
  return readFileSync(path, "utf8") === text ? "unchanged" : "replaced";
}
