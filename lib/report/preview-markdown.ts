import type { PreviewReport } from "../stack/preview-report.js";
import { markdownLimit, roadBlocks } from "./markdown.js";
import { escape, fit, folded, type Block } from "./markdown-blocks.js";
import type { Fact } from "./outline.js";
import { previewOutline, type GateLine, type PreviewOutline } from "./preview-outline.js";
import type { PreviewEnd } from "./preview-verdict.js";
import { clipped, printable } from "./printable.js";

/**
 * The first line of a stack's comment, invisible to readers: by it a later run finds the comment and edits it in place.
 * One stack's marker never begins another's (of a name longer than any engine allows, the first part counts).
 */
export function previewMarker(stack: string): string {
  return `<!-- palette-upgrade preview of ${encodeURIComponent(Buffer.from(stack).toString()).replaceAll("-", "%2D").slice(0, 400)} -->`;
}

/** Who gets room first: the summary, then what a person must do, then what moves, then what explains, then the plan. */
const ranks = { summary: 0, refusal: 1, acts: 2, openGates: 3, moves: 4, gates: 5, rest: 6, road: 7 } as const;

/** Characters that one text of the site's or a person's may take up. */
const textLimit = 1_500;

/** The preview, and the plan behind it, for a pull request's comment: summary first, details folded, always shorter than `limit` characters. */
export function renderPreviewMarkdown(report: PreviewReport, limit = markdownLimit): string {
  const outline = previewOutline(report, "→");
  const marker = previewMarker(report.stack);
  const body = fit(
    [
      summaryBlock(outline),
      ...refusalBlocks(outline),
      ...actBlocks(outline),
      ...gateBlocks(outline.gates),
      ...chartBlocks(outline),
      ...listBlocks("Acceptances", outline.acceptances),
      ...listBlocks("How long each hop takes", outline.estimates),
      ...listBlocks(
        "Warnings of the plan",
        outline.warnings.map(({ code, message }): Fact => [code, message]),
      ),
      ...(report.plan === null ? [] : roadBlocks(report.plan, ranks.road)),
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

function words(text: string): string {
  return escape(clipped(text, textLimit));
}

function summaryBlock({ headline, verdict, facts }: PreviewOutline): Block {
  return {
    open: `### ${words(headline)}\n\n${signs[verdict.end]} **${words(verdict.sentence)}**\n\n`,
    items: facts.map(([label, value]) => `- ${words(label)}: ${words(value)}\n`),
    close: "\n",
    rank: ranks.summary,
  };
}

/** A quotation, line by line: no line of it can be taken for a command to the platform. */
function refusalBlocks({ refusal }: PreviewOutline): Block[] {
  if (refusal === null) return [];
  const lines = quoted(refusal.message);
  const [first = "", ...ways] = refusal.next === null ? [] : quoted(refusal.next);
  const next = refusal.next === null ? [] : [`>\n> **Next:** ${first.slice(2)}`, ...separated(ways)];
  const items = [`> **${words(refusal.code)}** ${lines[0]!.slice(2)}`, ...next, ...separated(lines.slice(1))];
  return [{ open: "", items, close: "\n", rank: ranks.refusal }];
}

function quoted(text: string): string[] {
  return printable(text)
    .split("\n")
    .map((line) => `> ${words(line.trim())}\n`);
}

/** Lines of a quotation that stay lines. */
function separated(lines: readonly string[]): string[] {
  return lines.flatMap((line) => [`>\n${line}`]);
}

function actBlocks({ acts, acknowledgement }: PreviewOutline): Block[] {
  if (acts.length === 0) return [];
  const items = acts.map(({ name, text, irreversible, acknowledged }) => {
    const marks = [acknowledged ? "acknowledged" : "**open**", ...(irreversible ? ["**cannot be undone**"] : [])];
    return `- **${words(name)}** (${marks.join(", ")}): ${words(text)}\n`;
  });
  const list: Block = { open: "#### Acts before this hop\n\n", items, close: "\n", rank: ranks.acts };
  if (acknowledgement === "") return [list];
  const yaml = fenced(printable(acknowledgement), "yaml");
  const say = "When done, say who and why in the stack's settings:\n\n";
  return [list, { open: "", items: [`${say}${yaml}\n`], close: "", rank: ranks.acts }];
}

/** A fence longer than any run of backticks within it. */
function fenced(text: string, language: string): string {
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

/** Those that need a person or time openly, the others behind a fold. */
function gateBlocks(gates: readonly GateLine[]): Block[] {
  const isOpen = ({ outcome }: GateLine): boolean => ["fail", "unknown", "wait"].includes(outcome);
  const open = gates.filter(isOpen);
  const rest = gates.filter((gate) => !isOpen(gate));
  const shown: Block[] =
    open.length === 0
      ? []
      : [{ open: `#### Gates\n\n${gateHead}`, items: open.map(gateRow), close: "\n", rank: ranks.openGates }];
  if (rest.length === 0) return shown;
  const counts = (["will-check", "pass", "not-applicable"] as const).flatMap((outcome) => {
    const count = rest.filter((gate) => gate.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcome === "will-check" ? "will check" : outcome.replace("-", " ")}`];
  });
  const fold = folded(`Gates: ${counts.join(", ")}`, rest.map(gateRow), ranks.gates);
  return [...shown, { ...fold, open: fold.open + gateHead }];
}

const gateHead = "| now | gate | when | | what was found |\n| --- | --- | --- | --- | --- |\n";

function gateRow({ name, when, must, outcome, words: found }: GateLine): string {
  const what = clipped(found.join(" · "), textLimit);
  return `| ${gateSigns[outcome]} | ${words(name)} | ${when} | ${must} | ${escape(what) || "–"} |\n`;
}

function chartBlocks({ releases }: PreviewOutline): Block[] {
  if (releases.length === 0) return [];
  const open = "#### Charts to move\n\n| release | moves | sha256 |\n| --- | --- | --- |\n";
  const items = releases.map(
    ({ name, moves, sha256 }) => `| ${words(name)} | ${words(moves)} | ${words(sha256.slice(0, 12))} |\n`,
  );
  return [{ open, items, close: "\n", rank: ranks.moves }];
}

function listBlocks(title: string, facts: readonly Fact[]): Block[] {
  if (facts.length === 0) return [];
  const items = facts.map(([label, value]) => `- **${words(label)}** ${words(value)}\n`);
  return [folded(`${title} (${facts.length})`, items, ranks.rest)];
}
