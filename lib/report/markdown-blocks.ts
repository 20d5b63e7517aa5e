import { printable } from "./printable.js";

/** A part that may be cut between its items, and stays well-formed when it is. */
export interface Block {
  open: string;
  items: string[];
  close: string;
  /** Who gets room first where not everything fits; equal ones in the order they stand in. Default: 0, the first. */
  rank?: number;
}

/** A block behind a fold that shows its title. */
export function folded(title: string, items: string[], rank = 0): Block {
  return { open: `<details><summary>${escape(title)}</summary>\n\n`, items, close: "\n</details>\n\n", rank };
}

/** Characters kept free for the notice of a cut. */
const noticeRoom = 200;

/**
 * The blocks one after the other in at most `limit` characters; what does not fit is left out between items and counted. Nothing
 * of a lower rank is shown where something of a higher one is not. */
export function fit(blocks: readonly Block[], limit: number): string {
  const kept = new Map<Block, string>();
  let room = limit - noticeRoom;
  let left = 0;
  let fullAt = Infinity;
  for (const block of [...blocks].sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))) {
    const rank = block.rank ?? 0;
    const inside = rank > fullAt ? -1 : room - block.open.length - block.close.length;
    const items = inside < 0 ? [] : takeWhileFits(block.items, inside);
    left += block.items.length - items.length;
    if (items.length < block.items.length) fullAt = Math.min(fullAt, rank);
    if (inside < 0 || (items.length === 0 && block.items.length > 0)) continue;
    const text = block.open + items.join("") + block.close;
    kept.set(block, text);
    room -= text.length;
  }
  const text = blocks.map((block) => kept.get(block) ?? "").join("");
  if (left === 0) return `${text.trimEnd()}\n`;
  const notice = `> **Cut:** ${left} lines were left out to stay below ${limit} characters. Use \`--output text\` or \`json\` for all of it.`;
  return `${text.trimEnd()}\n\n${notice}\n`;
}

function takeWhileFits(items: readonly string[], room: number): string[] {
  let used = 0;
  const over = items.findIndex((item) => (used += item.length) > room);
  return over === -1 ? [...items] : items.slice(0, over);
}

/**
 * Nothing of the data's may end a cell, open a tag, start emphasis or a formula, or call anybody: a zero-width space behind the sign
 * keeps a comment from notifying people and from turning up in threads that a message happens to name.
 */
export function escape(text: string): string {
  return printable(text)
    .replace(/\s*\n\s*/g, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[@#!](?=\w)/g, "$&&#8203;")
    .replace(/[\\`*_|[\]~$]/g, (sign) => `\\${sign}`);
}
