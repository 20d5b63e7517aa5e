import type { Nodes, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmTableFromMarkdown } from "mdast-util-gfm-table";
import { gfmTable } from "micromark-extension-gfm-table";
import { blankOut } from "./front-matter.js";
import { parseHtmlPieces, type HtmlPiece } from "./html-pieces.js";

/** A tag or comment of a page; `start` and `end` are offsets in the page. */
export type PagePiece = HtmlPiece & { line: number };

export interface ParsedPage {
  /** The tree of the page without any HTML; positions are those of the page. */
  root: Root;
  /** Tags and comments in the order of the page. */
  pieces: PagePiece[];
  /** The page with tags and comments blanked out; offsets and lines are those of the page. */
  source: string;
}

/**
 * Parses a page the way its site does: Markdown between two tags is Markdown even without blank lines around it. Tags
 * and comments are recorded and blanked out until none is left; indented code blocks do not exist.
 */
export function parsePage(text: string): ParsedPage {
  const pieces: PagePiece[] = [];
  for (let source = text; ;) {
    const root = parseMarkdown(source);
    const found = findHtmlNodes(root).flatMap((node) => parseNodePieces(node, source));
    if (found.length === 0) return { root, source, pieces: pieces.sort((a, b) => a.start - b.start) };
    for (const each of found) source = source.slice(0, each.start) + blankOut(each.text) + source.slice(each.end);
    pieces.push(...found);
  }
}

/** Yields a node and all its descendants in page order. */
export function* walkNodes(node: Nodes): Generator<Nodes> {
  yield node;
  if ("children" in node) for (const child of node.children) yield* walkNodes(child);
}

/** Returns the text of a node without formatting marks. */
export function getNodeText(node: Nodes): string {
  if ("value" in node) return node.value;
  if ("alt" in node) return node.alt ?? "";
  return "children" in node ? node.children.map(getNodeText).join("") : "";
}

/** Returns where a node begins and ends in the page: offsets, and 1-based lines. */
export function getNodePosition(node: Nodes): { start: number; end: number; line: number; lastLine: number } {
  const { position } = node;
  return {
    start: position?.start.offset ?? 0,
    end: position?.end.offset ?? 0,
    line: position?.start.line ?? 0,
    lastLine: position?.end.line ?? 0,
  };
}

function parseMarkdown(source: string): Root {
  return fromMarkdown(source, {
    extensions: [gfmTable(), { disable: { null: ["codeIndented"] } }],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
}

function findHtmlNodes(root: Root): Nodes[] {
  return [...walkNodes(root)].filter((node) => node.type === "html");
}

function parseNodePieces(node: Nodes, source: string): PagePiece[] {
  const { start, end, line } = getNodePosition(node);
  const html = source.slice(start, end);
  return parseHtmlPieces(html).map((each) => ({
    ...each,
    start: start + each.start,
    end: start + each.end,
    line: line + countNewlines(html.slice(0, each.start)),
  }));
}

function countNewlines(text: string): number {
  return text.split("\n").length - 1;
}
