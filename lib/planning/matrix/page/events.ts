import type { Nodes, Table } from "mdast";
import { walkNodes, getNodePosition, getNodeText, type PagePiece, type ParsedPage } from "./markdown.js";

/** One element of a page that matters to its upgrade tables; events are in page order. */
export type PageEvent = { start: number; line: number } & (
  | { kind: "tab-open"; label: string }
  | { kind: "tab-close" }
  | { kind: "marker"; key: string }
  | { kind: "heading"; text: string; depth: number }
  | { kind: "bold"; text: string }
  | { kind: "directive-open"; name: string }
  | { kind: "directive-close" }
  | { kind: "table"; table: Table }
);

const directiveOpen = /^\s*:{3,}\s*([A-Za-z][\w-]*)/;
const directiveClose = /^\s*:{3,}\s*$/;

/** Lists the events of a page in page order. */
export function listPageEvents(page: ParsedPage): PageEvent[] {
  const events = page.pieces.flatMap(toPieceEvents);
  for (const node of walkNodes(page.root)) events.push(...toNodeEvents(node, page.source));
  return events.sort((a, b) => a.start - b.start);
}

/** True for a line of a table without a cell border: text that follows the table without a blank line. */
export function isProse(row: Nodes, source: string): boolean {
  const { start, end } = getNodePosition(row);
  return !source.slice(start, end).includes("|");
}

function toPieceEvents(piece: PagePiece): PageEvent[] {
  const at = { start: piece.start, line: piece.line };
  if (piece.kind === "comment") {
    const key = /^<!--\s*upgrade-paths:([\w.-]+):start\b/.exec(piece.text)?.[1];
    return key === undefined ? [] : [{ ...at, kind: "marker", key }];
  }
  if (piece.name !== "TabItem") return [];
  const { label = "", value = "" } = piece.attributes;
  if (piece.kind === "open") return [{ ...at, kind: "tab-open", label: label === "" ? value : label }];
  return piece.kind === "close" ? [{ ...at, kind: "tab-close" }] : [];
}

function toNodeEvents(node: Nodes, source: string): PageEvent[] {
  const { start, line } = getNodePosition(node);
  if (node.type === "heading") {
    const text = getNodeText(node)
      .trimEnd()
      .replace(/\{#[^}]{0,200}\}$/, "");
    return [{ start, line, kind: "heading", text: text.trim(), depth: node.depth }];
  }
  if (node.type === "table") {
    const prose = node.children.filter((row) => isProse(row, source));
    return [{ start, line, kind: "table", table: node }, ...prose.flatMap((row) => toTextEvents(row, source))];
  }
  return node.type === "paragraph" ? toTextEvents(node, source) : [];
}

/** Lists the bold-only lines and directives (`:::info`, `:::`) of a stretch of text as events. */
function toTextEvents(node: Nodes, source: string): PageEvent[] {
  const { start, end, line } = getNodePosition(node);
  const events: PageEvent[] = [];
  let offset = start;
  source
    .slice(start, end)
    .split("\n")
    .forEach((text, index) => {
      const at = { start: offset, line: line + index };
      const name = directiveOpen.exec(text)?.[1];
      if (name !== undefined) events.push({ ...at, kind: "directive-open", name });
      else if (directiveClose.test(text)) events.push({ ...at, kind: "directive-close" });
      offset += text.length + 1;
    });
  for (const inner of walkNodes(node)) {
    if (inner.type === "strong" && isAloneOnLine(inner, source)) {
      const position = getNodePosition(inner);
      events.push({ start: position.start, line: position.line, kind: "bold", text: getNodeText(inner).trim() });
    }
  }
  return events;
}

function isAloneOnLine(node: Nodes, source: string): boolean {
  const { start, end } = getNodePosition(node);
  const before = source.slice(source.lastIndexOf("\n", start - 1) + 1, start);
  const after = /^[^\n]*/.exec(source.slice(end))?.[0] ?? "";
  return /^[\s>]*$/.test(before) && /^[:\\]?$/.test(after.trim());
}
