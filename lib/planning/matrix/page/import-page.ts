import { InvalidInputError } from "../../../base/errors/errors.js";
import { groupBy } from "../../../base/text/group-by.js";
import { readFrontMatter } from "./front-matter.js";
import {
  countRows,
  type ImportedMatrix,
  type ImportedPage,
  type ImportHint,
  type LeftOutRow,
  type StoppedMatrix,
} from "./import-types.js";
import { findMovedTables, listUnreadComponents, type MovedTable, type UpgradeTables } from "./moved.js";
import { listPageEvents } from "./events.js";
import { getNodePosition, type ParsedPage, parsePage, walkNodes } from "./markdown.js";
import { createPageOutline, type Outline } from "./outline.js";
import { findStrayRows, requireCompletePage } from "./remains.js";
import { readTable, type ReadTable } from "./tables.js";
import { requirePage } from "./text.js";
import { identifyPage, type MatrixTable, type PageIdentity } from "./identity.js";
import { type Edition, type Method } from "../types.js";
import { type Contradiction, partitionRows } from "./unique-rows.js";

/**
 * Imports the upgrade tables of one of the vendor's Markdown pages. Every line that looks like a row is among the rows,
 * is a duplicate of one, of a matrix that is stopped, or is left out with a reason. A contradiction, or a table that
 * stands elsewhere, stops its own matrix; the others are read. Edition and method come from the page's tabs, title, path or
 * front matter; if those do not say, from the hint.
 * @throws InvalidInputError PAGE_… if the text is not a page, was cut off, has no upgrade table, or does not identify
 * its edition and method; the error of the first stopped matrix if no other is left.
 */
export function importPage(text: string, hint: ImportHint = {}): ImportedPage {
  const plain = text.replace(/^\ufeff/, "");
  requirePage(plain);
  const frontMatter = readFrontMatter(plain);
  const page = parsePage(frontMatter.body);
  requireReadableTabs(page);
  const outline = createPageOutline(listPageEvents(page));
  const tables = outline.tables.map((placed) => readTable(placed, page.source));
  const cut = requireCompletePage(plain, page, tables);
  const elsewhere = findStrayRows(plain, page, tables);
  const matrixTables = tables.filter((table): table is MatrixTable => table.kind === "matrix");
  requireRows(matrixTables, elsewhere, tables, plain, outline);
  const identity = identifyPage(frontMatter, page, outline, hint, matrixTables);
  const upgradeTables: UpgradeTables = new Map(matrixTables.map((table) => [table.placed, identity.identify(table)]));

  const leftOut: LeftOutRow[] = [
    ...matrixTables.flatMap((table) => table.leftOut.map((row) => ({ ...row, ...identity.identify(table) }))),
    ...elsewhere.map((row) => ({ ...row, edition: null, method: null })),
  ].sort((a, b) => a.line - b.line);
  const moved = findMovedTables(outline, upgradeTables);
  const { matrices, stopped } = groupIntoMatrices(matrixTables, leftOut, identity, moved);
  requireMatrix(matrices, stopped);
  return {
    matrices,
    stopped,
    leftOut,
    otherTables: tables.flatMap((table) => (table.kind === "other" ? [table.other] : [])),
    warnings: [
      ...frontMatter.warnings,
      ...identity.warnings,
      ...outline.warnings,
      ...listEmptyTabWarnings(outline),
      ...listUnreadComponents(outline, moved),
      ...listHtmlTableWarnings(page),
      ...tables.flatMap((table) => table.warnings),
      ...leftOut.map((row) => `Line ${row.line} left out: ${row.reason} (${row.text}).`),
      ...cut,
    ],
  };
}

function groupIntoMatrices(
  matrixTables: MatrixTable[],
  leftOut: LeftOutRow[],
  { identify, identifyPlace }: PageIdentity,
  moved: MovedTable[],
): Pick<ImportedPage, "matrices" | "stopped"> {
  const tablesOf = groupBy(matrixTables, (table) => formatWhose(identify(table)));
  const movedOf = groupBy(moved, ({ place }) => formatWhose(identifyPlace(place)));
  const matrices: ImportedMatrix[] = [];
  const stopped: StoppedMatrix[] = [];
  for (const [key, tables] of tablesOf) {
    const [first] = tables;
    if (first === undefined) continue;
    const whose = identify(first);
    const rows = tables.flatMap((table) => table.rows);
    const unique = partitionRows(rows);
    const fault = findFault(key, movedOf.get(key) ?? [], unique.contradictions);
    const lost = leftOut.filter((row) => formatWhose(row) === key).length;
    if (fault !== undefined) stopped.push({ ...whose, ...fault, rows: rows.length });
    else if (rows.length > 0) matrices.push({ ...whose, rows: unique.rows, counts: countRows(unique, lost) });
  }
  for (const [key, all] of movedOf) {
    const [first] = all;
    if (first === undefined || tablesOf.has(key)) continue;
    stopped.push({ ...identifyPlace(first.place), ...createMovedFault(all), rows: 0 });
  }
  return { matrices, stopped };
}

function formatWhose({ edition, method }: { edition: Edition | null; method: Method | null }): string {
  return `${edition ?? "?"} ${method ?? "?"}`;
}

type Fault = Pick<StoppedMatrix, "code" | "message" | "next">;

function findFault(whose: string, moved: MovedTable[], contradictions: Contradiction[]): Fault | undefined {
  if (moved.length > 0) return createMovedFault(moved);
  if (contradictions.length === 0) return undefined;
  const each = contradictions.map(
    ({ first, second }) =>
      `${first.from} -> ${first.to} is ${first.mark} on line ${first.line ?? 0} and ${second.mark} on line ${second.line ?? 0}`,
  );
  return {
    code: "MATRIX_CONTRADICTION",
    message: `The ${whose} rows contradict each other: ${each.join("; ")}.`,
    next: "Find out which row is right and fix the page; nothing is imported over a contradiction.",
  };
}

function createMovedFault(moved: readonly MovedTable[]): Fault {
  return {
    code: "PAGE_TABLE_MOVED",
    message: moved.map(({ message }) => message).join(" "),
    next: "Give the page with those rows in their place, as its readers see it.",
  };
}

function requireMatrix(matrices: ImportedMatrix[], [first]: StoppedMatrix[]): void {
  if (matrices.length > 0 || first === undefined) return;
  throwFault(first);
}

function throwFault({ code, message, next }: Fault): never {
  throw new InvalidInputError(code, message, { next });
}

function requireRows(
  matrixTables: MatrixTable[],
  elsewhere: { line: number; reason: string }[],
  tables: ReadTable[],
  text: string,
  outline: Outline,
): void {
  if (matrixTables.some((table) => table.rows.length > 0)) return;
  const moved = findMovedTables(outline, new Map());
  if (moved.length > 0) throwFault(createMovedFault(moved));
  const lost = [...matrixTables.flatMap((table) => table.leftOut), ...elsewhere];
  const next = "Give a page with a table headed Source Version, Target Version, Support.";
  if (lost.length > 0) {
    const reasons = lost.map((row) => `line ${row.line}: ${row.reason}`).slice(0, 5);
    const message = `No row of this page can be taken (rows there: ${lost.length}): ${reasons.join("; ")}.`;
    throw new InvalidInputError("PAGE_NO_ROWS", message, { next });
  }
  const found = `lines: ${text.split("\n").length}, tables of another kind: ${tables.length - matrixTables.length}`;
  throw new InvalidInputError("PAGE_NO_MATRIX", `This page holds no upgrade table with rows (${found}).`, { next });
}

function requireReadableTabs(page: ParsedPage): void {
  for (const node of walkNodes(page.root)) {
    if (node.type !== "text" || !/<\/?TabItem\b/.test(node.value)) continue;
    throw new InvalidInputError(
      "PAGE_TAB_UNREADABLE",
      `The tab at line ${getNodePosition(node).line} cannot be read.`,
      {
        next: 'Write it as <TabItem label="…" value="…">; else its rows could be taken for another install method.',
      },
    );
  }
}

function listHtmlTableWarnings({ pieces }: ParsedPage): string[] {
  const tables = pieces.filter((piece) => piece.kind === "open" && piece.name.toLowerCase() === "table");
  return tables.map((piece) => `The HTML table at line ${piece.line} was left alone; only Markdown tables are read.`);
}

function listEmptyTabWarnings({ places }: Outline): string[] {
  const empty = places.filter(({ kind, tables }) => kind === "tab" && tables.length === 0);
  return empty.map((tab) => `The tab "${tab.label}" at line ${tab.line} holds no table.`);
}
