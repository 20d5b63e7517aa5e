import type { Plan } from "../plan/types.js";
import { escape, fit, folded, type Block } from "./markdown-blocks.js";
import { outlineOf, reachOf, type Entry, type HopOutline, type Outline } from "./outline.js";

/** A pull request's comment may hold 64,000 characters; what stands around the plan needs some. */
export const markdownLimit = 60_000;

/** The plan for a comment: summary first, details folded, never longer than `limit` characters. */
export function renderMarkdown(plan: Plan, limit = markdownLimit): string {
  const outline = outlineOf(plan, "→");
  const blocks: Block[] = [
    { open: `### ${escape(outline.headline)}\n\n`, items: [], close: "" },
    ...warningBlock(outline),
    ...refusalBlock(outline),
    ...hopBlock(outline),
    ...foldedBlocks(outline),
  ];
  return fit(blocks, limit);
}

/** The road of a plan as part of another comment: its hops, what each act, gate and advisory means, where that comes from. */
export function roadBlocks(plan: Plan, rank: number): Block[] {
  const outline = outlineOf(plan, "→");
  const hops = hopBlock(outline).map((block) => {
    const fold = folded(`The road, hop by hop (${block.items.length})`, block.items);
    return { ...fold, open: fold.open + block.open };
  });
  return [...hops, ...foldedBlocks(outline)].map((block) => ({ ...block, rank }));
}

function foldedBlocks({ sections, facts }: Outline): Block[] {
  return [
    ...sections.map(({ title, entries }) => folded(`${title} (${entries.length})`, entries.map(entryItem))),
    folded(
      "Where this comes from",
      facts.map(([label, value]) => `- ${label}: ${escape(value)}\n`),
    ),
  ];
}

function warningBlock({ warnings }: Outline): Block[] {
  if (warnings.length === 0) return [];
  return [{ open: "", items: warnings.map(({ code, message }) => `- **${code}** ${escape(message)}\n`), close: "\n" }];
}

function refusalBlock({ refusal }: Outline): Block[] {
  if (refusal === null) return [];
  const items = refusal.facts.map(([label, value]) => `- ${escape(label)}: ${escape(value)}\n`);
  return [{ open: `**${refusal.code}** ${escape(refusal.message)}\n\n`, items, close: "\n" }];
}

function hopBlock({ hops }: Outline): Block[] {
  if (hops.length === 0) return [];
  const head = ["#", "hop", "kind", "acts before", "gates before that must pass", "gates after", "acts after"];
  const open = `| ${head.join(" | ")} |\n|${" --- |".repeat(head.length)}\n`;
  return [{ open, items: hops.map(hopRow), close: "\n" }];
}

function hopRow(hop: HopOutline): string {
  const cells = [
    `${hop.number}`,
    `${hop.from} → ${hop.to}`,
    reachOf(hop),
    hop.before.acts.join(", "),
    hop.before.mustPass.join(", "),
    [...hop.after.mustPass, ...hop.after.mayWarn].join(", "),
    hop.after.acts.join(", "),
  ];
  return `| ${cells.map((cell) => escape(cell) || "–").join(" | ")} |\n`;
}

function entryItem({ name, marks, hops, text, source }: Entry): string {
  const read = source === "" ? "" : ` <sub>${escape(source)}</sub>`;
  return `- **${escape(name)}** (${escape([...marks, hops].join("; "))}): ${escape(text)}${read}\n`;
}
