/** Hand-written counterpart of `data/schemas/matrix.schema.json`: each plan needs it, a schema compiler is slow. */
import { isVersion, isWildcard } from "../version/version.js";
import { editions, marks, methods } from "./types.js";
import { isUpgradeRow } from "./page/unique-rows.js";

type Check = (value: unknown) => string | undefined;

const keys: Record<string, Check> = {
  schemaVersion: createOneOfCheck([1]),
  id: createTextCheck(/^[a-z]+-[a-z]+-\d+\.\d+\.\d+$/, "an id such as palette-kubernetes-4.7.20"),
  edition: createOneOfCheck(editions),
  method: createOneOfCheck(methods),
  source: () => undefined,
  readOn: createTextCheck(/^\d{4}-\d{2}-\d{2}$/, "a day, YYYY-MM-DD"),
  columns: (value) =>
    JSON.stringify(value) === '["from","to","mark","section","line"]'
      ? undefined
      : 'expected ["from", "to", "mark", "section", "line"]',
  rows: (value) => (Array.isArray(value) && value.length > 0 ? undefined : "expected a list of at least one row"),
};

const sourceKeys: Record<string, Check> = {
  repository: createTextCheck(/\S/, "a text that is not empty"),
  path: createTextCheck(/\S/, "a text that is not empty"),
  commit: createTextCheck(/\S/, "a text that is not empty"),
};

const rowChecks: Check[] = [
  checkVersionOrWildcard,
  checkVersionOrWildcard,
  createOneOfCheck(marks),
  (value) => (typeof value === "string" ? undefined : `found ${formatFoundValue(value)}, expected a text`),
  (value) =>
    value === null || (Number.isInteger(value) && Number(value) > 0)
      ? undefined
      : `found ${formatFoundValue(value)}, expected a line number or null`,
];

/** Checks a parsed matrix file. Returns each fault as `path: what is wrong`; empty if the shape is right. */
export function checkMatrixShape(value: unknown): string[] {
  if (!isRecord(value)) return [`found ${formatFoundValue(value)}, expected an object`];
  const faults = checkKeys(value, keys, "");
  if ("source" in value) {
    if (isRecord(value["source"])) faults.push(...checkKeys(value["source"], sourceKeys, "source."));
    else faults.push(`source: found ${formatFoundValue(value["source"])}, expected an object`);
  }
  const rows: unknown = value["rows"];
  if (Array.isArray(rows)) {
    rows.forEach((row: unknown, index) => {
      for (const fault of checkRow(row)) faults.push(`rows[${index}]${fault}`);
    });
  }
  return faults;
}

function checkKeys(value: Record<string, unknown>, checks: Record<string, Check>, prefix: string): string[] {
  const faults: string[] = [];
  for (const [key, check] of Object.entries(checks)) {
    const fault = key in value ? check(value[key]) : "missing";
    if (fault !== undefined) faults.push(`${prefix}${key}: ${fault}`);
  }
  for (const key of Object.keys(value)) if (!(key in checks)) faults.push(`${prefix}${key}: not a known key`);
  return faults;
}

/** Checks a row. Returns each fault as it goes on after the row's path. */
function checkRow(row: unknown): string[] {
  if (!Array.isArray(row) || row.length !== rowChecks.length) {
    return [`: found ${formatFoundValue(row)}, expected [from, to, mark, section, line]`];
  }
  const faults: string[] = [];
  rowChecks.forEach((check, index) => {
    const fault = check(row[index]);
    if (fault !== undefined) faults.push(`[${index}]: ${fault}`);
  });
  const [from, to] = row as [string, string];
  if (faults.length === 0 && !isUpgradeRow(from, to)) faults.push(`: ${from} -> ${to} does not go up`);
  return faults;
}

function checkVersionOrWildcard(value: unknown): string | undefined {
  if (typeof value === "string" && (isVersion(value) || isWildcard(value))) return undefined;
  return `found ${formatFoundValue(value)}, expected a release such as 4.6.41 or a minor such as 4.1.x`;
}

function createOneOfCheck(allowed: readonly (string | number)[]): Check {
  return (value) =>
    allowed.some((each) => each === value)
      ? undefined
      : `found ${formatFoundValue(value)}, expected ${allowed.join(", ")}`;
}

function createTextCheck(pattern: RegExp, what: string): Check {
  return (value) =>
    typeof value === "string" && pattern.test(value) ? undefined : `found ${formatFoundValue(value)}, expected ${what}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function formatFoundValue(value: unknown): string {
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
