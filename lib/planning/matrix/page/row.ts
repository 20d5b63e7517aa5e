import { isVersion, isWildcard } from "../../version/version.js";
import { type Mark } from "../types.js";
import { isUpgradeRow } from "./unique-rows.js";

const marks = new Map<string, Mark>([
  [":white_check_mark:", "supported"],
  ["✅", "supported"],
  [":x:", "unsupported"],
  ["❌", "unsupported"],
  [":question:", "conditional"],
  ["❓", "conditional"],
]);

/** The relevant cells of a row, as written on the page. */
export interface ReadCells {
  from: string;
  to: string;
  mark: string;
}

/** Judges the cells of a row: returns its mark, or the reason why the row cannot be imported. */
export function judgeCells({ from, to, mark }: ReadCells): { mark: Mark } | { reason: string } {
  for (const [name, version] of [
    ["source", from],
    ["target", to],
  ] as const) {
    const fault = findVersionFault(version);
    if (fault !== undefined) return { reason: `its ${name} ${fault}` };
  }
  if (mark === "") return { reason: "it has no mark" };
  const known = marks.get(mark.replace(/\ufe0f/g, ""));
  if (known === undefined) return { reason: `its mark "${mark}" is not known` };
  return isUpgradeRow(from, to) ? { mark: known } : { reason: "its target is not newer than its source" };
}

function findVersionFault(text: string): string | undefined {
  const known: boolean = isVersion(text) || isWildcard(text);
  if (known) return undefined;
  if (text === "") return "is missing";
  if (/^\d+\.\d+\.[a-z]+$/i.test(text)) return `"${text}" is a placeholder, not a release`;
  return `"${text}" is neither a release such as 4.6.41 nor a minor such as 4.1.x`;
}

const versionLike = /^v?\d+\.\d+(\.[\w-]+)?$/;
const markLike = /^(\[?:[\w+-]+:|\p{Extended_Pictographic})/u;

/** True for a line with two version-like cells and a mark after them, in any table or none: none may be lost. */
export function isRowLike(line: string): boolean {
  const cells = line
    .replace(/<\/?t[dhr]\b[^>]*>|\{?\/\*|\*\/\}?|<!--|-->/gi, "|")
    .split("|")
    .map((cell) => cell.replace(/[*`>]/g, "").trim())
    .filter((cell) => cell !== "");
  return cells.some((cell, at) => {
    return versionLike.test(cell) && versionLike.test(cells[at + 1] ?? "") && markLike.test(cells[at + 2] ?? "");
  });
}

/** Shortens a line of a page for messages: white space collapsed, cut at 80 characters. */
export function shortenLine(text: string): string {
  const short = text.replace(/\s+/g, " ").trim();
  return short.length > 80 ? `${short.slice(0, 77)}...` : short;
}
