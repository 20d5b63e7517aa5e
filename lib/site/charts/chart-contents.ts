import { parse } from "yaml";
import { createUnpackBudget, unpackChart, type ChartFiles, type UnpackBudget } from "./chart-files.js";
import { mergeValues } from "../../base/text/value-paths.js";

type Values = Record<string, unknown>;

/** What `Chart.yaml` says the chart is. */
export interface ChartIdentity {
  name: string;
  version: string;
  /** Empty where it names none. */
  appVersion: string;
}

/** What is read from a chart. */
export interface ChartContents extends ChartIdentity {
  /** Its default values, those of sub-charts under their names, merged as Helm merges them. */
  defaults: Values;
  /** `values.schema.json`, those of sub-charts under their names; null where there is none. */
  schema: Values | null;
  /**
   * Text of every template, also of sub-charts, each with the key under which its values are ("" for the chart itself).
   */
  templates: { path: string; below: string; text: string }[];
}

/**
 * Reads a chart's files. Throws an error with a readable message for a file that is not YAML or is incomplete, and for
 * packed sub-charts that together, however deep, unpack to more than `budget`.
 */
export async function readChartContents(files: ChartFiles, budget = createUnpackBudget()): Promise<ChartContents> {
  const identity = parseChartIdentity(files);
  const own = parseYamlMap(files.get("values.yaml"), "values.yaml");
  let defaults: Values = {};
  let properties: Values = {};
  const templates = collectTemplates(files, "");
  for (const [key, sub] of await collectSubCharts(files, budget)) {
    const subContents = await readChartContents(sub, budget);
    defaults = { ...defaults, [key]: subContents.defaults };
    if (subContents.schema !== null) properties = { ...properties, [key]: subContents.schema };
    templates.push(...subContents.templates.map((template) => ({ ...template, below: joinKeys(key, template.below) })));
  }
  const schema = parseJsonMap(files.get("values.schema.json"));
  return {
    ...identity,
    defaults: mergeValues(defaults, own),
    schema: schema === null && Object.keys(properties).length === 0 ? null : mergeValues({ properties }, schema ?? {}),
    templates,
  };
}

/** Parses name, version and appVersion; throws where one of the first two is missing. */
export function parseChartIdentity(files: ChartFiles): ChartIdentity {
  const text = files.get("Chart.yaml");
  if (text === undefined) throw new Error("it holds no Chart.yaml");
  // As text: an appVersion of 4.10 is not the number 4.1.
  const chart = parseYamlMap(text, "Chart.yaml", "failsafe");
  const { name, version, appVersion } = chart;
  if (typeof name !== "string" || typeof version !== "string") {
    throw new Error("its Chart.yaml does not report name and version");
  }
  return { name, version, appVersion: typeof appVersion === "string" ? appVersion : "" };
}

function collectTemplates(files: ChartFiles, below: string): ChartContents["templates"] {
  return [...files]
    .filter(([path]) => path.startsWith("templates/"))
    .map(([path, content]) => ({ path, below, text: content.toString("utf8") }));
}

/** Collects sub-charts by the key under which their values are: the alias in Chart.yaml, else the name. */
async function collectSubCharts(files: ChartFiles, budget: UnpackBudget): Promise<Map<string, ChartFiles>> {
  const folders = new Map<string, Map<string, Buffer>>();
  const charts: ChartFiles[] = [];
  for (const [path, content] of files) {
    const [, folder, rest] = /^charts\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    if (folder === undefined || folder.startsWith("_") || folder.startsWith(".")) continue;
    if (rest !== undefined) {
      const found = folders.get(folder) ?? new Map<string, Buffer>();
      folders.set(folder, found.set(rest, content));
    } else if (folder.endsWith(".tgz")) charts.push(await unpackChart(content, budget));
  }
  charts.push(...[...folders.values()].filter((folder) => folder.has("Chart.yaml")));
  const aliases = parseAliases(files);
  return new Map(
    charts.flatMap((chart) => {
      const { name } = parseChartIdentity(chart);
      return (aliases.get(name) ?? [name]).map((key): [string, ChartFiles] => [key, chart]);
    }),
  );
}

/** Parses the values keys of each sub-chart that Chart.yaml lists, by sub-chart name. */
function parseAliases(files: ChartFiles): Map<string, string[]> {
  const { dependencies } = parseYamlMap(files.get("Chart.yaml"), "Chart.yaml");
  const aliases = new Map<string, string[]>();
  for (const entry of Array.isArray(dependencies) ? (dependencies as unknown[]) : []) {
    const { name, alias } = (entry ?? {}) as Partial<Record<string, unknown>>;
    if (typeof name !== "string") continue;
    aliases.set(name, [...(aliases.get(name) ?? []), typeof alias === "string" ? alias : name]);
  }
  return aliases;
}

function parseYamlMap(content: Buffer | undefined, name: string, schema: "core" | "failsafe" = "core"): Values {
  const value: unknown = content === undefined ? {} : (parse(content.toString("utf8"), { schema }) ?? {});
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`its ${name} is no map`);
  return value as Values;
}

function parseJsonMap(content: Buffer | undefined): Values | null {
  if (content === undefined) return null;
  const value: unknown = JSON.parse(content.toString("utf8"));
  return typeof value === "object" && value !== null ? (value as Values) : null;
}

function joinKeys(key: string, below: string): string {
  return below === "" ? key : `${key}.${below}`;
}
