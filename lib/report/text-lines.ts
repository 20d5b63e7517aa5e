import type pc from "picocolors";
import type { Fact } from "./outline.js";
import { wrap } from "./wrap.js";

/** The paper a text is set on. */
export interface Page {
  colours: ReturnType<typeof pc.createColors>;
  /** Characters a line. */
  width: number;
}

/** Labels in one column, values in another. */
export function factLines(facts: readonly Fact[], page: Page): string[] {
  const column = Math.max(...facts.map(([label]) => label.length)) + 4;
  return facts.flatMap(([label, value]) =>
    hanging(`  ${page.colours.dim(label.padEnd(column - 2))}`, column, value, page.width),
  );
}

/** `start` takes up `column` characters on the screen; further lines of `text` are set below its first. */
export function hanging(start: string, column: number, text: string, width: number): string[] {
  const [first = "", ...rest] = wrap(text, width - column);
  return [start + first, ...rest.map((line) => " ".repeat(column) + line)];
}
