import type { ChartContents } from "../../site/charts/chart-contents.js";
import { formatKeyPath, isMap, type KeyPath } from "../../base/text/value-paths.js";

/** The parts of a chart that show which keys it knows. */
export type ChartParts = Pick<ChartContents, "defaults" | "schema" | "templates">;

/**
 * Where a chart defines a key. `default`: in the defaults, or below an open default (an empty map, null); `schema`,
 * `template`: named there, without a default; null: nowhere.
 */
type KeySource = "default" | "schema" | "template" | null;

export function findKeySource({ defaults, schema, templates }: ChartParts, path: KeyPath): KeySource {
  if (isInDefaults(defaults, path)) return "default";
  if (schema !== null && isInSchema(schema, path)) return "schema";
  return templates.some((template) => isReadByTemplate(template, path)) ? "template" : null;
}

/**
 * True where Helm cannot merge a stored key into the defaults: the default is a map and the value is not, or the key
 * continues below a default that is no map. Helm then drops one of the two with only a warning.
 */
export function isConflicting({ defaults }: ChartParts, path: KeyPath, value: unknown): boolean {
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

function isInDefaults(defaults: Record<string, unknown>, path: KeyPath): boolean {
  let at: unknown = defaults;
  for (const part of path) {
    if (at === null) return true;
    if (!isMap(at)) return false;
    if (!Object.hasOwn(at, part)) return at !== defaults && Object.keys(at).length === 0;
    at = at[part];
  }
  return true;
}

function isInSchema(schema: unknown, path: KeyPath): boolean {
  const [part, ...rest] = path;
  if (part === undefined) return true;
  if (!isMap(schema)) return false;
  const { properties, additionalProperties, patternProperties } = schema;
  if (isMap(properties) && Object.hasOwn(properties, part)) return isInSchema(properties[part], rest);
  // A schema without matching properties defines the key only where it allows patterns or additional properties.
  return isMap(patternProperties) || (isMap(additionalProperties) && isInSchema(additionalProperties, rest));
}

/** True where the template reads the key itself: `.Values.a.b`, or `index .Values "a" "b"`. */
function isReadByTemplate({ below, text }: ChartParts["templates"][number], path: KeyPath): boolean {
  const full = below === "" ? [] : below.split(".");
  if (full.some((part, index) => path[index] !== part)) return path[0] === "global" && isReadInText(text, path);
  return isReadInText(text, path.slice(full.length));
}

function isReadInText(text: string, path: KeyPath): boolean {
  if (path.length === 0) return false;
  const chain = new RegExp(`\\.Values\\.${escapeForRegExp(formatKeyPath(path))}(?![\\w-])`);
  const indexed = new RegExp(
    `index\\s+\\$?\\.Values\\s+${path.map((part) => `"${escapeForRegExp(part)}"`).join("\\s+")}`,
  );
  return chain.test(text) || indexed.test(text);
}

function isFilledMap(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length > 0;
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
