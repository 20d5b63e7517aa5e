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
const attribute = /([^\s"'=<>/{]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|\{\s*["'`]?([^}]*?)["'`]?\s*\}|([^\s"'=<>`]+))/g;
const literal = /^<(pre|script|style|textarea)\b/i;

/**
 * The tags and comments with which a stretch of HTML begins, blanks between them left out. In Markdown an HTML block
 * goes on to the next blank line, so what follows the last piece is Markdown that the block has swallowed.
 * Never empty: something that is neither is one `no-tag` piece of one character.
 */
export function leadingPieces(html: string): HtmlPiece[] {
  if (literal.test(html)) return [piece("raw", html, 0, html.length)];
  const pieces: HtmlPiece[] = [];
  for (let at = 0; at < html.length;) {
    const found = pieceAt(html, at);
    if (found !== undefined) pieces.push(found);
    else if (/\s/.test(html[at] ?? "") === false) break;
    at = found?.end ?? at + 1;
  }
  return pieces.length > 0 ? pieces : [piece("no-tag", html, 0, 1)];
}

function pieceAt(html: string, at: number): HtmlPiece | undefined {
  comment.lastIndex = tag.lastIndex = at;
  if (comment.test(html)) return piece("comment", html, at, comment.lastIndex);
  if (html.startsWith("<!--", at)) return piece("unclosed-comment", html, at, html.length);
  const match = tag.exec(html);
  if (match === null || literal.test(match[0])) return undefined;
  const [text, slash, name = "", attributes = "", empty] = match;
  const kind = slash === "/" ? "close" : empty === "/" ? "empty" : "open";
  return { ...piece(kind, html, at, at + text.length), name, attributes: parseAttributes(attributes) };
}

function piece(kind: HtmlPiece["kind"], html: string, start: number, end: number): HtmlPiece {
  return { kind, name: "", attributes: {}, text: html.slice(start, end), start, end };
}

function parseAttributes(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = "", double, single, braces, bare] of text.matchAll(attribute)) {
    found[name] = double ?? single ?? braces ?? bare ?? "";
  }
  return found;
}
