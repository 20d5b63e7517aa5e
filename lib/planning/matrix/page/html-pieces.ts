/** A tag or comment at the start of a stretch of HTML. Offsets count from the start of the stretch. */
export interface HtmlPiece {
  kind: "open" | "close" | "empty" | "comment" | "raw" | "unclosed-comment" | "no-tag";
  /** Name of the tag, empty for comments. */
  name: string;
  attributes: Record<string, string>;
  text: string;
  start: number;
  end: number;
}

const comment = /<!--[\s\S]*?-->/y;
const tag =
  /<(\/?)([A-Za-z][\w.:-]*)((?:\s+[^\s"'=<>/{]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|\{[^}]*\}|[^\s"'=<>`]+))?)*)\s*(\/?)>/y;
const attribute =
  /([^\s"'=<>/{]{1,99})\s{0,99}=\s{0,99}(?:"([^"]*)"|'([^']*)'|\{\s{0,99}["'`]?([^}]{0,999}?)["'`]?\s{0,99}\}|([^\s"'=<>`]+))/g;
const literal = /^<(pre|script|style|textarea)\b/i;

/**
 * Parses the tags and comments of a stretch of HTML up to the first backtick or tilde, because tags inside code do not
 * count. In Markdown an HTML block extends to the next blank line, so the text between the pieces is Markdown inside
 * that block. Never empty: a `<` at the start of a line that opens neither a tag nor a comment is one `no-tag` piece.
 */
export function parseHtmlPieces(html: string): HtmlPiece[] {
  if (literal.test(html)) return [createPiece("raw", html, 0, html.length)];
  const pieces: HtmlPiece[] = [];
  let lineStart = true;
  for (let at = 0; at < html.length && !/[`~]/.test(html[at] ?? "");) {
    const char = html[at];
    const found =
      char === "<"
        ? (parsePieceAt(html, at) ?? (lineStart ? createPiece("no-tag", html, at, at + 1) : undefined))
        : undefined;
    if (found?.kind === "raw") break;
    if (found !== undefined) pieces.push(found);
    lineStart = char === "\n" || (lineStart && char === " ");
    at = found?.end ?? at + 1;
  }
  return pieces;
}

function parsePieceAt(html: string, at: number): HtmlPiece | undefined {
  comment.lastIndex = tag.lastIndex = at;
  if (comment.test(html)) return createPiece("comment", html, at, comment.lastIndex);
  if (html.startsWith("<!--", at)) return createPiece("unclosed-comment", html, at, html.length);
  if (literal.test(html.slice(at, at + 10))) return createPiece("raw", html, at, html.length);
  const match = tag.exec(html);
  if (match === null) return undefined;
  const [text, slash, name = "", attributes = "", empty] = match;
  const kind = slash === "/" ? "close" : empty === "/" ? "empty" : "open";
  return { ...createPiece(kind, html, at, at + text.length), name, attributes: parseAttributes(attributes) };
}

function createPiece(kind: HtmlPiece["kind"], html: string, start: number, end: number): HtmlPiece {
  return { kind, name: "", attributes: {}, text: html.slice(start, end), start, end };
}

function parseAttributes(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = "", double, single, braces, bare] of text.matchAll(attribute)) {
    found[name] = double ?? single ?? braces ?? bare ?? "";
  }
  return found;
}
