import { isVersion } from "../version/version.js";
import { isWildcard } from "../version/wildcard.js";
import { rowsUp } from "./rows-up.js";
import type { Mark } from "./types.js";

const marks = new Map<string, Mark>([
  [":white_check_mark:", "supported"],
  ["✅", "supported"],
  [":x:", "unsupported"],
  ["❌", "unsupported"],
  [":question:", "conditional"],
  ["❓", "conditional"],
]);

/** The cells of a row that matter, as the page writes them. */
export interface ReadCells {
  from: string;
  to: string;
  mark: string;
}

/** A row's mark, or the reason why the row cannot be taken. */
export function judgeCells({ from, to, mark }: ReadCells): { mark: Mark } | { reason: string } {
  for (const [name, version] of [
    ["source", from],
    ["target", to],
  ] as const) {
    const fault = versionFault(version);
    if (fault !== undefined) return { reason: `its ${name} ${fault}` };
  }
  if (mark === "") return { reason: "it has no mark" };
  const known = marks.get(mark.replace(/\ufe0f/g, ""));
  if (known === undefined) return { reason: `its mark "${mark}" is not known` };
  return rowsUp(from, to) ? { mark: known } : { reason: "its target is not newer than its source" };
}

function versionFault(text: string): string | undefined {
  const known: boolean = isVersion(text) || isWildcard(text);
  if (known) return undefined;
  if (text === "") return "is missing";
  if (/^\d+\.\d+\.[a-z]+$/i.test(text)) return `"${text}" is a placeholder, not a release`;
  return `"${text}" is neither a release such as 4.6.41 nor a minor such as 4.1.x`;
}

const versionLike = /^v?\d+\.\d+(\.[\w-]+)?$/;
const markLike = /^(\[?:[\w+-]+:|\p{Extended_Pictographic})/u;

/** True for a line with two cells like versions and a mark after them, in whatever table or none: no such line is ever lost. */
export function looksLikeRow(line: string): boolean {
  const cells = line
    .replace(/<\/?t[dhr]\b[^>]*>/gi, "|")
    .split("|")
    .map((cell) => cell.replace(/[*`>]/g, "").trim())
    .filter((cell) => cell !== "");
  return cells.some((cell, at) => {
    return versionLike.test(cell) && versionLike.test(cells[at + 1] ?? "") && markLike.test(cells[at + 2] ?? "");
  });
}
