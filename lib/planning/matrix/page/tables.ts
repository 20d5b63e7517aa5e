import type { TableRow } from "mdast";
import type { LeftOutRow, OtherTable } from "./import-types.js";
import { isProse } from "./events.js";
import { getNodePosition, getNodeText } from "./markdown.js";
import type { PlacedTable } from "./outline.js";
import { judgeCells, shortenLine, type ReadCells } from "./row.js";
import type { MatrixRow } from "../types.js";

/** The result of reading one table of a page. */
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

/** Reads one table; the table's positions are offsets in `source`. */
export function readTable(placed: PlacedTable, source: string): ReadTable {
  const [head, ...body] = placed.table.children;
  const heading = head === undefined ? [] : listCellTexts(head);
  const columns = findColumns(heading);
  const rows = body.filter((row) => !isProse(row, source) && !isDelimiterRow(listCellTexts(row)));
  if (columns === undefined) return toOtherTable(placed, heading, rows.length);
  const read: ReadTable = {
    kind: "matrix",
    placed,
    rows: [],
    leftOut: [],
    warnings: listExtraColumnWarnings(placed, heading),
  };
  for (const row of rows) {
    const cells = listCellTexts(row);
    if (findColumns(cells) !== undefined) continue;
    const { line, start, end } = getNodePosition(row);
    const picked = { from: cells[columns.from] ?? "", to: cells[columns.to] ?? "", mark: cells[columns.mark] ?? "" };
    const judged = cells.length > heading.length ? rejectExtraCells(cells, heading) : judgeCells(picked);
    if ("mark" in judged) {
      read.rows.push({
        from: picked.from,
        to: picked.to,
        mark: judged.mark,
        section: findSectionAt(placed, line),
        line,
      });
    } else {
      read.leftOut.push({ line, reason: judged.reason, text: shortenLine(source.slice(start, end)) });
    }
  }
  if (rows.length === 0) read.warnings.push(`The upgrade table at line ${placed.line} has no rows.`);
  return read;
}

function findSectionAt({ sections }: PlacedTable, line: number): string {
  return sections.findLast((section) => section.line <= line)?.text ?? "";
}

function toOtherTable(placed: PlacedTable, heading: string[], rows: number): ReadTable {
  const titles = heading.map((cell) => (cell === "" ? "(blank)" : cell)).join(" | ");
  const warning = `The table at line ${placed.line} (${titles}; rows: ${rows}) is of another kind and was left alone.`;
  return { kind: "other", placed, other: { line: placed.line, heading, rows }, warnings: [warning] };
}

function listExtraColumnWarnings(placed: PlacedTable, heading: string[]): string[] {
  const extra = heading.filter((cell) => !Object.values(columnNames).some((name) => name.test(cell)));
  if (extra.length === 0) return [];
  return [`The upgrade table at line ${placed.line} has more columns, which are not kept: ${extra.join(", ")}.`];
}

function rejectExtraCells(cells: string[], heading: string[]): { reason: string } {
  return { reason: `it has ${cells.length} cells under ${heading.length} headings` };
}

function findColumns(cells: string[]): Columns | undefined {
  const findColumn = (name: RegExp): number => cells.findIndex((cell) => name.test(cell));
  const columns = {
    from: findColumn(columnNames.from),
    to: findColumn(columnNames.to),
    mark: findColumn(columnNames.mark),
  };
  return Object.values(columns).includes(-1) ? undefined : columns;
}

function isDelimiterRow(cells: string[]): boolean {
  return cells.every((cell) => /^:?-+:?$/.test(cell));
}

function listCellTexts(row: TableRow): string[] {
  return row.children.map((cell) => getNodeText(cell).replace(/\s+/g, " ").trim());
}
