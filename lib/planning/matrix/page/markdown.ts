import type { Nodes, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmTableFromMarkdown } from "mdast-util-gfm-table";
import { gfmTable } from "micromark-extension-gfm-table";
import { blankOut } from "./front-matter.js";
import { listMdxPieces, type MarkdownLayout, type MdxPiece } from "./mdx-pieces.js";

/** A piece with the 1-based line on which it begins. */
export type PagePiece = MdxPiece & { line: number };

export interface ParsedPage {
  /** The tree of the page without its pieces; positions are those of the page. */
  root: Root;
  /** Tags, comments and JavaScript in the order of the page. */
  pieces: PagePiece[];
  /** The page with its pieces blanked out; offsets and lines are those of the page. */
  source: string;
}

/**
 * Parses a page the way its site does, as MDX with HTML comments: Markdown between two tags is Markdown even without
 * blank lines around it, what stands in a comment or in JavaScript is none, and indented code blocks do not exist. The
 * pieces are recorded and blanked out until none is left.
 */
export function parsePage(text: string): ParsedPage {
  const pieces: MdxPiece[] = [];
  for (let source = text; ;) {
    const root = parseMarkdown(source);
    const found = listMdxPieces(source, describeLayout(root));
    if (found.length === 0) return { root, source, pieces: addLines(pieces, text) };
    const parts: string[] = [];
    let at = 0;
    for (const { start, end, text: own } of found) {
      parts.push(source.slice(at, start), blankOut(own));
      at = end;
    }
    source = parts.join("") + source.slice(at);
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
    extensions: [gfmTable(), { disable: { null: ["codeIndented", "htmlFlow", "htmlText"] } }],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
}

function describeLayout(root: Root): MarkdownLayout {
  const code = [...walkNodes(root)].filter((node) => node.type === "code" || node.type === "inlineCode");
  const paragraphs = root.children.filter((node) => node.type === "paragraph");
  return {
    code: code.map(getNodePosition),
    paragraphs: new Set(paragraphs.map((node) => getNodePosition(node).start)),
  };
}

function addLines(pieces: MdxPiece[], text: string): PagePiece[] {
  let line = 1;
  let at = 0;
  return pieces
    .sort((a, b) => a.start - b.start)
    .map((piece) => {
      for (; at < piece.start; at++) if (text[at] === "\n") line++;
      return { ...piece, line };
    });
}
