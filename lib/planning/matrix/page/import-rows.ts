import { InvalidInputError } from "../../../base/errors/errors.js";
import { isVersion, isWildcard } from "../../version/version.js";
import { countRows, type ImportedMatrix, type ImportedPage, type LeftOutRow } from "./import-types.js";
import { type Edition, editions, type MatrixRow, type Method, methods } from "../types.js";
import { isUpgradeRow, partitionRows } from "./unique-rows.js";

type Cells = [from: string, to: string, supported: boolean, section: string];

interface RowsFile {
  source: { repo: string; path: string; commit: string };
  edition: Edition;
  rows: Partial<Record<Method, unknown[]>>;
}

/**
 * Imports a JSON table of rows, `{source {repo, path, commit}, edition, rows {<method>: [[from, to, supported,
 * section]]}}`. The rows have no line number. @throws InvalidInputError ROWS_INVALID or MATRIX_CONTRADICTION.
 */
export function importRows(text: string, name: string): ImportedPage {
  const file = parseRowsFile(text, name);
  const leftOut: LeftOutRow[] = [];
  const matrices: ImportedMatrix[] = [];
  for (const method of methods) {
    const given = file.rows[method];
    if (given !== undefined) matrices.push(importMethod(given, file.edition, method, name, leftOut));
  }
  const { repo, path, commit } = file.source;
  const warnings = leftOut.map((row) => `${name}: row ${row.text} left out: ${row.reason}.`);
  return { matrices, stopped: [], leftOut, otherTables: [], warnings, source: { repository: repo, path, commit } };
}

function importMethod(
  given: unknown[],
  edition: Edition,
  method: Method,
  name: string,
  leftOut: LeftOutRow[],
): ImportedMatrix {
  const rows: MatrixRow[] = [];
  const before = leftOut.length;
  given.forEach((cells, index) => {
    const reason = findRejectionReason(cells);
    if (reason === undefined) rows.push(toMatrixRow(cells as Cells));
    else leftOut.push({ line: index + 1, reason, text: JSON.stringify(cells), edition, method });
  });
  const unique = partitionRows(rows);
  const [clash] = unique.contradictions;
  if (clash !== undefined) {
    throw new InvalidInputError(
      "MATRIX_CONTRADICTION",
      `${name}: ${clash.first.from} -> ${clash.first.to} is ${clash.first.mark} in row ${clash.at[0] + 1} of ${method} ` +
        `and ${clash.second.mark} in row ${clash.at[1] + 1}.`,
      { next: "Find out which row is right and remove the other." },
    );
  }
  return { edition, method, rows: unique.rows, counts: countRows(unique, leftOut.length - before) };
}

function toMatrixRow([from, to, supported, section]: Cells): MatrixRow {
  return { from, to, mark: supported ? "supported" : "unsupported", section, line: null };
}

function findRejectionReason(cells: unknown): string | undefined {
  if (!Array.isArray(cells) || cells.length !== 4) return "expected [from, to, supported, section]";
  const [from, to, supported, section] = cells as unknown[];
  for (const version of [from, to]) {
    if (typeof version !== "string" || !(isVersion(version) || isWildcard(version))) {
      return `${JSON.stringify(version)} is no release and no wildcard`;
    }
  }
  if (typeof supported !== "boolean") return `${JSON.stringify(supported)} is neither true nor false`;
  if (typeof section !== "string") return `section ${JSON.stringify(section)} is no text`;
  return isUpgradeRow(from as string, to as string) ? undefined : "its target is not newer than its source";
}

function parseRowsFile(text: string, name: string): RowsFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw createInvalidRowsError(name, `is not JSON: ${(error as Error).message}`);
  }
  const file = value as Partial<RowsFile> | null;
  if (!editions.some((edition) => edition === file?.edition)) throw createInvalidRowsError(name, "has no edition");
  const { source, rows } = file as RowsFile;
  for (const key of ["repo", "path", "commit"] as const) {
    if (typeof (source as Partial<typeof source> | undefined)?.[key] !== "string") {
      throw createInvalidRowsError(name, `has no source.${key}`);
    }
  }
  const known = methods.filter((method) => Array.isArray((rows as RowsFile["rows"] | undefined)?.[method]));
  if (known.length === 0) throw createInvalidRowsError(name, `has no rows for any of ${methods.join(", ")}`);
  return file as RowsFile;
}

function createInvalidRowsError(name: string, what: string): InvalidInputError {
  return new InvalidInputError("ROWS_INVALID", `${name} ${what}.`, {
    next: "Give a page (Markdown), or a JSON table {source {repo, path, commit}, edition, rows {<method>: [[from, to, supported, section]]}}.",
  });
}
