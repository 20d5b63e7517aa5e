import { InvalidInputError } from "../errors.js";
import { nodesUnder, placeOf, type ParsedPage } from "./page-markdown.js";
import { looksLikeRow } from "./page-row.js";
import { shortened, type ReadTable } from "./page-tables.js";

type Stretch = { from: number; to: number; what: string };

/**
 * Lines that look like rows although no upgrade table holds them, with where they stand: a table without its heading, a
 * code block, a comment. `text` is the page as it was given.
 */
export function rowsElsewhere(
  text: string,
  page: ParsedPage,
  tables: readonly ReadTable[],
): { line: number; reason: string; text: string }[] {
  const known = new Set(tables.flatMap((table) => (table.kind === "matrix" ? linesOf(table) : [])));
  const stretches = hiddenStretches(page, tables);
  return text.split("\n").flatMap((source, index) => {
    const line = index + 1;
    if (known.has(line) || !looksLikeRow(source)) return [];
    const where = stretches.find(({ from, to }) => from <= line && line <= to);
    return [{ line, reason: where?.what ?? "it stands outside any upgrade table", text: shortened(source) }];
  });
}

/**
 * Refuses a page that was cut off: an unclosed code block or comment, or a last line that is half a row.
 * @throws InvalidInputError PAGE_TRUNCATED.
 */
export function requireWhole(text: string, page: ParsedPage, tables: readonly ReadTable[]): string[] {
  const comment = page.pieces.find((piece) => piece.kind === "unclosed-comment");
  if (comment !== undefined) throw truncated(`inside the comment that line ${comment.line} opens`);
  for (const node of nodesUnder(page.root)) {
    if (node.type === "code" && reachesEnd(page.source, node) && !closesFence(page.source, node)) {
      throw truncated(`inside the code block that line ${placeOf(node).line} opens`);
    }
  }
  if (text.endsWith("\n")) return [];
  const lines = text.split("\n");
  const last = lines.at(-1) ?? "";
  if (last.includes("|") && !isWholeRow(last, lines, tables)) {
    throw truncated(`in the middle of line ${lines.length}, "${shortened(last)}"`);
  }
  return ["The page does not end with a line break; if it was cut off, rows are missing."];
}

function isWholeRow(last: string, lines: string[], tables: readonly ReadTable[]): boolean {
  const holder = tables.find((table) => table.kind === "matrix" && table.rows.at(-1)?.line === lines.length);
  if (holder === undefined) return tables.some((table) => table.kind === "other" && lastLine(table) === lines.length);
  const heading = lines[holder.placed.line - 1] ?? "";
  return !heading.trimEnd().endsWith("|") || last.trimEnd().endsWith("|");
}

function reachesEnd(source: string, node: Parameters<typeof placeOf>[0]): boolean {
  return source.slice(placeOf(node).end).trim() === "";
}

function closesFence(source: string, node: Parameters<typeof placeOf>[0]): boolean {
  const { start, end } = placeOf(node);
  const lines = source.slice(start, end).split("\n");
  const fence = /^[`~]{3,}/.exec(lines[0] ?? "")?.[0];
  const last = (lines.at(-1) ?? "").replace(/^[\s>]*/, "").trimEnd();
  return fence === undefined || (lines.length > 1 && last.startsWith(fence) && new Set(last).size === 1);
}

function hiddenStretches(page: ParsedPage, tables: readonly ReadTable[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const node of nodesUnder(page.root)) {
    if (node.type !== "code") continue;
    stretches.push({ from: placeOf(node).line, to: placeOf(node).lastLine, what: "it stands in a code block" });
  }
  for (const { kind, line, text } of page.pieces) {
    if (kind !== "raw" && kind !== "comment") continue;
    const what = kind === "raw" ? "it stands in a block of HTML" : "it stands in a comment";
    stretches.push({ from: line, to: line + text.split("\n").length - 1, what });
  }
  for (const table of tables) {
    if (table.kind === "matrix") continue;
    const what = `it stands in the table at line ${table.placed.line}, which is not headed Source, Target, Support`;
    stretches.push({ from: table.placed.line, to: lastLine(table), what });
  }
  return stretches;
}

function lastLine(table: ReadTable): number {
  return placeOf(table.placed.table).lastLine;
}

function linesOf(table: ReadTable & { kind: "matrix" }): number[] {
  return [...table.rows, ...table.leftOut].map((row) => row.line);
}

function truncated(where: string): InvalidInputError {
  return new InvalidInputError("PAGE_TRUNCATED", `The page ends ${where}: it was cut off, so rows are missing.`, {
    next: "Fetch the whole page.",
  });
}
