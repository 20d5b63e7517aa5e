import type { Nodes, Table } from "mdast";
import { shortenLine } from "./row.js";
import { walkNodes, getNodePosition, getNodeText, type PagePiece, type ParsedPage } from "./markdown.js";

/** One element of a page that matters to its upgrade tables; events are in page order. */
export type PageEvent = { start: number; line: number } & (
  | { kind: "tabs-open" }
  | { kind: "tabs-close" }
  | { kind: "tab-open"; label: string }
  | { kind: "tab-close" }
  | { kind: "marker-open"; key: string }
  | { kind: "marker-close"; key: string }
  | { kind: "elsewhere"; what: string; component: boolean }
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
  const { name, kind } = piece;
  if (kind === "comment") return toMarkerEvents(piece.text, at);
  if (name === "Tabs" && kind === "open") return [{ ...at, kind: "tabs-open" }];
  if (name === "Tabs" && kind === "close") return [{ ...at, kind: "tabs-close" }];
  if (name !== "TabItem") return kind === "empty" ? toComponentEvents(piece, at) : [];
  const { label = "", value = "" } = piece.attributes;
  if (kind === "open") return [{ ...at, kind: "tab-open", label: label === "" ? value : label }];
  return kind === "close" ? [{ ...at, kind: "tab-close" }] : [];
}

function toMarkerEvents(text: string, at: Pick<PageEvent, "start" | "line">): PageEvent[] {
  const [, key = "", end] = /^(?:<!--|\{\s*\/\*)\s*upgrade-paths:([\w.-]+):(start|end)\b/.exec(text) ?? [];
  if (end === undefined) return [];
  return [{ ...at, kind: end === "start" ? "marker-open" : "marker-close", key }];
}

/** Words of a link behind which upgrade rows may stand. */
const pathWords = /upgrade|path|matrix/i;

/** A component without content puts in what stands elsewhere, unless its name says that it is an icon or a picture. */
function toComponentEvents({ name, text, attributes }: PagePiece, at: Pick<PageEvent, "start" | "line">): PageEvent[] {
  if (!/^[A-Z]/.test(name) || /(?:Icon|Image|Video)$/.test(name)) return [];
  const component = !name.endsWith("Link");
  if (!component && !pathWords.test(Object.values(attributes).join(" "))) return [];
  return [{ ...at, kind: "elsewhere", what: shortenLine(text), component }];
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
  if (node.type === "link" && !node.url.startsWith("#") && pathWords.test(`${node.url} ${getNodeText(node)}`))
    return [{ start, line, kind: "elsewhere", what: `a link to ${node.url}`, component: false }];
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
