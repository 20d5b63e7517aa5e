import { createColours } from "../../../base/text/colours.js";
import { type PreviewReport } from "../report.js";
import { type Fact } from "../../../report/outline.js";
import { createPreviewOutline, type GateLine, type PreviewOutline } from "./outline.js";
import { type PreviewEnd } from "./verdict.js";
import { toPrintable } from "../../../base/text/shown.js";
import { type Page, renderFactLines, renderHanging, wrap } from "../../../report/text-lines.js";
import { type TextOptions } from "../../../report/text.js";

/** Renders the preview for a terminal: headline and verdict, refusal, facts, acts, gates, charts, the rest. */
export function renderPreviewText(report: PreviewReport, options: TextOptions = { colour: false }): string {
  const page: Page = { colours: createColours(options.colour), width: options.width ?? 100 };
  const outline = createPreviewOutline(report);
  const blocks = [
    renderHeadLines(outline, page),
    renderRefusalLines(outline.refusal, page),
    renderFacts(outline.facts, page),
    addTitle("Acts", renderActLines(outline, page), page),
    addTitle("Gates", outline.gates.length === 0 ? [] : renderGateLines(outline.gates, page), page),
    addTitle("Charts to move", renderReleaseLines(outline.releases, page), page),
    addTitle("Acceptances", renderFacts(outline.acceptances, page), page),
    addTitle("How long each hop takes", renderFacts(outline.estimates, page), page),
    addTitle(
      "Warnings",
      renderFacts(
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

function renderHeadLines({ headline, verdict }: PreviewOutline, { colours }: Page): string[] {
  const paint = colours[tones[verdict.end]];
  return [colours.bold(toPrintable(headline)), paint(toPrintable(formatSentence(verdict.sentence)))];
}

function formatSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function renderRefusalLines(refusal: PreviewReport["refusal"], page: Page): string[] {
  if (refusal === null) return [];
  const [first = "", ...rest] = toPrintable(refusal.message).split("\n");
  return [
    ...renderHanging(`${page.colours.red(refusal.code)}  `, refusal.code.length + 2, first, page.width),
    ...rest.flatMap((line) => renderHanging("  ", 2, line.trim(), page.width)),
    ...(refusal.next === null ? [] : ["", ...renderNextLines(refusal.next, page)]),
  ];
}

/** Renders what to do next, which may be a list: line breaks are kept. */
function renderNextLines(next: string, page: Page): string[] {
  return toPrintable(next)
    .split("\n")
    .flatMap((line, index) => renderHanging(index === 0 ? "  Next: " : " ".repeat(8), 8, line.trim(), page.width));
}

function renderFacts(facts: readonly Fact[], page: Page): string[] {
  const clean = facts.map(([label, value]): Fact => [toPrintable(label), toPrintable(value)]);
  return clean.length === 0 ? [] : renderFactLines(clean, page);
}

function addTitle(title: string, lines: string[], page: Page): string[] {
  return lines.length === 0 ? [] : [page.colours.bold(title), ...lines];
}

function renderActLines({ acts, acknowledgement }: PreviewOutline, page: Page): string[] {
  const lines = acts.flatMap(({ name, text, irreversible, acknowledged }) => {
    const marks = [acknowledged ? "acknowledged" : "open", ...(irreversible ? ["cannot be undone"] : [])];
    const shown = acknowledged ? toPrintable(name) : page.colours.red(toPrintable(name));
    const body = wrap(toPrintable(text), page.width - 4).map((line) => `    ${line}`);
    return [`  ${shown} (${marks.join("; ")})`, ...body];
  });
  if (acknowledgement === "") return lines;
  const yaml = toPrintable(acknowledgement).split("\n");
  const say = "When done, say who and why in the stack's settings:";
  return [...lines, "", `  ${say}`, "", ...yaml.map((line) => `    ${line}`)];
}

function renderGateLines(gates: readonly GateLine[], page: Page): string[] {
  const column = Math.max(...gates.map(({ name }) => toPrintable(name).length)) + 2;
  return gates.flatMap(({ name, when, must, outcome, findings }) => [
    `  ${paintOutcome(outcome.padEnd(15), outcome, page)}${toPrintable(name).padEnd(column)}${when.padEnd(8)}${must}`,
    ...findings.flatMap((line) => renderHanging(" ".repeat(17), 17, toPrintable(line), page.width)),
  ]);
}

function paintOutcome(text: string, outcome: GateLine["outcome"], { colours }: Page): string {
  if (outcome === "pass") return colours.green(text);
  if (outcome === "fail" || outcome === "unknown") return colours.red(text);
  return outcome === "not-applicable" ? colours.dim(text) : colours.yellow(text);
}

function renderReleaseLines(releases: PreviewOutline["releases"], page: Page): string[] {
  const column = Math.max(0, ...releases.map(({ name }) => toPrintable(name).length)) + 2;
  return releases.flatMap(({ name, moves, sha256, values }) => [
    `  ${toPrintable(name).padEnd(column)}${toPrintable(moves)}  sha256 ${toPrintable(sha256).slice(0, 12)}`,
    ...renderHanging("    values: ", 12, toPrintable(values), page.width),
  ]);
}
