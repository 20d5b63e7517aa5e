/** Hand-written twin of `data/schemas/matrix.schema.json`: loading is on the path of every plan, a schema compiler is not. */
import { isVersion } from "../version/version.js";
import { isWildcard } from "../version/wildcard.js";
import { rowsUp } from "./rows-up.js";
import { editions, marks, methods } from "./types.js";

type Check = (value: unknown) => string | undefined;

const keys: Record<string, Check> = {
  schemaVersion: oneOf([1]),
  id: text(/^[a-z]+-[a-z]+-\d+\.\d+\.\d+$/, "an id such as palette-kubernetes-4.7.20"),
  edition: oneOf(editions),
  method: oneOf(methods),
  source: () => undefined,
  readOn: text(/^\d{4}-\d{2}-\d{2}$/, "a day, YYYY-MM-DD"),
  columns: (value) =>
    JSON.stringify(value) === '["from","to","mark","section","line"]'
      ? undefined
      : 'expected ["from", "to", "mark", "section", "line"]',
  rows: (value) => (Array.isArray(value) && value.length > 0 ? undefined : "expected a list of at least one row"),
};

const sourceKeys: Record<string, Check> = {
  repository: text(/\S/, "a text that is not empty"),
  path: text(/\S/, "a text that is not empty"),
  commit: text(/\S/, "a text that is not empty"),
};

const rowChecks: Check[] = [
  versionOrWildcard,
  versionOrWildcard,
  oneOf(marks),
  (value) => (typeof value === "string" ? undefined : `found ${shown(value)}, expected a text`),
  (value) =>
    value === null || (Number.isInteger(value) && Number(value) > 0)
      ? undefined
      : `found ${shown(value)}, expected a line number or null`,
];

/** Every fault of a parsed matrix file as `path: what is wrong`; empty if it has the right shape. */
export function faultsOf(value: unknown): string[] {
  if (!isRecord(value)) return [`found ${shown(value)}, expected an object`];
  const faults = keyFaults(value, keys, "");
  if ("source" in value) {
    if (isRecord(value["source"])) faults.push(...keyFaults(value["source"], sourceKeys, "source."));
    else faults.push(`source: found ${shown(value["source"])}, expected an object`);
  }
  const rows: unknown = value["rows"];
  if (Array.isArray(rows)) rows.forEach((row: unknown, index) => faults.push(...rowFaults(row, `rows[${index}]`)));
  return faults;
}

function keyFaults(value: Record<string, unknown>, checks: Record<string, Check>, prefix: string): string[] {
  const faults: string[] = [];
  for (const [key, check] of Object.entries(checks)) {
    const fault = key in value ? check(value[key]) : "missing";
    if (fault !== undefined) faults.push(`${prefix}${key}: ${fault}`);
  }
  for (const key of Object.keys(value)) if (!(key in checks)) faults.push(`${prefix}${key}: not a known key`);
  return faults;
}

function rowFaults(row: unknown, path: string): string[] {
  if (!Array.isArray(row) || row.length !== rowChecks.length) {
    return [`${path}: found ${shown(row)}, expected [from, to, mark, section, line]`];
  }
  const faults: string[] = [];
  rowChecks.forEach((check, index) => {
    const fault = check(row[index]);
    if (fault !== undefined) faults.push(`${path}[${index}]: ${fault}`);
  });
  const [from, to] = row as [string, string];
  if (faults.length === 0 && !rowsUp(from, to)) faults.push(`${path}: ${from} -> ${to} does not go up`);
  return faults;
}

function versionOrWildcard(value: unknown): string | undefined {
  if (typeof value === "string" && (isVersion(value) || isWildcard(value))) return undefined;
  return `found ${shown(value)}, expected a release such as 4.6.41 or a minor such as 4.1.x`;
}

function oneOf(allowed: readonly (string | number)[]): Check {
  return (value) =>
    allowed.some((each) => each === value) ? undefined : `found ${shown(value)}, expected ${allowed.join(", ")}`;
}

function text(pattern: RegExp, what: string): Check {
  return (value) =>
    typeof value === "string" && pattern.test(value) ? undefined : `found ${shown(value)}, expected ${what}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
