import { findExpressionEnd, findModuleCodeEnd } from "./mdx-script.js";

/** A tag, comment or piece of JavaScript of an MDX page. Offsets are those of the page. */
export interface MdxPiece {
  kind: "open" | "close" | "empty" | "comment" | "expression" | "module" | "raw" | "unclosed";
  /** Name of the tag, empty for what is none. */
  name: string;
  attributes: Record<string, string>;
  text: string;
  start: number;
  end: number;
}

/** What the Markdown parser says about a page: where code stands, and where paragraphs of the page itself begin. */
export interface MarkdownLayout {
  code: readonly { start: number; end: number }[];
  paragraphs: ReadonlySet<number>;
}

/** Elements whose content a browser shows as it is written, or not at all. */
const literal = /^(?:pre|script|style|textarea)$/i;
const moduleCode =
  /(?:import\s+(?:["'{*]|[\w$]+\s*(?:,|from\s+["']))|export\s+(?:const|let|var|function|class|default|async|\{|\*))/y;

/**
 * Lists the pieces of a page as MDX defines them: outside code, `{` opens an expression and `<` a tag or a comment,
 * unless a backslash stands before it. Ends early behind a piece that changes what is code; the page is then to be
 * parsed again without the pieces found.
 */
export function listMdxPieces(source: string, { code, paragraphs }: MarkdownLayout): MdxPiece[] {
  const pieces: MdxPiece[] = [];
  let next = 0;
  for (let at = 0; at < source.length;) {
    while (next < code.length && (code[next]?.end ?? 0) <= at) next++;
    const block = code[next];
    if (block !== undefined && block.start <= at) {
      at = block.end;
      continue;
    }
    if (source[at] === "\\") {
      at += 2;
      continue;
    }
    const piece = readPieceAt(source, at, paragraphs);
    if (piece !== undefined) pieces.push(piece);
    if (piece !== undefined && (/[`~]/.test(piece.text) || piece.end > (block?.start ?? Infinity))) return pieces;
    at = piece?.end ?? at + 1;
  }
  return pieces;
}

function readPieceAt(source: string, at: number, paragraphs: ReadonlySet<number>): MdxPiece | undefined {
  if (source[at] === "{") return readExpression(source, at);
  if (source[at] === "<") return readComment(source, at) ?? readElement(source, at);
  moduleCode.lastIndex = at;
  if (!paragraphs.has(at) || !moduleCode.test(source)) return undefined;
  return createPiece("module", source, at, findModuleCodeEnd(source, at));
}

function readExpression(source: string, at: number): MdxPiece {
  const end = findExpressionEnd(source, at);
  if (end === undefined) return createPiece("unclosed", source, at, source.length);
  const isComment = /^\{\s*\/\*[\s\S]*\*\/\s*\}$/.test(source.slice(at, end));
  return createPiece(isComment ? "comment" : "expression", source, at, end);
}

function readComment(source: string, at: number): MdxPiece | undefined {
  if (!source.startsWith("<!--", at)) return undefined;
  const close = source.indexOf("-->", at + 4);
  return close === -1
    ? createPiece("unclosed", source, at, source.length)
    : createPiece("comment", source, at, close + 3);
}

/** Reads a tag; of an element with literal content the whole. */
function readElement(source: string, at: number): MdxPiece | undefined {
  const tag = readTag(source, at);
  if (tag?.kind !== "open" || !literal.test(tag.name)) return tag;
  const close = new RegExp(`</${tag.name}\\s*>`, "gi");
  close.lastIndex = tag.end;
  return close.test(source)
    ? createPiece("raw", source, at, close.lastIndex)
    : createPiece("unclosed", source, at, source.length);
}

const tagStart = /<(\/?)([A-Za-z_$][\w.:$-]*)?/y;
const tagEnd = /\s*(?:(\/)\s*)?>/y;
const spread = /\s*(?=\{)/y;
const attributeName = /\s+([^\s"'=<>/{}]+)/y;
const attributeValue = /\s*=\s*(?:"((?:[^"\n]|\n(?!\s*\n))*)"|'((?:[^'\n]|\n(?!\s*\n))*)'|(?=\{)|([^\s"'=<>`{}]+))/y;

function readTag(source: string, start: number): MdxPiece | undefined {
  const head = matchAt(tagStart, source, start);
  if (head === undefined) return undefined;
  const [, slash, name = ""] = head.match;
  const attributes: Record<string, string> = {};
  for (let at = head.end; ;) {
    const close = matchAt(tagEnd, source, at);
    if (close !== undefined) {
      const kind = slash === "/" ? "close" : close.match[1] === "/" ? "empty" : "open";
      return { ...createPiece(kind, source, start, close.end), name, attributes };
    }
    if (name === "") return undefined;
    const inBraces = matchAt(spread, source, at);
    const named = inBraces === undefined ? matchAt(attributeName, source, at) : undefined;
    const value = named === undefined ? undefined : matchAt(attributeValue, source, named.end);
    const written = value?.match[1] ?? value?.match[2] ?? value?.match[3];
    const braces = inBraces?.end ?? (value !== undefined && written === undefined ? value.end : undefined);
    const end = braces === undefined ? (value?.end ?? named?.end) : findExpressionEnd(source, braces);
    if (end === undefined) return undefined;
    if (named?.match[1] !== undefined)
      attributes[named.match[1]] = written ?? unquote(source.slice(braces ?? end, end));
    at = end;
  }
}

/** Returns the text of an expression that is one string, `{"VMware"}`; any other as it is written. */
function unquote(expression: string): string {
  return /^\{\s*(["'`])([^"'`]*)\1\s*\}$/.exec(expression)?.[2] ?? expression;
}

function matchAt(pattern: RegExp, source: string, at: number): { match: RegExpExecArray; end: number } | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(source);
  return match === null ? undefined : { match, end: pattern.lastIndex };
}

function createPiece(kind: MdxPiece["kind"], source: string, start: number, end: number): MdxPiece {
  return { kind, name: "", attributes: {}, text: source.slice(start, end), start, end };
}
