import type { PreviewReport } from "../report.js";
import { markdownLimit, renderRouteBlocks } from "../../../report/markdown.js";
import { escapeMarkdown, fitBlocks, createFold, type Block } from "../../../report/markdown-blocks.js";
import type { Fact } from "../../../report/outline.js";
import { createPreviewOutline, type GateLine, type PreviewOutline } from "./outline.js";
import type { PreviewEnd } from "./verdict.js";
import { clipText, toPrintable } from "../../../base/text/shown.js";

/**
 * Creates the invisible first line of a stack's comment, by which a later run finds the comment and edits it in place.
 * No marker is a prefix of another one (names are cut at a length that no engine allows).
 */
export function createPreviewMarker(stack: string): string {
  return `<!-- palette-upgrade preview of ${encodeURIComponent(Buffer.from(stack).toString()).replaceAll("-", "%2D").slice(0, 400)} -->`;
}

/** Priority for the limited room: summary, then what a person must do, then what moves, explanations, the plan. */
const ranks = { summary: 0, refusal: 1, acts: 2, openGates: 3, moves: 4, gates: 5, rest: 6, route: 7 } as const;

/** Maximum length of one text from the site or a person. */
const textLimit = 1_500;

/**
 * Renders the preview and its plan for a pull request comment: summary first, details collapsed, below `limit`
 * characters.
 */
export function renderPreviewMarkdown(report: PreviewReport, limit = markdownLimit): string {
  const outline = createPreviewOutline(report, "→");
  const marker = createPreviewMarker(report.stack);
  const body = fitBlocks(
    [
      renderSummaryBlock(outline),
      ...renderRefusalBlocks(outline),
      ...renderActBlocks(outline),
      ...renderGateBlocks(outline.gates),
      ...renderChartBlocks(outline),
      ...renderListBlocks("Acceptances", outline.acceptances),
      ...renderListBlocks("How long each hop takes", outline.estimates),
      ...renderListBlocks(
        "Warnings of the plan",
        outline.warnings.map(({ code, message }): Fact => [code, message]),
      ),
      ...(report.plan === null ? [] : renderRouteBlocks(report.plan, ranks.route)),
    ],
    limit - marker.length - 2,
  );
  return `${marker}\n${body}`;
}

const signs: Record<PreviewEnd, string> = {
  ready: "✅",
  "nothing-to-do": "✅",
  "will-check": "🔎",
  waits: "⏳",
  refuses: "⛔",
};

function escapeClipped(text: string): string {
  return escapeMarkdown(clipText(text, textLimit));
}

function renderSummaryBlock({ headline, verdict, facts }: PreviewOutline): Block {
  return {
    open: `### ${escapeClipped(headline)}\n\n${signs[verdict.end]} **${escapeClipped(verdict.sentence)}**\n\n`,
    items: facts.map(([label, value]) => `- ${escapeClipped(label)}: ${escapeClipped(value)}\n`),
    close: "\n",
    rank: ranks.summary,
  };
}

/** Renders a refusal as a quotation, so that the platform cannot take a line of it for a command. */
function renderRefusalBlocks({ refusal }: PreviewOutline): Block[] {
  if (refusal === null) return [];
  const lines = quoteLines(refusal.message);
  const [first = "", ...ways] = refusal.next === null ? [] : quoteLines(refusal.next);
  const next = refusal.next === null ? [] : [`>\n> **Next:** ${first.slice(2)}`, ...separateLines(ways)];
  const items = [
    `> **${escapeClipped(refusal.code)}** ${lines[0]!.slice(2)}`,
    ...next,
    ...separateLines(lines.slice(1)),
  ];
  return [{ open: "", items, close: "\n", rank: ranks.refusal }];
}

function quoteLines(text: string): string[] {
  return toPrintable(text)
    .split("\n")
    .map((line) => `> ${escapeClipped(line.trim())}\n`);
}

/** Puts an empty quoted line before each line, so that the lines are not joined. */
function separateLines(lines: readonly string[]): string[] {
  return lines.flatMap((line) => [`>\n${line}`]);
}

function renderActBlocks({ acts, acknowledgement }: PreviewOutline): Block[] {
  if (acts.length === 0) return [];
  const items = acts.map(({ name, text, irreversible, acknowledged }) => {
    const marks = [acknowledged ? "acknowledged" : "**open**", ...(irreversible ? ["**cannot be undone**"] : [])];
    return `- **${escapeClipped(name)}** (${marks.join(", ")}): ${escapeClipped(text)}\n`;
  });
  const list: Block = { open: "#### Acts before this hop\n\n", items, close: "\n", rank: ranks.acts };
  if (acknowledgement === "") return [list];
  const yaml = fenceCode(toPrintable(acknowledgement), "yaml");
  const say = "When done, say who and why in the stack's settings:\n\n";
  return [list, { open: "", items: [`${say}${yaml}\n`], close: "", rank: ranks.acts }];
}

/** Fences a text with more backticks than any run of backticks within it. */
function fenceCode(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}\n`;
}

const gateSigns: Record<GateLine["outcome"], string> = {
  pass: "✅ pass",
  wait: "⏳ wait",
  fail: "⛔ fail",
  unknown: "❓ unknown",
  "will-check": "🔎 will check",
  "not-applicable": "not applicable",
};

/** Renders gates that need a person or time visibly, the others collapsed. */
function renderGateBlocks(gates: readonly GateLine[]): Block[] {
  const isOpen = ({ outcome }: GateLine): boolean => ["fail", "unknown", "wait"].includes(outcome);
  const open = gates.filter(isOpen);
  const rest = gates.filter((gate) => !isOpen(gate));
  const shown: Block[] =
    open.length === 0
      ? []
      : [{ open: `#### Gates\n\n${gateHead}`, items: open.map(renderGateRow), close: "\n", rank: ranks.openGates }];
  if (rest.length === 0) return shown;
  const counts = (["will-check", "pass", "not-applicable"] as const).flatMap((outcome) => {
    const count = rest.filter((gate) => gate.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcome === "will-check" ? "will check" : outcome.replace("-", " ")}`];
  });
  const fold = createFold(`Gates: ${counts.join(", ")}`, rest.map(renderGateRow), ranks.gates);
  return [...shown, { ...fold, open: fold.open + gateHead }];
}

const gateHead = "| now | gate | when | | what was found |\n| --- | --- | --- | --- | --- |\n";

function renderGateRow({ name, when, must, outcome, findings: found }: GateLine): string {
  const what = clipText(found.join(" · "), textLimit);
  return `| ${gateSigns[outcome]} | ${escapeClipped(name)} | ${when} | ${must} | ${escapeMarkdown(what) || "–"} |\n`;
}

function renderChartBlocks({ releases }: PreviewOutline): Block[] {
  if (releases.length === 0) return [];
  const open = "#### Charts to move\n\n| release | moves | sha256 | values |\n| --- | --- | --- | --- |\n";
  const items = releases.map(
    ({ name, moves, sha256, values }) =>
      `| ${escapeClipped(name)} | ${escapeClipped(moves)} | ${escapeClipped(sha256.slice(0, 12))} | ${escapeClipped(values)} |\n`,
  );
  return [{ open, items, close: "\n", rank: ranks.moves }];
}

function renderListBlocks(title: string, facts: readonly Fact[]): Block[] {
  if (facts.length === 0) return [];
  const items = facts.map(([label, value]) => `- **${escapeClipped(label)}** ${escapeClipped(value)}\n`);
  return [createFold(`${title} (${facts.length})`, items, ranks.rest)];
}
