import { parse } from "yaml";
import { unpackChart, type ChartFiles } from "./chart-files.js";
import { mergeValues } from "./merge-values.js";

type Values = Record<string, unknown>;

/** What `Chart.yaml` says the chart is. */
export interface ChartIdentity {
  name: string;
  version: string;
  /** Empty where it names none. */
  appVersion: string;
}

/** What is read out of a chart. */
export interface ChartContents extends ChartIdentity {
  /** Its defaults, those of its sub-charts below their names, as Helm lays them over each other. */
  defaults: Values;
  /** `values.schema.json`, those of sub-charts below their names; null where there is none. */
  schema: Values | null;
  /** Text of every template, those of sub-charts too, each with the key its values lie below ("" for the chart's own). */
  templates: { path: string; below: string; text: string }[];
}

/** Reads a chart's files. Throws, with a sentence, for a file that is no YAML or says too little. */
export async function contentsOf(files: ChartFiles): Promise<ChartContents> {
  const identity = identityOf(files);
  const own = yamlMap(files.get("values.yaml"), "values.yaml");
  let defaults: Values = {};
  let properties: Values = {};
  const templates = templatesOf(files, "");
  for (const [key, sub] of await subChartsOf(files)) {
    const below = await contentsOf(sub);
    defaults = { ...defaults, [key]: below.defaults };
    if (below.schema !== null) properties = { ...properties, [key]: below.schema };
    templates.push(...below.templates.map((template) => ({ ...template, below: joined(key, template.below) })));
  }
  const schema = jsonMap(files.get("values.schema.json"));
  return {
    ...identity,
    defaults: mergeValues(defaults, own),
    schema: schema === null && Object.keys(properties).length === 0 ? null : mergeValues({ properties }, schema ?? {}),
    templates,
  };
}

/** Name, version and appVersion; throws where the first two are not told. */
export function identityOf(files: ChartFiles): ChartIdentity {
  const text = files.get("Chart.yaml");
  if (text === undefined) throw new Error("it holds no Chart.yaml");
  // As text: an appVersion of 4.10 is not the number 4.1.
  const chart = yamlMap(text, "Chart.yaml", "failsafe");
  const { name, version, appVersion } = chart;
  if (typeof name !== "string" || typeof version !== "string") {
    throw new Error("its Chart.yaml does not tell name and version");
  }
  return { name, version, appVersion: typeof appVersion === "string" ? appVersion : "" };
}

function templatesOf(files: ChartFiles, below: string): ChartContents["templates"] {
  return [...files]
    .filter(([path]) => path.startsWith("templates/"))
    .map(([path, content]) => ({ path, below, text: content.toString("utf8") }));
}

/** Sub-charts by the key their values lie below: the alias that Chart.yaml gives, else the name. */
async function subChartsOf(files: ChartFiles): Promise<Map<string, ChartFiles>> {
  const folders = new Map<string, Map<string, Buffer>>();
  const charts: ChartFiles[] = [];
  for (const [path, content] of files) {
    const [, folder, rest] = /^charts\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    if (folder === undefined || folder.startsWith("_") || folder.startsWith(".")) continue;
    if (rest !== undefined) {
      const found = folders.get(folder) ?? new Map<string, Buffer>();
      folders.set(folder, found.set(rest, content));
    } else if (folder.endsWith(".tgz")) charts.push(await unpackChart(content));
  }
  charts.push(...[...folders.values()].filter((folder) => folder.has("Chart.yaml")));
  const aliases = aliasesOf(files);
  return new Map(
    charts.flatMap((chart) => {
      const { name } = identityOf(chart);
      return (aliases.get(name) ?? [name]).map((key): [string, ChartFiles] => [key, chart]);
    }),
  );
}

/** Keys by sub-chart name, where Chart.yaml lists it. */
function aliasesOf(files: ChartFiles): Map<string, string[]> {
  const { dependencies } = yamlMap(files.get("Chart.yaml"), "Chart.yaml");
  const aliases = new Map<string, string[]>();
  for (const entry of Array.isArray(dependencies) ? (dependencies as unknown[]) : []) {
    const { name, alias } = (entry ?? {}) as Partial<Record<string, unknown>>;
    if (typeof name !== "string") continue;
    aliases.set(name, [...(aliases.get(name) ?? []), typeof alias === "string" ? alias : name]);
  }
  return aliases;
}

function yamlMap(content: Buffer | undefined, name: string, schema: "core" | "failsafe" = "core"): Values {
  const value: unknown = content === undefined ? {} : (parse(content.toString("utf8"), { schema }) ?? {});
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`its ${name} is no map`);
  return value as Values;
}

function jsonMap(content: Buffer | undefined): Values | null {
  if (content === undefined) return null;
  const value: unknown = JSON.parse(content.toString("utf8"));
  return typeof value === "object" && value !== null ? (value as Values) : null;
}

function joined(key: string, below: string): string {
  return below === "" ? key : `${key}.${below}`;
}
