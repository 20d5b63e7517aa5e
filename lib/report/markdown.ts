import type { Plan } from "../planning/plan/types.js";
import { escapeMarkdown, fitBlocks, createFold, type Block } from "./markdown-blocks.js";
import { splitLinks } from "./links.js";
import { createOutline, describeReach, type Entry, type HopOutline, type Outline } from "./outline.js";

/** Limit for the plan: a pull request comment may have 64,000 characters, some of which are needed around the plan. */
export const markdownLimit = 60_000;

/** Renders the plan for a comment: summary first, details collapsed, at most `limit` characters. */
export function renderMarkdown(plan: Plan, limit = markdownLimit, tool?: string): string {
  const outline = createOutline(plan, "→", tool);
  const blocks: Block[] = [
    { open: `### ${escapeMarkdown(outline.headline)}\n\n`, items: [], close: "" },
    ...renderWarningBlock(outline),
    ...renderRefusalBlock(outline),
    ...renderHopBlock(outline),
    ...renderFoldedBlocks(outline),
  ];
  return fitBlocks(blocks, limit);
}

/**
 * Renders the route of a plan as part of another comment: hops, explanations of acts, gates and advisories, sources.
 */
export function renderRouteBlocks(plan: Plan, rank: number): Block[] {
  const outline = createOutline(plan, "→");
  const hops = renderHopBlock(outline).map((block) => {
    const fold = createFold(`The route, hop by hop (${block.items.length})`, block.items);
    return { ...fold, open: fold.open + block.open };
  });
  return [...hops, ...renderFoldedBlocks(outline)].map((block) => ({ ...block, rank }));
}

function renderFoldedBlocks({ sections, facts }: Outline): Block[] {
  return [
    ...sections.map(({ title, entries }) => createFold(`${title} (${entries.length})`, entries.map(renderEntryItem))),
    createFold(
      "Where this comes from",
      facts.map(([label, value]) => `- ${label}: ${renderLinked(value)}\n`),
    ),
  ];
}

function renderWarningBlock({ warnings }: Outline): Block[] {
  if (warnings.length === 0) return [];
  return [
    { open: "", items: warnings.map(({ code, message }) => `- **${code}** ${escapeMarkdown(message)}\n`), close: "\n" },
  ];
}

function renderRefusalBlock({ refusal }: Outline): Block[] {
  if (refusal === null) return [];
  const items = refusal.facts.map(([label, value]) => `- ${escapeMarkdown(label)}: ${escapeMarkdown(value)}\n`);
  return [{ open: `**${refusal.code}** ${escapeMarkdown(refusal.message)}\n\n`, items, close: "\n" }];
}

function renderHopBlock({ hops }: Outline): Block[] {
  if (hops.length === 0) return [];
  const head = ["#", "hop", "kind", "acts before", "gates before that must pass", "gates after", "acts after"];
  const open = `| ${head.join(" | ")} |\n|${" --- |".repeat(head.length)}\n`;
  return [{ open, items: hops.map(renderHopRow), close: "\n" }];
}

function renderHopRow(hop: HopOutline): string {
  const cells = [
    `${hop.number}`,
    `${hop.from} → ${hop.to}`,
    describeReach(hop),
    hop.before.acts.join(", "),
    hop.before.mustPass.join(", "),
    [...hop.after.mustPass, ...hop.after.mayWarn].join(", "),
    hop.after.acts.join(", "),
  ];
  return `| ${cells.map((cell) => escapeMarkdown(cell) || "–").join(" | ")} |\n`;
}

/** Escapes a citation but for its links, which a reader opens. */
function renderLinked(text: string): string {
  return splitLinks(text)
    .map((part) => (part.isLink ? `<${part.text}>` : escapeMarkdown(part.text)))
    .join("");
}

function renderEntryItem({ name, marks, hops, text, source }: Entry): string {
  const sourceNote = source === "" ? "" : ` <sub>${renderLinked(source)}</sub>`;
  return `- **${escapeMarkdown(name)}** (${escapeMarkdown([...marks, hops].join("; "))}): ${escapeMarkdown(text)}${sourceNote}\n`;
}
