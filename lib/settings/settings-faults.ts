import { type z } from "zod";
import { settingsSchema } from "./schema.js";

const namespace = "palette:";

/** Describes one fault: key, what was found, what to write. Values of keys that may hold a secret are never shown. */
export function describeFault(issue: z.core.$ZodIssue, values: Record<string, unknown>): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const path = [...issue.path, key].join(".");
      return `${namespace}${path}: this key is not known${suggestKey(key)}; remove it or correct its name.`;
    });
  }
  const path = `${namespace}${issue.path.map((part, i) => (typeof part === "number" ? `[${part}]` : `${i > 0 ? "." : ""}${String(part)}`)).join("")}`;
  const found = getValue(values, issue.path);
  const advice = getAdvice(issue);
  return [
    found === undefined ? `${path}: missing; ${advice}.` : `${path}: found ${formatValue(path, found)}; ${advice}.`,
  ];
}

const kinds: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "keys with values",
  record: "keys with values",
};

/** What to write: the schema's own messages as they are, those of the library reworded. */
function getAdvice(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value": {
      const names = issue.values.filter((value) => value !== "").map((value) => JSON.stringify(value));
      const some = names.length === 1 ? names[0]! : `one of ${names.join(", ")}`;
      return `write ${some}${issue.values.includes("") ? ", or leave it out" : ""}`;
    }
    case "invalid_type":
      return `write ${kinds[issue.expected] ?? issue.expected}`;
    case "too_small":
      if (issue.origin !== "number" && issue.origin !== "int") return "it must not be empty";
      return `write ${issue.inclusive === true ? "at least" : "more than"} ${issue.minimum}`;
    case "invalid_format":
      return issue.format === "url" ? 'write an address, e.g. "https://palette.example.com"' : issue.message;
    default:
      return issue.message;
  }
}

function formatValue(path: string, found: unknown): string {
  if (/apiKey|tenants(\[\d+\])?$|values|mongoUri|chartsPassword/i.test(path)) return "a value (not shown)";
  return JSON.stringify(found) ?? String(found);
}

function getValue(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, part) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined),
    values,
  );
}

function suggestKey(key: string): string {
  const known = Object.keys(settingsSchema.shape);
  const near = known.find((name) => name.toLowerCase() === key.toLowerCase() || computeDistance(name, key) <= 2);
  return near === undefined ? "" : ` (did you mean ${namespace}${near}?)`;
}

/** Levenshtein distance of two short names. */
function computeDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
