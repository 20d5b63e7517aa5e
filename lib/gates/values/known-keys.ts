import type { ChartContents } from "../../charts/chart-contents.js";
import { dotted, isMap, type KeyPath } from "../../charts/value-paths.js";

/** As much of a chart as tells which keys it knows. */
export type ChartParts = Pick<ChartContents, "defaults" | "schema" | "templates">;

/**
 * How a chart knows a key. `default`: it is among the defaults, or below one that is open (an empty map, null);
 * `schema`, `template`: without a default, but named there; null: not at all.
 */
export type Known = "default" | "schema" | "template" | null;

export function knownBy({ defaults, schema, templates }: ChartParts, path: KeyPath): Known {
  if (amongDefaults(defaults, path)) return "default";
  if (schema !== null && inSchema(schema, path)) return "schema";
  return templates.some((template) => names(template, path)) ? "template" : null;
}

/**
 * True where Helm cannot lay a stored key over the default: a map lies where the key ends in something else, or the key goes
 * on below something that is no map. Helm then drops one of the two with no more than a warning.
 */
export function collides({ defaults }: ChartParts, path: KeyPath, value: unknown): boolean {
  let at: unknown = defaults;
  for (const [index, part] of path.entries()) {
    if (!isMap(at) || !Object.hasOwn(at, part)) return false;
    at = at[part];
    const ends = index === path.length - 1;
    if (!ends && at !== null && !isMap(at)) return true;
    if (ends) return isFilledMap(at) && value !== null && !isMap(value);
  }
  return false;
}

function amongDefaults(defaults: Record<string, unknown>, path: KeyPath): boolean {
  let at: unknown = defaults;
  for (const part of path) {
    if (at === null) return true;
    if (!isMap(at)) return false;
    if (!Object.hasOwn(at, part)) return at !== defaults && Object.keys(at).length === 0;
    at = at[part];
  }
  return true;
}

function inSchema(schema: unknown, path: KeyPath): boolean {
  const [part, ...rest] = path;
  if (part === undefined) return true;
  if (!isMap(schema)) return false;
  const { properties, additionalProperties, patternProperties } = schema;
  if (isMap(properties) && Object.hasOwn(properties, part)) return inSchema(properties[part], rest);
  // A schema that lists nothing says nothing of the whole chart, but is an open map further below.
  return isMap(patternProperties) || (isMap(additionalProperties) && inSchema(additionalProperties, rest));
}

/** The template reads the key itself: `.Values.a.b`, or `index .Values "a" "b"`. */
function names({ below, text }: ChartParts["templates"][number], path: KeyPath): boolean {
  const full = below === "" ? [] : below.split(".");
  if (full.some((part, index) => path[index] !== part)) return path[0] === "global" && namesBelow(text, path);
  return namesBelow(text, path.slice(full.length));
}

function namesBelow(text: string, path: KeyPath): boolean {
  if (path.length === 0) return false;
  const chain = new RegExp(`\\.Values\\.${escaped(dotted(path))}(?![\\w-])`);
  const indexed = new RegExp(`index\\s+\\$?\\.Values\\s+${path.map((part) => `"${escaped(part)}"`).join("\\s+")}`);
  return chain.test(text) || indexed.test(text);
}

function isFilledMap(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length > 0;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
