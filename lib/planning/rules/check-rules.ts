import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getErrorMessage } from "../../base/errors/errors.js";
import { compileSchemaCheck, type SchemaCheck } from "../../base/text/json-schema.js";
import { listEdges, listVersions } from "../matrix/lookup.js";
import { findPackageRoot } from "../../base/process/package-root.js";
import type { Matrix } from "../matrix/types.js";
import semver from "semver";
import { type SelectingRow } from "./edge-pattern.js";
import { type HopOfKind, matchesHop } from "./hop-match.js";
import { type RowsByFile, type Source } from "./types.js";

/** The rule files of data/, without their ending. */
export const ruleFiles = [
  "gates",
  "acts",
  "advisories",
  "kubernetes",
  "kubernetes-eol",
  "bundled-kubernetes",
  "agents",
  "charts",
  "durations",
  "traces",
  "fcv",
  "value-keys",
  "workloads",
  "hop-effects",
  "never-accepted",
  "not-now",
  "palette-api",
  "pcg-workloads",
  "exposure",
  "gate-rules",
  "gate-rights",
  "kubernetes-rights",
  "mongo-lines",
] as const satisfies readonly (keyof RowsByFile)[];

/** A rule file as text, with the check against its schema. */
export interface RuleText {
  name: string;
  text: string;
  schema: SchemaCheck;
}

/** The keys that these checks read; all others are left to the schema. */
interface AnyRow extends SelectingRow {
  readOn: string;
  matchesNothingBecause?: string;
}

/** Reads the shipped rule files. */
export function readShippedRules(): RuleText[] {
  const data = join(findPackageRoot(), "data");
  return ruleFiles.map((name) => ({
    name: `${name}.json`,
    text: readFileSync(join(data, `${name}.json`), "utf8"),
    schema: compileSchemaCheck(join(data, "schemas", `${name}.schema.json`), join(data, "schemas/common.schema.json")),
  }));
}

/** Counts the rows of a rule file. */
export function countRules({ text }: RuleText): number {
  return (JSON.parse(text) as { rows: unknown[] }).rows.length;
}

/**
 * Checks rule files. Returns each fault as `file: row: what`: schema violations, duplicate ids, invalid ranges and
 * days, and rules that match no hop of `matrices` without giving a reason, or give one although they match.
 */
export function checkRules(files: readonly RuleText[], matrices: readonly Matrix[]): string[] {
  const hops = listKnownHops(matrices);
  const seen = new Map<string, string>();
  return files.flatMap((file) => checkRuleFile(file, hops, seen).map((fault) => `${file.name}: ${fault}`));
}

function listKnownHops(matrices: readonly Matrix[]): HopOfKind[] {
  return matrices.flatMap((matrix) => {
    const edges = listEdges(matrix);
    const { edition, method } = matrix;
    return listVersions(matrix).flatMap((from) => edges.from(from).map((to) => ({ edition, method, from, to })));
  });
}

function checkRuleFile(
  { name, text, schema }: RuleText,
  hops: readonly HopOfKind[],
  seen: Map<string, string>,
): string[] {
  let file: { rows: AnyRow[] };
  try {
    file = JSON.parse(text) as { rows: AnyRow[] };
  } catch (error) {
    return [`is not JSON: ${getErrorMessage(error)}`];
  }
  const shape = schema(file).map((fault) => `schema: ${fault}`);
  if (shape.length > 0) return shape;
  return file.rows.flatMap((row, index) => {
    const named = row.id ?? `row ${index + 1}`;
    const first = row.id === undefined ? undefined : seen.get(row.id);
    if (row.id !== undefined && first === undefined) seen.set(row.id, name);
    const twice = first === undefined ? [] : [`its id is used in ${first} already`];
    const ranges = checkRanges(row);
    const faults = [
      ...twice,
      ...ranges,
      ...checkReadOn(row),
      ...checkSources(row),
      ...(ranges.length > 0 ? [] : checkEdge(row, hops)),
    ];
    return faults.map((fault) => `${named}: ${fault}`);
  });
}

function checkRanges({ edge, versions: range, into }: AnyRow): string[] {
  const ranges = { "edge.from": edge?.from, "edge.to": edge?.to, versions: range, into };
  return Object.entries(ranges).flatMap(([key, value]) =>
    value === undefined || semver.validRange(value) !== null ? [] : [`${key} "${value}" is no range of versions`],
  );
}

function checkReadOn({ readOn }: AnyRow): string[] {
  const day = new Date(`${readOn}T00:00:00Z`);
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === readOn;
  return isDay ? [] : [`readOn ${readOn} is no day`];
}

/** A source without a known commit says what it was seen in; the refresh looks for those first. */
function checkSources(row: AnyRow): string[] {
  return listSources(row).flatMap(({ path, commit, seenIn }) =>
    (commit === undefined) === (seenIn === undefined)
      ? [`its source ${path} must have either a commit or, where that is not known, seenIn`]
      : [],
  );
}

/** Lists the sources of a row, wherever they stand in it. */
function listSources(value: unknown): Source[] {
  if (typeof value !== "object" || value === null) return [];
  const below = Object.values(value).flatMap(listSources);
  return "repository" in value && "path" in value ? [value as Source, ...below] : below;
}

/** Lists the rows whose source has no known commit, as `file: row: what it was seen in`, for the next refresh. */
export function listUnknownCommits(files: readonly RuleText[]): string[] {
  return files.flatMap(({ name, text }) =>
    (JSON.parse(text) as { rows: AnyRow[] }).rows.flatMap((row, index) =>
      listSources(row).flatMap(({ path, seenIn }) =>
        seenIn === undefined ? [] : [`${name}: ${row.id ?? `row ${index + 1}`}: ${path}, seen in ${seenIn}`],
      ),
    ),
  );
}

function checkEdge(row: AnyRow, hops: readonly HopOfKind[]): string[] {
  const { edge, editions = [], methods = [], severity, matchesNothingBecause } = row;
  if (edge === undefined) return [];
  const steers = severity === "avoid" && Object.keys(edge).join() !== "to";
  const faults = steers ? ["of severity avoid it says where not to stop, so its edge may hold `to` only"] : [];
  const matches = hops.some((hop) => matchesHop({ edge, editions, methods }, hop));
  if (!matches && matchesNothingBecause === undefined)
    faults.push("it is of no hop of a shipped matrix and does not say why (matchesNothingBecause)");
  if (matches && matchesNothingBecause !== undefined)
    faults.push("it says that it is of no hop (matchesNothingBecause), but there is one");
  return faults;
}
