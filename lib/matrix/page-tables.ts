import type { TableRow } from "mdast";
import type { LeftOutRow, OtherTable } from "./import-types.js";
import { isProse } from "./page-events.js";
import { placeOf, textOf } from "./page-markdown.js";
import type { PlacedTable } from "./page-outline.js";
import { judgeCells, type ReadCells } from "./page-row.js";
import type { MatrixRow } from "./types.js";

/** What one table of a page turned out to be. */
export type ReadTable = { placed: PlacedTable; warnings: string[] } & (
  | { kind: "matrix"; rows: (MatrixRow & { line: number })[]; leftOut: Pick<LeftOutRow, "line" | "reason" | "text">[] }
  | { kind: "other"; other: OtherTable }
);

type Columns = Record<keyof ReadCells, number>;

const columnNames: Record<keyof ReadCells, RegExp> = {
  from: /^source( version)?$/i,
  to: /^target( version)?$/i,
  mark: /^support(ed)?$/i,
};

/** Reads one table; `source` is the page that the table's positions count in. */
export function readTable(placed: PlacedTable, source: string): ReadTable {
  const [head, ...body] = placed.table.children;
  const heading = head === undefined ? [] : cellsOf(head);
  const columns = columnsOf(heading);
  const rows = body.filter((row) => !isProse(row, source) && !isRuling(cellsOf(row)));
  if (columns === undefined) return otherTable(placed, heading, rows.length);
  const read: ReadTable = { kind: "matrix", placed, rows: [], leftOut: [], warnings: extraColumns(placed, heading) };
  for (const row of rows) {
    const cells = cellsOf(row);
    if (columnsOf(cells) !== undefined) continue;
    const { line, start, end } = placeOf(row);
    const picked = { from: cells[columns.from] ?? "", to: cells[columns.to] ?? "", mark: cells[columns.mark] ?? "" };
    const judged = cells.length > heading.length ? tooManyCells(cells, heading) : judgeCells(picked);
    if ("mark" in judged) {
      read.rows.push({ from: picked.from, to: picked.to, mark: judged.mark, section: sectionAt(placed, line), line });
    } else {
      read.leftOut.push({ line, reason: judged.reason, text: shortened(source.slice(start, end)) });
    }
  }
  if (rows.length === 0) read.warnings.push(`The upgrade table at line ${placed.line} has no rows.`);
  return read;
}

/** A line of a page for people: blanks shortened, cut at 80 characters. */
export function shortened(text: string): string {
  const short = text.replace(/\s+/g, " ").trim();
  return short.length > 80 ? `${short.slice(0, 77)}...` : short;
}

function sectionAt({ sections }: PlacedTable, line: number): string {
  return sections.findLast((section) => section.line <= line)?.text ?? "";
}

function otherTable(placed: PlacedTable, heading: string[], rows: number): ReadTable {
  const titles = heading.map((cell) => (cell === "" ? "(blank)" : cell)).join(" | ");
  const warning = `The table at line ${placed.line} (${titles}; rows: ${rows}) is of another kind and was left alone.`;
  return { kind: "other", placed, other: { line: placed.line, heading, rows }, warnings: [warning] };
}

function extraColumns(placed: PlacedTable, heading: string[]): string[] {
  const extra = heading.filter((cell) => !Object.values(columnNames).some((name) => name.test(cell)));
  if (extra.length === 0) return [];
  return [`The upgrade table at line ${placed.line} has more columns, which are not kept: ${extra.join(", ")}.`];
}

function tooManyCells(cells: string[], heading: string[]): { reason: string } {
  return { reason: `it has ${cells.length} cells under ${heading.length} headings` };
}

function columnsOf(cells: string[]): Columns | undefined {
  const place = (name: RegExp): number => cells.findIndex((cell) => name.test(cell));
  const columns = { from: place(columnNames.from), to: place(columnNames.to), mark: place(columnNames.mark) };
  return Object.values(columns).includes(-1) ? undefined : columns;
}

function isRuling(cells: string[]): boolean {
  return cells.every((cell) => /^:?-+:?$/.test(cell));
}

function cellsOf(row: TableRow): string[] {
  return row.children.map((cell) => textOf(cell).replace(/\s+/g, " ").trim());
}
