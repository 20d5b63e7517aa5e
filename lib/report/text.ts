import { createColours } from "../base/text/colours.js";
import { type Plan } from "../planning/plan/types.js";
import { createOutline, describeReach, type Entry, type HopOutline, type Outline, type Side } from "./outline.js";
import { type Page, renderFactLines, renderHanging, wrap } from "./text-lines.js";

export interface TextOptions {
  /** Whether to use colour; the caller considers NO_COLOR and terminals. */
  colour: boolean;
  /** Characters per line. Default: 100. */
  width?: number;
  /** Name, version and commit of the tool. */
  tool?: string;
}

/** Renders the plan for a terminal: headline, facts, warnings, refusal or hops, then the acts, gates and advisories. */
export function renderText(plan: Plan, options: TextOptions = { colour: false }): string {
  const page: Page = { colours: createColours(options.colour), width: options.width ?? 100 };
  const outline = createOutline(plan, "->", options.tool);
  const blocks = [
    [renderHeadline(outline, page.colours)],
    renderFactLines(outline.facts, page),
    outline.warnings.length === 0 ? [] : renderWarningLines(outline, page),
    outline.refusal === null ? [] : renderRefusalLines(outline.refusal, page),
    outline.hops.length === 0
      ? []
      : [page.colours.bold("Hops"), ...outline.hops.flatMap((hop) => renderHopLines(hop, page))],
    ...outline.sections.map(({ title, entries }) => [
      page.colours.bold(title),
      ...entries.flatMap((entry) => renderEntryLines(entry, page)),
    ]),
  ];
  const filled = blocks.filter((block) => block.length > 0);
  return `${filled.map((block) => block.join("\n")).join("\n\n")}\n`;
}

function renderHeadline(outline: Outline, colours: Page["colours"]): string {
  const colour = outline.outcome === "refused" ? colours.red : colours.green;
  return colours.bold(colour(outline.headline));
}

function renderWarningLines(outline: Outline, page: Page): string[] {
  const column = Math.max(...outline.warnings.map((warning) => warning.code.length)) + 4;
  return [
    page.colours.bold("Warnings"),
    ...outline.warnings.flatMap(({ code, message }) =>
      renderHanging(`  ${page.colours.yellow(code.padEnd(column - 2))}`, column, message, page.width),
    ),
  ];
}

function renderRefusalLines(refusal: NonNullable<Outline["refusal"]>, page: Page): string[] {
  const code = page.colours.red(refusal.code);
  return [
    ...renderHanging(`${code}  `, refusal.code.length + 2, refusal.message, page.width),
    "",
    ...renderFactLines(refusal.facts, page),
  ];
}

function renderHopLines(hop: HopOutline, page: Page): string[] {
  const number = `${hop.number}`.padStart(3);
  return [
    `${number}  ${page.colours.bold(`${hop.from} -> ${hop.to}`)}  ${describeReach(hop)}`,
    ...renderSideLines("before", hop.before, page),
    ...renderSideLines("after", hop.after, page),
    ...renderListLines("known", "", hop.advisories, page),
  ];
}

function renderSideLines(when: string, side: Side, page: Page): string[] {
  const lists: [label: string, names: string[]][] = [
    ["acts", side.acts],
    ["must pass", side.mustPass],
    ["may warn", side.mayWarn],
  ];
  return lists
    .filter(([, names]) => names.length > 0)
    .flatMap(([label, names], index) => renderListLines(index === 0 ? when : "", label, names, page));
}

function renderListLines(when: string, label: string, names: readonly string[], page: Page): string[] {
  if (names.length === 0) return [];
  return renderHanging(`     ${page.colours.dim(when.padEnd(8) + label.padEnd(11))}`, 24, names.join(", "), page.width);
}

function renderEntryLines({ name, marks, hops, text, source }: Entry, page: Page): string[] {
  const grave = marks.some((mark) => ["irreversible", "avoid", "block"].includes(mark));
  const shown = grave ? page.colours.red(name) : page.colours.bold(name);
  const renderBody = (content: string, paint: (line: string) => string): string[] =>
    content === "" ? [] : wrap(content, page.width - 4).map((line) => `    ${paint(line)}`);
  return [
    ...renderHanging(`  ${shown} `, name.length + 3, `(${[...marks, hops].join("; ")})`, page.width),
    ...renderBody(text, (line) => line),
    ...renderBody(source, page.colours.dim),
  ];
}
