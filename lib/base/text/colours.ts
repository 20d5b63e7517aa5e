import { randomUUID } from "node:crypto";

/** SGR codes that begin and end a colour (ECMA-48, 8.3.117). */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Colours = Record<keyof typeof codes, (text: string) => string>;

/** No text from outside this process can hold it, so that no such text can bring a colour. */
const mark = `\u001b<${randomUUID()}`;
const marked = new RegExp(`${mark}:(\\d{1,2})>`);

/** Creates functions that colour a text, or leave it as it is. The colours come to life in `toShown` only. */
export function createColours(enabled: boolean): Colours {
  const paint =
    ([begin, end]: readonly [number, number]) =>
    (text: string): string =>
      enabled ? `${mark}:${begin}>${text}${mark}:${end}>` : text;
  const { bold, dim, red, green, yellow, cyan } = codes;
  return {
    bold: paint(bold),
    dim: paint(dim),
    red: paint(red),
    green: paint(green),
    yellow: paint(yellow),
    cyan: paint(cyan),
  };
}

/** Converts the text between colours by `convert`, and this process's own colours to what a terminal understands. */
export function showColours(text: string, convert: (part: string) => string): string {
  return text
    .split(marked)
    .map((part, index) => (index % 2 === 0 ? convert(part) : `\u001b[${part}m`))
    .join("");
}
