import { toPrintable } from "../base/text/shown.js";

/** A part of a comment that stays well-formed when items are left out at its end. */
export interface Block {
  open: string;
  items: string[];
  close: string;
  /** Priority if not everything fits: lower ranks first, equal ones in their order. Default: 0. */
  rank?: number;
}

/** Creates a collapsed block of which only the title is visible. */
export function createFold(title: string, items: string[], rank = 0): Block {
  return { open: `<details><summary>${escapeMarkdown(title)}</summary>\n\n`, items, close: "\n</details>\n\n", rank };
}

/** Characters reserved for the notice that lines were left out. */
const noticeRoom = 200;

/**
 * Joins the blocks in at most `limit` characters; items that do not fit are left out and counted. A block is shown only
 * if all blocks of higher priority fit. */
export function fitBlocks(blocks: readonly Block[], limit: number): string {
  const kept = new Map<Block, string>();
  let room = limit - noticeRoom;
  let leftOut = 0;
  let fullAt = Infinity;
  for (const block of [...blocks].sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))) {
    const rank = block.rank ?? 0;
    const inside = rank > fullAt ? -1 : room - block.open.length - block.close.length;
    const items = inside < 0 ? [] : takeWhileFits(block.items, inside);
    leftOut += block.items.length - items.length;
    if (items.length < block.items.length) fullAt = Math.min(fullAt, rank);
    if (inside < 0 || (items.length === 0 && block.items.length > 0)) continue;
    const text = block.open + items.join("") + block.close;
    kept.set(block, text);
    room -= text.length;
  }
  const text = blocks.map((block) => kept.get(block) ?? "").join("");
  if (leftOut === 0) return `${text.trimEnd()}\n`;
  const notice = `> **Cut:** ${leftOut} lines were left out to stay below ${limit} characters. Use \`--output text\` or \`json\` for all of it.`;
  return `${text.trimEnd()}\n\n${notice}\n`;
}

function takeWhileFits(items: readonly string[], room: number): string[] {
  let used = 0;
  const over = items.findIndex((item) => (used += item.length) > room);
  return over === -1 ? [...items] : items.slice(0, over);
}

/**
 * Escapes text so that it cannot end a table cell, open a tag, start emphasis or a formula, or mention anybody: a
 * zero-width space behind `@`, `#` and `!` keeps a comment from notifying people and from linking to issues.
 */
export function escapeMarkdown(text: string): string {
  return toPrintable(text)
    .replace(/\s+/g, (gap) => (gap.includes("\n") ? " " : gap))
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[@#!](?=\w)/g, "$&&#8203;")
    .replace(/[\\`*_|[\]~$]/g, (sign) => `\\${sign}`);
}
