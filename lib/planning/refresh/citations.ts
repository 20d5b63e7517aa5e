import { listEdges, listVersions } from "../matrix/lookup.js";
import type { Matrix } from "../matrix/types.js";
import { isInRange, matchesEdge, type SelectingRow } from "../rules/edge-pattern.js";
import type { Source } from "../rules/types.js";

/** A row of `data/` that cites a source. */
export interface Citation extends Source {
  /** File and id of the row. */
  row: string;
  /** Hops of the newest matrices that the row is of; empty for rows that select no hops. */
  concerns: string;
}

/** A file of rules as parsed. */
export interface RuleFile {
  name: string;
  content: unknown;
}

/** Lists every source that a row cites, wherever in the row it stands. */
export function listCitations(files: readonly RuleFile[], newest: readonly Matrix[]): Citation[] {
  return files.flatMap(({ name, content }) => {
    const rows = isRecord(content) && Array.isArray(content["rows"]) ? (content["rows"] as unknown[]) : [];
    return rows.flatMap((row, index) => {
      if (!isRecord(row)) return [];
      const selecting = row as SelectingRow & { palette?: string };
      const id = selecting.id ?? selecting.palette ?? String(index + 1);
      const concerns = describeHops(selecting, newest);
      return listSources(row).map((source) => ({ ...source, row: `${name}: ${id}`, concerns }));
    });
  });
}

function listSources(value: unknown): Source[] {
  if (Array.isArray(value)) return value.flatMap(listSources);
  if (!isRecord(value)) return [];
  const { repository, path, section } = value;
  const isSource = [repository, path, section].every((each) => typeof each === "string");
  return isSource ? [value as unknown as Source] : Object.values(value).flatMap(listSources);
}

function describeHops(row: SelectingRow, newest: readonly Matrix[]): string {
  if (row.edge === undefined && row.versions === undefined && row.into === undefined) return "";
  const hops = newest.flatMap((matrix) => {
    if (row.editions?.includes(matrix.edition) === false || row.methods?.includes(matrix.method) === false) return [];
    const edges = listEdges(matrix);
    const all = listVersions(matrix).flatMap((from) => edges.from(from).map((to) => ({ from, to })));
    return all
      .filter(({ from, to }) => selects(row, from, to))
      .map(({ from, to }) => `${matrix.method} ${from} -> ${to}`);
  });
  const steers = row.severity === "avoid" || row.severity === "block" ? `, steers routes (${row.severity})` : "";
  return `hops: ${hops.length}${hops.length === 0 ? "" : `, the newest ${hops.at(-1) ?? ""}`}${steers}`;
}

function selects({ edge, versions, into }: SelectingRow, from: string, to: string): boolean {
  if (edge !== undefined) return matchesEdge(edge, from, to);
  return isInRange(to, versions ?? into ?? "*");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
