import { InvalidInputError } from "../errors.js";
import { faultsOf } from "./matrix-shape.js";
import { rowLines } from "./row-lines.js";
import type { Edition, Mark, Matrix, MatrixRow, Method, MatrixSource } from "./types.js";
import { uniqueRows, type Contradiction } from "./unique-rows.js";

export const matrixSchemaVersion = 1;
/** The cells of a row in a matrix file, in their order. */
export const rowColumns = ["from", "to", "mark", "section", "line"] as const;

export type RowCells = [from: string, to: string, mark: Mark, section: string, line: number | null];

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

const shownFaults = 5;

/**
 * Reads the text of a matrix file; equal duplicates are kept once. `name` names the file in errors.
 * @throws InvalidInputError MATRIX_NOT_JSON, MATRIX_INVALID (with the path of each fault) or MATRIX_CONTRADICTION (with both lines).
 */
export function parseMatrixFile(text: string, name: string): Omit<Matrix, "sha256"> {
  const file = checkedShape(parseJson(text, name), name);
  const given = file.rows.map(rowOfCells);
  const { rows, contradictions } = uniqueRows(given);
  const [first] = contradictions;
  if (first !== undefined) throw contradiction(contradictions, first, rowLines(text), name);
  const { id, edition, method, source, readOn } = file;
  return { id, edition, method, source, readOn, rows };
}

/** A matrix as the text of its file: one row a line, so that a diff of two versions reads like the page. */
export function formatMatrixFile(matrix: Omit<Matrix, "sha256">): string {
  const { rows, id, edition, method, source, readOn } = matrix;
  const head = { schemaVersion: matrixSchemaVersion, id, edition, method, source, readOn };
  const lines = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${spaced(value)},`);
  lines.push(`  "columns": ${spaced(rowColumns)},`, '  "rows": [');
  lines.push(rows.map((row) => `    ${spaced(cellsOfRow(row))}`).join(",\n"), "  ]");
  return `{\n${lines.join("\n")}\n}\n`;
}

/** A row as the list of its cells, `[from, to, mark, section, line]`: the form of files and of `matrix import`. */
export function cellsOfRow(row: MatrixRow): RowCells {
  return [row.from, row.to, row.mark, row.section, row.line];
}

function rowOfCells([from, to, mark, section, line]: RowCells): MatrixRow {
  return { from, to, mark, section, line };
}

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${spaced(inner)}`);
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

function checkedShape(value: unknown, name: string): MatrixFile {
  const faults = faultsOf(value);
  if (faults.length === 0) return value as MatrixFile;
  const more = faults.length > shownFaults ? `; and ${faults.length - shownFaults} more` : "";
  const shown = faults.slice(0, shownFaults).join("; ");
  throw new InvalidInputError("MATRIX_INVALID", `${name} is not a matrix: ${shown}${more}.`, {
    next: "Mend the file after data/schemas/matrix.schema.json.",
  });
}

function contradiction(all: Contradiction[], first: Contradiction, lines: number[], name: string): InvalidInputError {
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
