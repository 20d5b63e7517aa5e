import { InvalidInputError } from "../../../base/errors/errors.js";
import { readFrontMatter } from "./front-matter.js";
import { countRows, type ImportedMatrix, type ImportedPage, type ImportHint, type LeftOutRow } from "./import-types.js";
import { listPageEvents } from "./events.js";
import { getNodePosition, type ParsedPage, parsePage, walkNodes } from "./markdown.js";
import { createPageOutline, type Outline } from "./outline.js";
import { findStrayRows, requireCompletePage } from "./remains.js";
import { readTable, type ReadTable } from "./tables.js";
import { requirePage } from "./text.js";
import { identifyPage, type MatrixTable, type PageIdentity } from "./identity.js";
import { type Edition, type MatrixRow, type Method } from "../types.js";
import { type Contradiction, partitionRows } from "./unique-rows.js";

/**
 * Imports the upgrade tables of one of the vendor's Markdown pages. Every line that looks like a row is among the rows,
 * is a duplicate of one, or is left out with a reason. Edition and method come from the page's tabs, title, path or
 * front matter; if those do not say, from the hint.
 * @throws InvalidInputError PAGE_… if the text is not a page, was cut off, has no upgrade table, or does not identify
 * its edition and method; MATRIX_CONTRADICTION with both lines if two rows of a pair differ.
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
  requireRows(matrixTables, elsewhere, tables, plain);
  const identity = identifyPage(frontMatter, page, outline, hint, matrixTables);

  const leftOut: LeftOutRow[] = [
    ...matrixTables.flatMap((table) => table.leftOut.map((row) => ({ ...row, ...identity.identify(table) }))),
    ...elsewhere.map((row) => ({ ...row, edition: null, method: null })),
  ].sort((a, b) => a.line - b.line);
  return {
    matrices: groupIntoMatrices(matrixTables, leftOut, identity.identify),
    leftOut,
    otherTables: tables.flatMap((table) => (table.kind === "other" ? [table.other] : [])),
    warnings: [
      ...frontMatter.warnings,
      ...identity.warnings,
      ...outline.warnings,
      ...listEmptyTabWarnings(outline),
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
  identify: PageIdentity["identify"],
): ImportedMatrix[] {
  const groups = new Map<string, { edition: Edition; method: Method; rows: MatrixRow[] }>();
  for (const table of matrixTables) {
    const identity = identify(table);
    const key = `${identity.edition} ${identity.method}`;
    const group = groups.get(key) ?? { ...identity, rows: [] };
    group.rows.push(...table.rows);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ edition, method, rows }) => {
    if (rows.length === 0) return [];
    const unique = partitionRows(rows);
    if (unique.contradictions[0] !== undefined) throw createContradictionError(edition, method, unique.contradictions);
    const lost = leftOut.filter((row) => row.edition === edition && row.method === method).length;
    return [{ edition, method, rows: unique.rows, counts: countRows(unique, lost) }];
  });
}

function createContradictionError(edition: Edition, method: Method, all: Contradiction[]): InvalidInputError {
  const each = all.map(
    ({ first, second }) =>
      `${first.from} -> ${first.to} is ${first.mark} on line ${first.line ?? 0} and ${second.mark} on line ${second.line ?? 0}`,
  );
  const message = `The ${edition} ${method} rows contradict each other: ${each.join("; ")}.`;
  return new InvalidInputError("MATRIX_CONTRADICTION", message, {
    next: "Find out which row is right and fix the page; nothing is imported over a contradiction.",
  });
}

function requireRows(
  matrixTables: MatrixTable[],
  elsewhere: { line: number; reason: string }[],
  tables: ReadTable[],
  text: string,
): void {
  if (matrixTables.some((table) => table.rows.length > 0)) return;
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

function listEmptyTabWarnings({ tabs }: Outline): string[] {
  const empty = tabs.filter((tab) => tab.tables === 0);
  return empty.map((tab) => `The tab "${tab.label}" at line ${tab.line} holds no table.`);
}
