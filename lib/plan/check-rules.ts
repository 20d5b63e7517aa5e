import { readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../errors.js";
import { jsonSchemaCheck, type SchemaCheck } from "../matrix/json-schema.js";
import { edgesOf, versions } from "../matrix/lookup.js";
import { packageRoot } from "../matrix/package-root.js";
import type { Edition, Matrix, Method } from "../matrix/types.js";
import type { Version } from "../version/version.js";
import semver from "semver";
import { matchesEdge, type EdgePattern } from "./edge-pattern.js";

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
  "never-accepted",
  "not-now",
  "palette-api",
  "pcg-workloads",
  "exposure",
] as const;

/** A rule file as text, with the check against its schema. */
export interface RuleText {
  name: string;
  text: string;
  schema: SchemaCheck;
}

/** What the checks look at; every other key is the schema's business. */
interface AnyRow {
  id?: string;
  edge?: EdgePattern;
  versions?: string;
  into?: string;
  editions?: Edition[];
  methods?: Method[];
  severity?: string;
  readOn: string;
  matchesNothingBecause?: string;
}

/** The shipped rule files. */
export function shippedRules(): RuleText[] {
  const data = join(packageRoot(), "data");
  return ruleFiles.map((name) => ({
    name: `${name}.json`,
    text: readFileSync(join(data, `${name}.json`), "utf8"),
    schema: jsonSchemaCheck(join(data, "schemas", `${name}.schema.json`)),
  }));
}

/** How many rows a rule file holds. */
export function countRules({ text }: RuleText): number {
  return (JSON.parse(text) as { rows: unknown[] }).rows.length;
}

/**
 * All faults of rule files, as `file: row: what`: schema, ids used twice, ranges that cannot be read, days that are none, and
 * rules that match no hop of `matrices` without saying why, or say so and match one.
 */
export function checkRules(files: readonly RuleText[], matrices: readonly Matrix[]): string[] {
  const hops = hopsOf(matrices);
  const seen = new Map<string, string>();
  return files.flatMap((file) => faultsOf(file, hops, seen).map((fault) => `${file.name}: ${fault}`));
}

interface KnownHop {
  edition: Edition;
  method: Method;
  from: Version;
  to: Version;
}

function hopsOf(matrices: readonly Matrix[]): KnownHop[] {
  return matrices.flatMap((matrix) => {
    const edges = edgesOf(matrix);
    const { edition, method } = matrix;
    return versions(matrix).flatMap((from) => edges.from(from).map((to) => ({ edition, method, from, to })));
  });
}

function faultsOf({ name, text, schema }: RuleText, hops: readonly KnownHop[], seen: Map<string, string>): string[] {
  let file: { rows: AnyRow[] };
  try {
    file = JSON.parse(text) as { rows: AnyRow[] };
  } catch (error) {
    return [`is not JSON: ${messageOf(error)}`];
  }
  const shape = schema(file).map((fault) => `schema: ${fault}`);
  if (shape.length > 0) return shape;
  return file.rows.flatMap((row, index) => {
    const named = row.id ?? `row ${index + 1}`;
    const first = row.id === undefined ? undefined : seen.get(row.id);
    if (row.id !== undefined && first === undefined) seen.set(row.id, name);
    const twice = first === undefined ? [] : [`its id is used in ${first} already`];
    const ranges = rangeFaults(row);
    const faults = [...twice, ...ranges, ...dayFaults(row), ...(ranges.length > 0 ? [] : edgeFaults(row, hops))];
    return faults.map((fault) => `${named}: ${fault}`);
  });
}

function rangeFaults({ edge, versions: range, into }: AnyRow): string[] {
  const ranges = { "edge.from": edge?.from, "edge.to": edge?.to, versions: range, into };
  return Object.entries(ranges).flatMap(([key, value]) =>
    value === undefined || semver.validRange(value) !== null ? [] : [`${key} "${value}" is no range of versions`],
  );
}

function dayFaults({ readOn }: AnyRow): string[] {
  const day = new Date(`${readOn}T00:00:00Z`);
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === readOn;
  return isDay ? [] : [`readOn ${readOn} is no day`];
}

function edgeFaults(row: AnyRow, hops: readonly KnownHop[]): string[] {
  const { edge, editions = [], methods = [], severity, matchesNothingBecause } = row;
  if (edge === undefined) return [];
  const steers = severity === "avoid" && Object.keys(edge).join() !== "to";
  const faults = steers ? ["of severity avoid it says where not to stop, so its edge may hold `to` only"] : [];
  const matches = hops.some(
    (hop) => editions.includes(hop.edition) && methods.includes(hop.method) && matchesEdge(edge, hop.from, hop.to),
  );
  if (!matches && matchesNothingBecause === undefined)
    faults.push("it is of no hop of a shipped matrix and does not say why (matchesNothingBecause)");
  if (matches && matchesNothingBecause !== undefined)
    faults.push("it says that it is of no hop (matchesNothingBecause), but there is one");
  return faults;
}
