import { InvalidInputError } from "../../base/errors/errors.js";
import { checkMatrixShape } from "./matrix-shape.js";
import { findRowLines } from "./row-lines.js";
import type { Edition, Mark, Matrix, MatrixRow, Method, MatrixSource } from "./types.js";
import { partitionRows, type Contradiction } from "./page/unique-rows.js";

const matrixSchemaVersion = 1;
/** The cells of a row in a matrix file, in their order. */
const rowColumns = ["from", "to", "mark", "section", "line"] as const;

type RowCells = [from: string, to: string, mark: Mark, section: string, line: number | null];

/** A matrix file as parsed: `data/schemas/matrix.schema.json`. */
export interface MatrixFile {
  schemaVersion: typeof matrixSchemaVersion;
  id: string;
  edition: Edition;
  method: Method;
  source: MatrixSource;
  readOn: string;
  columns: typeof rowColumns;
  rows: RowCells[];
}

const maxShownFaults = 5;

/**
 * Parses a matrix file; equal duplicates are kept once. `name` is the name of the file in error messages.
 * @throws InvalidInputError MATRIX_NOT_JSON, MATRIX_INVALID (with the path of each fault) or MATRIX_CONTRADICTION (with
 * both lines).
 */
export function parseMatrixFile(text: string, name: string): Omit<Matrix, "sha256"> {
  const file = requireMatrixShape(parseJson(text, name), name);
  const given = file.rows.map(toMatrixRow);
  const { rows, contradictions } = partitionRows(given);
  const [first] = contradictions;
  if (first !== undefined) throw createContradictionError(contradictions, first, findRowLines(text), name);
  const { id, edition, method, source, readOn } = file;
  return { id, edition, method, source, readOn, rows };
}

/** Formats a matrix as a file with one row per line, so that a diff of two versions reads like the page. */
export function formatMatrixFile(matrix: Omit<Matrix, "sha256">): string {
  const { rows, id, edition, method, source, readOn } = matrix;
  const head = { schemaVersion: matrixSchemaVersion, id, edition, method, source, readOn };
  const lines = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${formatSpacedJson(value)},`);
  lines.push(`  "columns": ${formatSpacedJson(rowColumns)},`, '  "rows": [');
  lines.push(rows.map((row) => `    ${formatSpacedJson(toRowCells(row))}`).join(",\n"), "  ]");
  return `{\n${lines.join("\n")}\n}\n`;
}

/** Returns the cells of a row, `[from, to, mark, section, line]`: the form used in files and by `matrix import`. */
export function toRowCells(row: MatrixRow): RowCells {
  return [row.from, row.to, row.mark, row.section, row.line];
}

function toMatrixRow([from, to, mark, section, line]: RowCells): MatrixRow {
  return { from, to, mark, section, line };
}

function formatSpacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatSpacedJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${formatSpacedJson(inner)}`);
  return `{ ${pairs.join(", ")} }`;
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError("MATRIX_NOT_JSON", `${name} is not JSON: ${(error as Error).message}`, {
      next: "Give a matrix file, or turn a page into one with `palette-upgrade matrix import PAGE`.",
      cause: error,
    });
  }
}

function requireMatrixShape(value: unknown, name: string): MatrixFile {
  const faults = checkMatrixShape(value);
  if (faults.length === 0) return value as MatrixFile;
  const more = faults.length > maxShownFaults ? `; and ${faults.length - maxShownFaults} more` : "";
  const shown = faults.slice(0, maxShownFaults).join("; ");
  throw new InvalidInputError("MATRIX_INVALID", `${name} is not a matrix: ${shown}${more}.`, {
    next: "Fix the file after data/schemas/matrix.schema.json.",
  });
}

function createContradictionError(
  all: Contradiction[],
  first: Contradiction,
  lines: number[],
  name: string,
): InvalidInputError {
  const at = first.at.map((index) => lines[index] ?? 0);
  const page =
    first.first.line === null || first.second.line === null
      ? ""
      : ` (lines ${first.first.line} and ${first.second.line} of its page)`;
  const others = all.length > 1 ? ` ${all.length - 1} more contradict each other.` : "";
  return new InvalidInputError(
    "MATRIX_CONTRADICTION",
    `${name}: ${first.first.from} -> ${first.first.to} is ${first.first.mark} on line ${at[0] ?? 0} and ` +
      `${first.second.mark} on line ${at[1] ?? 0}${page}.${others}`,
    { next: "Find out which row is right and remove the other; nothing is planned over a contradiction." },
  );
}
