import type { MatrixRow } from "../../matrix/types.js";

/** Formats a list: `a`, `a and b`, `a, b and c`; beyond `most` items the rest is counted. */
export function formatList(items: readonly string[], maxItems = 6): string {
  if (items.length > maxItems)
    return `${items.slice(0, maxItems - 1).join(", ")} and ${items.length - maxItems + 1} more`;
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)!}`;
}

/** Describes a row so that a reader finds it: `4.1.x -> 4.3.6 (line 312)`. */
export function describeRow(row: MatrixRow): string {
  const place = row.line === null ? (row.section === "" ? "" : ` (section ${row.section})`) : ` (line ${row.line})`;
  return `${row.from} -> ${row.to}${place}`;
}

/** Returns `is` for one item, else `are`. */
export function selectIsOrAre(items: readonly unknown[]): string {
  return items.length === 1 ? "is" : "are";
}
