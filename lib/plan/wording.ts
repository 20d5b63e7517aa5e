import type { MatrixRow } from "../matrix/types.js";

/** `a`, `a and b`, `a, b and c`; beyond `most` the rest is counted. */
export function inWords(items: readonly string[], most = 6): string {
  if (items.length > most) return `${items.slice(0, most - 1).join(", ")} and ${items.length - most + 1} more`;
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)!}`;
}

/** A row as a reader finds it again: `4.1.x -> 4.3.6 (line 312)`. */
export function nameRow(row: MatrixRow): string {
  const place = row.line === null ? (row.section === "" ? "" : ` (section ${row.section})`) : ` (line ${row.line})`;
  return `${row.from} -> ${row.to}${place}`;
}

/** `is` or `are`, as many as there are. */
export function areOrIs(items: readonly unknown[]): string {
  return items.length === 1 ? "is" : "are";
}
