import pc from "picocolors";
import type { PreviewReport } from "../stack/preview-report.js";
import type { Fact } from "./outline.js";
import { previewOutline, type GateLine, type PreviewOutline } from "./preview-outline.js";
import type { PreviewEnd } from "./preview-verdict.js";
import { printable } from "./printable.js";
import type { TextOptions } from "./text.js";
import { factLines, hanging, type Page } from "./text-lines.js";
import { wrap } from "./wrap.js";

/** The preview for a terminal: headline and verdict, refusal, facts, what is to be done, gates, charts, the rest. */
export function renderPreviewText(report: PreviewReport, options: TextOptions = { colour: false }): string {
  const page: Page = { colours: pc.createColors(options.colour), width: options.width ?? 100 };
  const outline = previewOutline(report);
  const blocks = [
    headLines(outline, page),
    refusalLines(outline.refusal, page),
    factBlock(outline.facts, page),
    titled("Acts", actLines(outline, page), page),
    titled("Gates", outline.gates.length === 0 ? [] : gateLines(outline.gates, page), page),
    titled("Charts to move", releaseLines(outline.releases), page),
    titled("Acceptances", factBlock(outline.acceptances, page), page),
    titled("How long each hop takes", factBlock(outline.estimates, page), page),
    titled(
      "Warnings",
      factBlock(
        outline.warnings.map(({ code, message }): Fact => [code, message]),
        page,
      ),
      page,
    ),
  ];
  const filled = blocks.filter((block) => block.length > 0);
  return `${filled.map((block) => block.join("\n")).join("\n\n")}\n`;
}

const tones: Record<PreviewEnd, "green" | "yellow" | "red"> = {
  ready: "green",
  "nothing-to-do": "green",
  "will-check": "yellow",
  waits: "yellow",
  refuses: "red",
};

function headLines({ headline, verdict }: PreviewOutline, { colours }: Page): string[] {
  const paint = colours[tones[verdict.end]];
  return [colours.bold(printable(headline)), paint(printable(sentence(verdict.sentence)))];
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function refusalLines(refusal: PreviewReport["refusal"], page: Page): string[] {
  if (refusal === null) return [];
  const [first = "", ...rest] = printable(refusal.message).split("\n");
  return [
    ...hanging(`${page.colours.red(refusal.code)}  `, refusal.code.length + 2, first, page.width),
    ...rest.flatMap((line) => hanging("  ", 2, line.trim(), page.width)),
    ...(refusal.next === null ? [] : ["", ...nextLines(refusal.next, page)]),
  ];
}

/** What is next may be a list of ways: its lines stay lines. */
function nextLines(next: string, page: Page): string[] {
  return printable(next)
    .split("\n")
    .flatMap((line, index) => hanging(index === 0 ? "  Next: " : " ".repeat(8), 8, line.trim(), page.width));
}

function factBlock(facts: readonly Fact[], page: Page): string[] {
  const clean = facts.map(([label, value]): Fact => [printable(label), printable(value)]);
  return clean.length === 0 ? [] : factLines(clean, page);
}

function titled(title: string, lines: string[], page: Page): string[] {
  return lines.length === 0 ? [] : [page.colours.bold(title), ...lines];
}

function actLines({ acts, acknowledgement }: PreviewOutline, page: Page): string[] {
  const lines = acts.flatMap(({ name, text, irreversible, acknowledged }) => {
    const marks = [acknowledged ? "acknowledged" : "open", ...(irreversible ? ["cannot be undone"] : [])];
    const shown = acknowledged ? printable(name) : page.colours.red(printable(name));
    const body = wrap(printable(text), page.width - 4).map((line) => `    ${line}`);
    return [`  ${shown} (${marks.join("; ")})`, ...body];
  });
  if (acknowledgement === "") return lines;
  const yaml = printable(acknowledgement).split("\n");
  const say = "When done, say who and why in the stack's settings:";
  return [...lines, "", `  ${say}`, "", ...yaml.map((line) => `    ${line}`)];
}

function gateLines(gates: readonly GateLine[], page: Page): string[] {
  const column = Math.max(...gates.map(({ name }) => printable(name).length)) + 2;
  return gates.flatMap(({ name, when, must, outcome, words }) => [
    `  ${paintOutcome(outcome.padEnd(15), outcome, page)}${printable(name).padEnd(column)}${when.padEnd(8)}${must}`,
    ...words.flatMap((line) => hanging(" ".repeat(17), 17, printable(line), page.width)),
  ]);
}

function paintOutcome(text: string, outcome: GateLine["outcome"], { colours }: Page): string {
  if (outcome === "pass") return colours.green(text);
  if (outcome === "fail" || outcome === "unknown") return colours.red(text);
  return outcome === "not-applicable" ? colours.dim(text) : colours.yellow(text);
}

function releaseLines(releases: PreviewOutline["releases"]): string[] {
  const column = Math.max(0, ...releases.map(({ name }) => printable(name).length)) + 2;
  return releases.map(
    ({ name, moves, sha256 }) =>
      `  ${printable(name).padEnd(column)}${printable(moves)}  sha256 ${printable(sha256).slice(0, 12)}`,
  );
}
