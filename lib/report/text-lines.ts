import type pc from "picocolors";
import { type Fact } from "./outline.js";

/** Colours and line width of a text. */
export interface Page {
  colours: ReturnType<typeof pc.createColors>;
  /** Characters per line. */
  width: number;
}

/** Renders labels in one column, values in another. */
export function renderFactLines(facts: readonly Fact[], page: Page): string[] {
  const column = Math.max(...facts.map(([label]) => label.length)) + 4;
  return facts.flatMap(([label, value]) =>
    renderHanging(`  ${page.colours.dim(label.padEnd(column - 2))}`, column, value, page.width),
  );
}

/** Renders `text` behind `start`, which is `column` characters wide; further lines are indented below the first. */
export function renderHanging(start: string, column: number, text: string, width: number): string[] {
  const [first = "", ...rest] = wrap(text, width - column);
  return [start + first, ...rest.map((line) => " ".repeat(column) + line)];
}

/** Breaks `text` at spaces into lines of at most `width` characters; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line === "") line = word;
    else if (line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** Control characters except tab and newline, and bidirectional controls: they can hide or forge what is shown. */
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Replaces unprintable characters, so that text from a site, person or vendor is safe in a terminal or comment. */
export function toPrintable(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(unprintable, "\ufffd");
}

/** Clips text to `limit` characters and says how many are left out. */
export function clipText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit).replace(/[\ud800-\udbff]$/, "")} … (${text.length - limit} more characters)`;
}
