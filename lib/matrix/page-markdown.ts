import type { Nodes, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmTableFromMarkdown } from "mdast-util-gfm-table";
import { gfmTable } from "micromark-extension-gfm-table";
import { blank } from "./front-matter.js";
import { htmlPieces, type HtmlPiece } from "./html-pieces.js";

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
 * Parses a page as its site does, where the Markdown between two tags is Markdown even without blank lines around it:
 * tags and comments are noted and blanked out until none is left, and indented code does not exist.
 */
export function parsePage(text: string): ParsedPage {
  const pieces: PagePiece[] = [];
  for (let source = text; ;) {
    const root = parse(source);
    const found = htmlOf(root).flatMap((node) => piecesOf(node, source));
    if (found.length === 0) return { root, source, pieces: pieces.sort((a, b) => a.start - b.start) };
    for (const each of found) source = source.slice(0, each.start) + blank(each.text) + source.slice(each.end);
    pieces.push(...found);
  }
}

/** Every node under one, itself first, in the order of the page. */
export function* nodesUnder(node: Nodes): Generator<Nodes> {
  yield node;
  if ("children" in node) for (const child of node.children) yield* nodesUnder(child);
}

/** The text of a node, without the marks of its formatting. */
export function textOf(node: Nodes): string {
  if ("value" in node) return node.value;
  if ("alt" in node) return node.alt ?? "";
  return "children" in node ? node.children.map(textOf).join("") : "";
}

/** Where a node begins and ends in the page: offsets, and lines counted from 1. */
export function placeOf(node: Nodes): { start: number; end: number; line: number; lastLine: number } {
  const { position } = node;
  return {
    start: position?.start.offset ?? 0,
    end: position?.end.offset ?? 0,
    line: position?.start.line ?? 0,
    lastLine: position?.end.line ?? 0,
  };
}

function parse(source: string): Root {
  return fromMarkdown(source, {
    extensions: [gfmTable(), { disable: { null: ["codeIndented"] } }],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
}

function htmlOf(root: Root): Nodes[] {
  return [...nodesUnder(root)].filter((node) => node.type === "html");
}

function piecesOf(node: Nodes, source: string): PagePiece[] {
  const { start, end, line } = placeOf(node);
  const html = source.slice(start, end);
  return htmlPieces(html).map((each) => ({
    ...each,
    start: start + each.start,
    end: start + each.end,
    line: line + newlines(html.slice(0, each.start)),
  }));
}

function newlines(text: string): number {
  return text.split("\n").length - 1;
}
