import { groupBy } from "../../base/text/group-by.js";
import { linkSource } from "../rules/citation.js";
import type { ComparedSources, SourceChange } from "./compare-sources.js";

/** What a refresh found. */
export interface Refresh {
  sources: ComparedSources;
  /** Faults, and rows that begin elsewhere, by the page (and branch) they are of. */
  faults: { page: string; what: string }[];
  added: { page: string; what: string }[];
  /** The differences of the matrices that were written. */
  diffs: { title: string; text: string }[];
  /** What `matrix check` finds after that. */
  unchecked: string;
  /** The commit of today of each repository and branch. */
  heads: string[];
}

/** Lists what must not be passed over: pages and sections that are gone, matrices that could not be read. */
export function listLoud({ sources, faults }: Refresh): string[] {
  return [
    ...sources.changes
      .filter(({ what }) => what === "page gone" || what === "section gone")
      .map(({ what, path, section, rows }) => `${what}: ${path}, ${section} (rows that cite it: ${rows.length})`),
    ...faults.map(({ page, what }) => `${page}: ${what}`),
    ...listOpen({ ...sources, open: sources.open.filter(({ isLoud }) => isLoud) }),
  ];
}

/** True if there is nothing for a person to do. What cannot be compared is listed, and is no change. */
export function isUnchanged({ sources, faults, added, diffs }: Refresh): boolean {
  return [sources.changes, faults, added, diffs].every((all) => all.length === 0);
}

/** Renders the report of a refresh as Markdown: what is loud first, then the table, then the rest. */
export function renderRefresh(refresh: Refresh): string {
  const { sources, added, diffs, unchecked, heads } = refresh;
  const loud = listLoud(refresh);
  const blocks = [
    `Sources read: ${sources.sources}, as of ${heads.join(", ")}.`,
    ...(loud.length === 0 ? [] : ["## Gone or not readable", renderList(loud)]),
    ...(sources.changes.length === 0
      ? []
      : ["## Sources that changed since rows were read", explanation, renderTable(sources.changes)]),
    ...(added.length === 0
      ? []
      : ["## Rows that begin elsewhere", renderList(added.map(({ page, what }) => `${page}: ${what}`))]),
    ...diffs.flatMap(({ title, text }) => [`## ${title}`, `\`\`\`text\n${text.trimEnd()}\n\`\`\``]),
    ...(unchecked === "" ? [] : ["## To be fixed before merging", `\`\`\`text\n${unchecked.trimEnd()}\n\`\`\``]),
    ...(sources.open.length === 0 ? [] : ["## Not compared", renderList(listOpen(sources))]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

const explanation =
  "For each line: read both versions; correct the rows, or leave them; then give them the new commit and `readOn`.";

function renderTable(changes: readonly SourceChange[]): string {
  const lines = changes.map(({ what, path, section, rows, read, now, repository }) => {
    const then = read === undefined ? [] : [`[read](${linkSource({ repository, path, commit: read })})`];
    const link = what === "page gone" ? [] : [`[now](${linkSource({ repository, path, commit: now })})`];
    const cited = rows.length === 0 ? "none" : rows.map(({ row }) => toCode(row)).join("<br>");
    const concerns = rows.map((row) => row.concerns).filter((each) => each !== "");
    const cells = [
      what,
      toCode(`${repository} ${path}`),
      toCode(section),
      cited,
      [...new Set(concerns)].join("<br>"),
      [...then, ...link].join(", "),
    ];
    return `| | ${cells.join(" | ")} |`;
  });
  return [
    "| Done | What | Source | Section | Rows that cite it | Hops they are of | Compare |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

function listOpen({ open }: ComparedSources): string[] {
  const reasons = groupBy(open, ({ repository, path, reason }) => `${repository} ${path}: ${reason}`);
  return [...reasons].map(([reason, all]) => `${reason} (rows: ${all.map(({ row }) => row).join(", ")})`);
}

function renderList(lines: readonly string[]): string {
  return lines.map((line) => `- ${toCode(line)}`).join("\n");
}

/** Words of the vendor's pages stand in code, where they are no Markdown. */
function toCode(text: string): string {
  return `\`${text.replace(/\s+/g, " ").replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}
