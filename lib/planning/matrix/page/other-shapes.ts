/** How much of a text is looked at: a page's first table begins well before. */
const mostCharacters = 400_000;
const version = String.raw`v?\d+\.\d+\.(?:\d+|x)`;

/** Shapes in which an upgrade table is handed on, the surest sign first. Markdown's own table is none of them. */
const shapes: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^\s*%PDF/, "a PDF document"],
  [/^\s*\{\\rtf/, "a rich text document (RTF)"],
  [/^Content-Type:[ \t]*multipart\/related/im, "a web archive as a browser saves it (MHTML)"],
  [/^\s*<(?:!doctype html|html|\?xml)/i, "HTML or XML as a browser shows it, not the page's source"],
  [/^\s*[{[]\s*["{[]/, "JSON"],
  [
    /^(?:diff --git |@@ -\d{1,7}(?:,\d{1,7})? \+\d{1,7}(?:,\d{1,7})? @@)/m,
    "a patch (diff), which shows a part of the page with lines that are gone",
  ],
  [/^&lt;(?:table|tr|html|div)\b/m, "HTML with its signs escaped"],
  [
    /^[ \t]*- (?:'|")?(?:table|rowgroup|row|cell|columnheader)\b.*(?:\[ref=|"|:[ \t]*$)/m,
    "a browser's accessibility snapshot, not the page's source",
  ],
  [
    /^\s*(?:<!--[\s\S]{0,2000}?-->\s*)?<(?:table|thead|tbody|tr|div|section|article|main|body)\b/i,
    "a piece of HTML, not the page's source",
  ],
  [/^\|===/m, "AsciiDoc"],
  [/^\{\|[^\n]*\n(?:\|[-+!]|!)/m, "a table of MediaWiki"],
  [/^[ \t]*\|\|[^|\n]{1,200}\|\|/m, "a table of a wiki (Confluence, Jira)"],
  [/^[ \t]*\\begin\{(?:tabular|longtable|table)\}/m, "LaTeX"],
  [
    new RegExp(`^[ \\t]*[│┃║] *${version} *[│┃║] *${version} *[│┃║]`, "m"),
    "a table drawn with lines (reStructuredText or a terminal)",
  ],
  [new RegExp(`^[ \\t]*(?:- )?["']?(?:from|source)["']?:[ \\t]*["']?${version}["']?[ \\t]*$`, "im"), "YAML"],
  [/^\+[-=]{3,}\+[-=+]{3,}$/m, "a table drawn with lines (reStructuredText or a terminal)"],
  [
    new RegExp(`^[ \\t]*${version}\\t+${version}(?:\\t|$)`, "m"),
    "text copied from a browser or a sheet, with tabs between the columns (TSV)",
  ],
  [
    new RegExp(`^[ \\t]*"?${version}"?[ \\t]*[,;][ \\t]*"?${version}"?[ \\t]*(?:[,;]|$)`, "m"),
    "a sheet with commas between the columns (CSV)",
  ],
  [
    new RegExp(`^[ \\t]*${version} {2,}${version}(?: {2,}|$)`, "m"),
    "text copied from a terminal or a document, with blanks between the columns",
  ],
  [
    new RegExp(`^[ \\t]*${version}[ \\t]*\\n(?:[ \\t]*\\n){0,2}[ \\t]*${version}[ \\t]*$`, "m"),
    "text copied from a browser, with each cell on a line of its own",
  ],
];
/** Dashes beside a bar: a page of Markdown may show such a text beside its own table. */
const markdownTable = /\|[ \t]?:?--|--:?[ \t]?\|/;
/** The shapes that are sure beside a table of Markdown too. */
const certain = 7;

/** Names the shape of a text that is no Markdown page; undefined where it may be one. Pure. */
export function detectOtherShape(text: string): string | undefined {
  const start = text.slice(0, mostCharacters);
  const isMarkdown = markdownTable.test(start);
  return shapes.find(([pattern], index) => (index < certain || !isMarkdown) && pattern.test(start))?.[1];
}
