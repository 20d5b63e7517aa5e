import { InvalidInputError } from "../errors.js";
import { readFrontMatter } from "./front-matter.js";
import { countRows } from "./import-counts.js";
import type { ImportedMatrix, ImportedPage, ImportHint, LeftOutRow } from "./import-types.js";
import { pageEvents } from "./page-events.js";
import { nodesUnder, parsePage, placeOf, type ParsedPage } from "./page-markdown.js";
import { outlinePage, type Outline } from "./page-outline.js";
import { requireWhole, rowsElsewhere } from "./page-remains.js";
import { readTable, type ReadTable } from "./page-tables.js";
import { requirePage } from "./page-text.js";
import { tellWhose, type MatrixTable, type Whose } from "./page-whose.js";
import type { Edition, MatrixRow, Method } from "./types.js";
import { uniqueRows, type Contradiction } from "./unique-rows.js";

/**
 * Reads the upgrade tables of one of the vendor's pages (Markdown). Every line that looks like a row is among the rows, a
 * duplicate of one, or left out with the reason. The page tells edition and method by its tabs, title, path or front matter;
 * where it does not, the hint does.
 * @throws InvalidInputError PAGE_… where the text is no page, was cut off, holds no upgrade table, or does not tell whose it
 * is; MATRIX_CONTRADICTION with both lines where two rows of a pair differ.
 */
export function importPage(text: string, hint: ImportHint = {}): ImportedPage {
  const plain = text.replace(/^\ufeff/, "");
  requirePage(plain);
  const matter = readFrontMatter(plain);
  const page = parsePage(matter.body);
  requireReadableTabs(page);
  const outline = outlinePage(pageEvents(page));
  const tables = outline.tables.map((placed) => readTable(placed, page.source));
  const cut = requireWhole(plain, page, tables);
  const elsewhere = rowsElsewhere(plain, page, tables);
  const holders = tables.filter((table): table is MatrixTable => table.kind === "matrix");
  requireRows(holders, elsewhere, tables, plain);
  const whose = tellWhose(matter, page, outline, hint, holders);

  const leftOut: LeftOutRow[] = [
    ...holders.flatMap((table) => table.leftOut.map((row) => ({ ...row, ...whose.of(table) }))),
    ...elsewhere.map((row) => ({ ...row, edition: null, method: null })),
  ].sort((a, b) => a.line - b.line);
  return {
    matrices: matricesOf(holders, leftOut, whose.of),
    leftOut,
    otherTables: tables.flatMap((table) => (table.kind === "other" ? [table.other] : [])),
    warnings: [
      ...matter.warnings,
      ...whose.warnings,
      ...outline.warnings,
      ...emptyTabs(outline),
      ...htmlTables(page),
      ...tables.flatMap((table) => table.warnings),
      ...leftOut.map((row) => `Line ${row.line} left out: ${row.reason} (${row.text}).`),
      ...cut,
    ],
  };
}

function matricesOf(holders: MatrixTable[], leftOut: LeftOutRow[], whoseOf: Whose["of"]): ImportedMatrix[] {
  const groups = new Map<string, { edition: Edition; method: Method; rows: MatrixRow[] }>();
  for (const table of holders) {
    const whose = whoseOf(table);
    const key = `${whose.edition} ${whose.method}`;
    const group = groups.get(key) ?? { ...whose, rows: [] };
    group.rows.push(...table.rows);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ edition, method, rows }) => {
    if (rows.length === 0) return [];
    const unique = uniqueRows(rows);
    if (unique.contradictions[0] !== undefined) throw contradiction(edition, method, unique.contradictions);
    const lost = leftOut.filter((row) => row.edition === edition && row.method === method).length;
    return [{ edition, method, rows: unique.rows, counts: countRows(unique, lost) }];
  });
}

function contradiction(edition: Edition, method: Method, all: Contradiction[]): InvalidInputError {
  const each = all.map(
    ({ first, second }) =>
      `${first.from} -> ${first.to} is ${first.mark} on line ${first.line ?? 0} and ${second.mark} on line ${second.line ?? 0}`,
  );
  const message = `The ${edition} ${method} rows contradict each other: ${each.join("; ")}.`;
  return new InvalidInputError("MATRIX_CONTRADICTION", message, {
    next: "Find out which row is right and mend the page; nothing is imported over a contradiction.",
  });
}

function requireRows(
  holders: MatrixTable[],
  elsewhere: { line: number; reason: string }[],
  tables: ReadTable[],
  text: string,
): void {
  if (holders.some((table) => table.rows.length > 0)) return;
  const lost = [...holders.flatMap((table) => table.leftOut), ...elsewhere];
  const next = "Give a page with a table headed Source Version, Target Version, Support.";
  if (lost.length > 0) {
    const reasons = lost.map((row) => `line ${row.line}: ${row.reason}`).slice(0, 5);
    const message = `No row of this page can be taken (rows there: ${lost.length}): ${reasons.join("; ")}.`;
    throw new InvalidInputError("PAGE_NO_ROWS", message, { next });
  }
  const found = `lines: ${text.split("\n").length}, tables of another kind: ${tables.length - holders.length}`;
  throw new InvalidInputError("PAGE_NO_MATRIX", `This page holds no upgrade table with rows (${found}).`, { next });
}

function requireReadableTabs(page: ParsedPage): void {
  for (const node of nodesUnder(page.root)) {
    if (node.type !== "text" || !/<\/?TabItem\b/.test(node.value)) continue;
    throw new InvalidInputError("PAGE_TAB_UNREADABLE", `The tab at line ${placeOf(node).line} cannot be read.`, {
      next: 'Write it as <TabItem label="…" value="…">; else its rows could be taken for another install method.',
    });
  }
}

function htmlTables({ pieces }: ParsedPage): string[] {
  const tables = pieces.filter((piece) => piece.kind === "open" && piece.name.toLowerCase() === "table");
  return tables.map((piece) => `The HTML table at line ${piece.line} was left alone; only Markdown tables are read.`);
}

function emptyTabs({ tabs }: Outline): string[] {
  const empty = tabs.filter((tab) => tab.tables === 0);
  return empty.map((tab) => `The tab "${tab.label}" at line ${tab.line} holds no table.`);
}
