import pc from "picocolors";
import type { Plan } from "../plan/types.js";
import { outlineOf, reachOf, type Entry, type HopOutline, type Outline, type Side } from "./outline.js";
import { factLines, hanging, type Page } from "./text-lines.js";
import { wrap } from "./wrap.js";

export interface TextOptions {
  /** Whether to use colour; NO_COLOR and terminals are the caller's business. */
  colour: boolean;
  /** Characters a line; 100 when left out. */
  width?: number;
}

/** The plan for a terminal: headline, facts, warnings, refusal or hops, then what each act, gate and advisory means. */
export function renderText(plan: Plan, options: TextOptions = { colour: false }): string {
  const page: Page = { colours: pc.createColors(options.colour), width: options.width ?? 100 };
  const outline = outlineOf(plan);
  const blocks = [
    [headline(outline, page.colours)],
    factLines(outline.facts, page),
    outline.warnings.length === 0 ? [] : warningLines(outline, page),
    outline.refusal === null ? [] : refusalLines(outline.refusal, page),
    outline.hops.length === 0 ? [] : [page.colours.bold("Hops"), ...outline.hops.flatMap((hop) => hopLines(hop, page))],
    ...outline.sections.map(({ title, entries }) => [
      page.colours.bold(title),
      ...entries.flatMap((entry) => entryLines(entry, page)),
    ]),
  ];
  const filled = blocks.filter((block) => block.length > 0);
  return `${filled.map((block) => block.join("\n")).join("\n\n")}\n`;
}

function headline(outline: Outline, colours: Page["colours"]): string {
  const colour = outline.outcome === "refused" ? colours.red : colours.green;
  return colours.bold(colour(outline.headline));
}

function warningLines(outline: Outline, page: Page): string[] {
  const column = Math.max(...outline.warnings.map((warning) => warning.code.length)) + 4;
  return [
    page.colours.bold("Warnings"),
    ...outline.warnings.flatMap(({ code, message }) =>
      hanging(`  ${page.colours.yellow(code.padEnd(column - 2))}`, column, message, page.width),
    ),
  ];
}

function refusalLines(refusal: NonNullable<Outline["refusal"]>, page: Page): string[] {
  const code = page.colours.red(refusal.code);
  return [
    ...hanging(`${code}  `, refusal.code.length + 2, refusal.message, page.width),
    "",
    ...factLines(refusal.facts, page),
  ];
}

function hopLines(hop: HopOutline, page: Page): string[] {
  const number = `${hop.number}`.padStart(3);
  return [
    `${number}  ${page.colours.bold(`${hop.from} -> ${hop.to}`)}  ${reachOf(hop)}`,
    ...sideLines("before", hop.before, page),
    ...sideLines("after", hop.after, page),
    ...listLines("known", "", hop.advisories, page),
  ];
}

function sideLines(when: string, side: Side, page: Page): string[] {
  const lists: [label: string, names: string[]][] = [
    ["acts", side.acts],
    ["must pass", side.mustPass],
    ["may warn", side.mayWarn],
  ];
  return lists
    .filter(([, names]) => names.length > 0)
    .flatMap(([label, names], index) => listLines(index === 0 ? when : "", label, names, page));
}

function listLines(when: string, label: string, names: readonly string[], page: Page): string[] {
  if (names.length === 0) return [];
  return hanging(`     ${page.colours.dim(when.padEnd(8) + label.padEnd(11))}`, 24, names.join(", "), page.width);
}

function entryLines({ name, marks, hops, text, source }: Entry, page: Page): string[] {
  const grave = marks.some((mark) => ["irreversible", "avoid", "block"].includes(mark));
  const shown = grave ? page.colours.red(name) : page.colours.bold(name);
  const body = (words: string, paint: (line: string) => string): string[] =>
    words === "" ? [] : wrap(words, page.width - 4).map((line) => `    ${paint(line)}`);
  return [
    ...hanging(`  ${shown} `, name.length + 3, `(${[...marks, hops].join("; ")})`, page.width),
    ...body(text, (line) => line),
    ...body(source, page.colours.dim),
  ];
}
