import type { Nodes, Table } from "mdast";
import { nodesUnder, placeOf, textOf, type PagePiece, type ParsedPage } from "./page-markdown.js";

/** What a page says, one thing after the other, as far as it matters to its upgrade tables. */
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

/** The events of a page in its order. */
export function pageEvents(page: ParsedPage): PageEvent[] {
  const events = page.pieces.flatMap(pieceEvents);
  for (const node of nodesUnder(page.root)) events.push(...nodeEvents(node, page.source));
  return events.sort((a, b) => a.start - b.start);
}

/** A line of a table that holds no cell border is text that follows the table without a blank line. */
export function isProse(row: Nodes, source: string): boolean {
  const { start, end } = placeOf(row);
  return !source.slice(start, end).includes("|");
}

function pieceEvents(piece: PagePiece): PageEvent[] {
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

function nodeEvents(node: Nodes, source: string): PageEvent[] {
  const { start, line } = placeOf(node);
  if (node.type === "heading") {
    const text = textOf(node).replace(/\s*\{#[^}]*\}\s*$/, "");
    return [{ start, line, kind: "heading", text: text.trim(), depth: node.depth }];
  }
  if (node.type === "table") {
    const prose = node.children.filter((row) => isProse(row, source));
    return [{ start, line, kind: "table", table: node }, ...prose.flatMap((row) => textEvents(row, source))];
  }
  return node.type === "paragraph" ? textEvents(node, source) : [];
}

/** Bold-only lines and directives (`:::info`, `:::`) of a stretch of text. */
function textEvents(node: Nodes, source: string): PageEvent[] {
  const { start, end, line } = placeOf(node);
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
  for (const inner of nodesUnder(node)) {
    if (inner.type === "strong" && isAlone(inner, source)) {
      const place = placeOf(inner);
      events.push({ start: place.start, line: place.line, kind: "bold", text: textOf(inner).trim() });
    }
  }
  return events;
}

function isAlone(node: Nodes, source: string): boolean {
  const { start, end } = placeOf(node);
  const before = source.slice(source.lastIndexOf("\n", start - 1) + 1, start);
  const after = /^[^\n]*/.exec(source.slice(end))?.[0] ?? "";
  return /^[\s>]*$/.test(before) && /^\s*[:\\]?\s*$/.test(after);
}
