import { InvalidInputError } from "../../../base/errors/errors.js";
import { walkNodes, getNodePosition, type PagePiece, type ParsedPage } from "./markdown.js";
import { isRowLike, shortenLine } from "./row.js";
import type { ReadTable } from "./tables.js";

/** Pieces that hide what stands in them. */
const hidingPieces = new Map<PagePiece["kind"], string>([
  ["raw", "it stands in a block of HTML"],
  ["comment", "it stands in a comment"],
  ["expression", "it stands in an expression"],
  ["module", "it stands in JavaScript"],
]);

type LineRange = { from: number; to: number; reason: string };

/**
 * Finds lines that look like rows but are in no upgrade table, with their location: a table without its heading, a code
 * block, a comment. `text` is the page as given.
 */
export function findStrayRows(
  text: string,
  page: ParsedPage,
  tables: readonly ReadTable[],
): { line: number; reason: string; text: string }[] {
  const known = new Set(tables.flatMap((table) => (table.kind === "matrix" ? listRowLines(table) : [])));
  const hiddenRanges = listHiddenRanges(page, tables);
  return text.split("\n").flatMap((source, index) => {
    const line = index + 1;
    if (known.has(line) || !isRowLike(source)) return [];
    const hiddenRange = hiddenRanges.find(({ from, to }) => from <= line && line <= to);
    return [{ line, reason: hiddenRange?.reason ?? "it stands outside any upgrade table", text: shortenLine(source) }];
  });
}

/**
 * Rejects a page that was cut off: an unclosed code block or comment, or half a row at the end. Returns warnings.
 * @throws InvalidInputError PAGE_TRUNCATED.
 */
export function requireCompletePage(text: string, page: ParsedPage, tables: readonly ReadTable[]): string[] {
  const unclosed = page.pieces.find((piece) => piece.kind === "unclosed");
  if (unclosed !== undefined)
    throw createTruncatedError(`inside the ${describeUnclosed(unclosed.text)} that line ${unclosed.line} opens`);
  for (const node of walkNodes(page.root)) {
    if (node.type === "code" && isAtPageEnd(page.source, node) && !isFenceClosed(page.source, node)) {
      throw createTruncatedError(`inside the code block that line ${getNodePosition(node).line} opens`);
    }
  }
  if (text.endsWith("\n")) return [];
  const lines = text.split("\n");
  const last = lines.at(-1) ?? "";
  if (last.includes("|") && !isWholeRow(last, lines, tables)) {
    throw createTruncatedError(`in the middle of line ${lines.length}, "${shortenLine(last)}"`);
  }
  return ["The page does not end with a line break; if it was cut off, rows are missing."];
}

function describeUnclosed(text: string): string {
  if (/^(?:<!--|\{\s*\/\*)/.test(text)) return "comment";
  return text.startsWith("{") ? "expression" : "block of HTML";
}

function isWholeRow(last: string, lines: string[], tables: readonly ReadTable[]): boolean {
  const lastTable = tables.find((table) => table.kind === "matrix" && table.rows.at(-1)?.line === lines.length);
  if (lastTable === undefined)
    return tables.some((table) => table.kind === "other" && getLastLine(table) === lines.length);
  const heading = lines[lastTable.placed.line - 1] ?? "";
  return !heading.trimEnd().endsWith("|") || last.trimEnd().endsWith("|");
}

function isAtPageEnd(source: string, node: Parameters<typeof getNodePosition>[0]): boolean {
  return source.slice(getNodePosition(node).end).trim() === "";
}

function isFenceClosed(source: string, node: Parameters<typeof getNodePosition>[0]): boolean {
  const { start, end } = getNodePosition(node);
  const lines = source.slice(start, end).split("\n");
  const fence = /^[`~]{3,}/.exec(lines[0] ?? "")?.[0];
  const last = (lines.at(-1) ?? "").replace(/^[\s>]*/, "").trimEnd();
  return fence === undefined || (lines.length > 1 && last.startsWith(fence) && new Set(last).size === 1);
}

function listHiddenRanges(page: ParsedPage, tables: readonly ReadTable[]): LineRange[] {
  const ranges: LineRange[] = [];
  for (const node of walkNodes(page.root)) {
    if (node.type !== "code") continue;
    ranges.push({
      from: getNodePosition(node).line,
      to: getNodePosition(node).lastLine,
      reason: "it stands in a code block",
    });
  }
  for (const { kind, line, text } of page.pieces) {
    const reason = hidingPieces.get(kind);
    if (reason === undefined) continue;
    ranges.push({ from: line, to: line + text.split("\n").length - 1, reason });
  }
  for (const table of tables) {
    if (table.kind === "matrix") continue;
    const reason = `it stands in the table at line ${table.placed.line}, which is not headed Source, Target, Support`;
    ranges.push({ from: table.placed.line, to: getLastLine(table), reason });
  }
  return ranges;
}

function getLastLine(table: ReadTable): number {
  return getNodePosition(table.placed.table).lastLine;
}

function listRowLines(table: ReadTable & { kind: "matrix" }): number[] {
  return [...table.rows, ...table.leftOut].map((row) => row.line);
}

function createTruncatedError(where: string): InvalidInputError {
  return new InvalidInputError("PAGE_TRUNCATED", `The page ends ${where}: it was cut off, so rows are missing.`, {
    next: "Fetch the whole page.",
  });
}
