import { type Colours } from "../base/text/colours.js";
import { type Fact } from "./outline.js";

/** Colours and line width of a text. */
export interface Page {
  colours: Colours;
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
