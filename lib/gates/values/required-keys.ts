import { isMap, getValueAt, type KeyPath } from "../../base/text/value-paths.js";
import type { ChartParts } from "./known-keys.js";

type Values = Record<string, unknown>;

/**
 * Lists keys that a chart requires and that are not given: those its schema requires, and those its templates read
 * through `required`. `given` are the values as Helm will see them, defaults included; keys of `isSet` count as given.
 */
export function listMissingKeys(chart: ChartParts, given: Values, isSet: (path: KeyPath) => boolean): KeyPath[] {
  const bySchema = listRequiredBySchema(chart.schema, given, []).filter(
    (path) => getValueAt(given, path) === undefined,
  );
  const byTemplates = chart.templates
    .flatMap(listRequiredByTemplate)
    .filter((path) => isEmpty(getValueAt(given, path)));
  const all = [...bySchema, ...byTemplates].filter((path) => !isSet(path));
  return [...new Map(all.map((path) => [path.join("\0"), path])).values()];
}

/** Lists required keys of maps that are given, or that are required themselves. */
function listRequiredBySchema(schema: unknown, given: unknown, below: KeyPath): KeyPath[] {
  if (!isMap(schema)) return [];
  const names = Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === "string") : [];
  const here = names.map((name) => [...below, name]);
  const properties = isMap(schema.properties) ? schema.properties : {};
  const further = Object.entries(properties)
    .filter(([name]) => names.includes(name) || isMap(isMap(given) ? given[name] : undefined))
    .flatMap(([name, inner]) => listRequiredBySchema(inner, isMap(given) ? given[name] : undefined, [...below, name]));
  return [...here, ...further];
}

const key = String.raw`\(?\s{0,99}\$?\.Values\.([A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*)`;
const text = String.raw`(?:"(?:[^"\\]|\\.)*"|\x60[^\x60]*\x60|\([^()]*\))`;
const forms = [
  new RegExp(String.raw`\brequired\s{1,99}${text}\s{1,99}${key}`, "g"),
  new RegExp(String.raw`${key}\s{0,99}\)?\s{0,99}\|\s{0,99}required\b`, "g"),
];

function listRequiredByTemplate(template: ChartParts["templates"][number]): KeyPath[] {
  const below = template.below === "" ? [] : template.below.split(".");
  return forms
    .flatMap((form) => [...template.text.matchAll(form)])
    .map(([, path]) => path!.split("."))
    .map((path) => (path[0] === "global" ? path : [...below, ...path]));
}

/** True for what Helm's `required` treats as not given. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
