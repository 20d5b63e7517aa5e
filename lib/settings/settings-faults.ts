import { type z } from "zod";
import { findNearestKey, listKnownKeys } from "./known-keys.js";
import { oldEntryKeys, oldKeys, oldValues } from "./old-keys.js";

type Path = readonly PropertyKey[];

/**
 * Describes one fault: key, what was found, what to write (the issue's message, see {@link adviseOnIssue}). Values of
 * keys that may hold a secret are never shown.
 */
export function describeFault(issue: z.core.$ZodIssue, values: Record<string, unknown>): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => describeUnknownKey(issue.path, key));
  const path = formatPath(issue.path);
  const moved = issue.path.length === 1 ? oldValues[String(issue.path[0])] : undefined;
  if (moved !== undefined) return [`${path}: its value stands in palette:${moved} now; write keys with values.`];
  const found = getValue(values, issue.path);
  return [
    found === undefined
      ? `${path}: missing; ${issue.message}.`
      : `${path}: found ${formatValue(path, found)}; ${issue.message}.`,
  ];
}

function describeUnknownKey(above: Path, key: string): string {
  const path = formatPath([...above, key]);
  const entry = oldEntryKeys[[...above.filter((part) => typeof part !== "number"), key].join(".")];
  if (entry !== undefined) return `${path}: this key is no longer read; write ${entry}.`;
  const moved = above.length === 0 ? oldKeys[key] : undefined;
  if (moved !== undefined) return `${path}: this key is palette:${moved} now; ${adviseOnMove(key, moved)}.`;
  const [group = "", name = ""] = key.split(".");
  if (above.length === 0 && listKnownKeys([group]).includes(name)) {
    return `${path}: this key is not known; write "${name}" below palette:${group} (pulumi config set --path '${path}').`;
  }
  const near = findNearestKey(above, key);
  const meant = near === undefined ? "" : ` (did you mean ${formatPath([...above, near])}?)`;
  if (above.length === 1 && above[0] === "values") {
    return `${path}: no release has this role${meant}; the roles are ${listKnownKeys(above).join(", ")}.`;
  }
  return `${path}: this key is not known${meant}; remove it or correct its name.`;
}

function adviseOnMove(key: string, moved: string): string {
  if (key === "pcgs") return 'write "none: true" below palette:pcg in the place of "none"';
  const [group, name] = moved.split(".");
  const unit = /(Seconds|Hours)$/.exec(key)?.[1];
  if (group === "secrets") return `set it with ${formatSecretCommand(moved.split("."))}`;
  if (unit === undefined) return `write "${name}" below palette:${group}`;
  return `write "${name}" below palette:${group}, with its unit, e.g. "${unit === "Hours" ? "24h" : "90s"}"`;
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

/** What to write, for issues of which the schema itself says nothing. An error map of zod. */
export function adviseOnIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_value": {
      const names = issue.values.map((value) => JSON.stringify(value));
      return `write ${names.length === 1 ? names[0]! : `one of ${names.join(", ")}`}`;
    }
    case "invalid_type":
      return `write ${kinds[issue.expected] ?? issue.expected}`;
    case "too_small":
      if (issue.origin !== "number" && issue.origin !== "int") return "it must not be empty";
      return `write ${issue.inclusive === true ? "at least" : "more than"} ${issue.minimum}`;
    case "unrecognized_keys":
      return `not known here: ${issue.keys.join(", ")}`;
    case "invalid_format":
      return 'write an address, e.g. "https://palette.example.com"';
    default:
      return undefined;
  }
}

/** Formats the path of a key as messages and `pulumi config set --path` have it. */
export function formatPath(path: Path): string {
  const parts = path.map((part, i) =>
    typeof part === "number"
      ? `[${part}]`
      : /^[\w-]+$/.test(String(part)) || i === 0
        ? `.${String(part)}`
        : `["${String(part)}"]`,
  );
  return `palette:${parts.join("").replace(/^\./, "")}`;
}

/** The command that sets a key as a secret. */
export function formatSecretCommand(path: Path): string {
  return `pulumi config set --secret --path '${formatPath(path)}'`;
}

function formatValue(path: string, found: unknown): string {
  if (/^palette:(secrets|values|tenants)\b/.test(path)) return "a value (not shown)";
  return JSON.stringify(found) ?? String(found);
}

function getValue(values: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, part) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined),
    values,
  );
}
