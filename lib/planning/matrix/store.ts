import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidInputError } from "../../base/errors/errors.js";
import { checksumsFile, formatChecksums, parseChecksums, computeSha256 } from "./checksums.js";
import type { ImportedMatrix } from "./page/import-types.js";
import { getShippedFolder } from "./load.js";
import { formatMatrixFile, parseMatrixFile } from "./matrix-file.js";
import { computeMatrixId } from "./lookup.js";
import type { Matrix, MatrixRow, MatrixSource } from "./types.js";

/** What happened to one matrix file. */
interface WriteResult {
  id: string;
  file: string;
  change: "new" | "replaced" | "unchanged";
}

/**
 * Adds id and provenance to an imported matrix.
 * @throws InvalidInputError MATRIX_WITHOUT_RELEASE if no row lists an exact release.
 */
export function createMatrix(matrix: ImportedMatrix, source: MatrixSource, readOn: string): Matrix {
  const { edition, method, rows } = matrix;
  const id = computeMatrixId(edition, method, rows);
  if (id === undefined) {
    throw new InvalidInputError("MATRIX_WITHOUT_RELEASE", `The ${edition} ${method} rows list no exact release.`, {
      next: "A matrix is named after its newest release; look at what was left out, and why.",
    });
  }
  const matrixWithoutChecksum = { id, edition, method, source, readOn, rows };
  return { ...matrixWithoutChecksum, sha256: computeSha256(formatMatrixFile(matrixWithoutChecksum)) };
}

/**
 * Writes matrix files and their checksums into the folder of shipped matrices.
 * @param changedOnly do not touch a file whose rows are the same, not even its source and day: stacks pin its checksum.
 */
export function writeMatrices(
  matrices: readonly Matrix[],
  folder = getShippedFolder(),
  changedOnly = false,
): WriteResult[] {
  const sumsPath = join(folder, checksumsFile);
  const sums = existsSync(sumsPath) ? parseChecksums(readFileSync(sumsPath, "utf8")) : new Map<string, string>();
  const results = matrices.map((matrix): WriteResult => {
    const file = `${matrix.id}.json`;
    const text = formatMatrixFile(matrix);
    if (changedOnly && hasSameRows(join(folder, file), matrix)) return { id: matrix.id, file, change: "unchanged" };
    const change = detectFileChange(join(folder, file), text);
    if (change !== "unchanged") writeFileSync(join(folder, file), text);
    sums.set(file, computeSha256(text));
    return { id: matrix.id, file, change };
  });
  writeFileSync(sumsPath, formatChecksums(sums));
  return results;
}

/** True if the file has the same pairs with the same marks, regardless of order, sections and lines. */
function hasSameRows(path: string, { rows }: Matrix): boolean {
  if (!existsSync(path)) return false;
  const formatRows = (all: readonly MatrixRow[]): string =>
    all
      .map(({ from, to, mark }) => `${from} ${to} ${mark}`)
      .sort()
      .join();
  return formatRows(parseMatrixFile(readFileSync(path, "utf8"), path).rows) === formatRows(rows);
}

function detectFileChange(path: string, text: string): WriteResult["change"] {
  if (!existsSync(path)) return "new";
  return readFileSync(path, "utf8") === text ? "unchanged" : "replaced";
}
