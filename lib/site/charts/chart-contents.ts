import { createUnpackBudget, unpackChart, type ChartFiles, type UnpackBudget } from "./chart-files.js";
import { parseYamlMap, type YamlMap } from "../../base/text/parse-yaml.js";
import { mergeValues } from "../../base/text/value-paths.js";

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
  defaults: YamlMap;
  /** `values.schema.json`, those of sub-charts under their names; null where there is none. */
  schema: YamlMap | null;
  /**
   * Text of every template, also of sub-charts, each with the key under which its values are ("" for the chart itself).
   */
  templates: { path: string; below: string; text: string }[];
}

/**
 * Reads a chart's files. Throws an error that names the file which is not YAML or is incomplete, and one for packed
 * sub-charts that together, however deep, unpack to more than `budget`.
 *
 * @param place where a sub-chart is in its chart, with a `/` at the end.
 */
export async function readChartContents(
  files: ChartFiles,
  budget = createUnpackBudget(),
  place = "",
): Promise<ChartContents> {
  const identity = parseChartIdentity(files, place);
  const own = parseChartFile(files, place, "values.yaml");
  let defaults: YamlMap = {};
  let properties: YamlMap = {};
  const templates = collectTemplates(files, "");
  for (const { key, sub, at } of await collectSubCharts(files, budget, place)) {
    const subContents = await readChartContents(sub, budget, at);
    defaults = { ...defaults, [key]: subContents.defaults };
    if (subContents.schema !== null) properties = { ...properties, [key]: subContents.schema };
    templates.push(...subContents.templates.map((template) => ({ ...template, below: joinKeys(key, template.below) })));
  }
  const schema = parseSchema(files, place);
  return {
    ...identity,
    defaults: mergeValues(defaults, own),
    schema: schema === null && Object.keys(properties).length === 0 ? null : mergeValues({ properties }, schema ?? {}),
    templates,
  };
}

/** Parses name, version and appVersion; throws where one of the first two is missing. */
function parseChartIdentity(files: ChartFiles, place: string): ChartIdentity {
  if (!files.has("Chart.yaml")) throw new Error(`it holds no ${place}Chart.yaml`);
  // As text: an appVersion of 4.10 is not the number 4.1.
  const chart = parseChartFile(files, place, "Chart.yaml", "failsafe");
  const { name, version, appVersion } = chart;
  if (typeof name !== "string" || typeof version !== "string") {
    throw new Error(`its ${place}Chart.yaml does not report name and version`);
  }
  return { name, version, appVersion: typeof appVersion === "string" ? appVersion : "" };
}

function collectTemplates(files: ChartFiles, below: string): ChartContents["templates"] {
  return [...files]
    .filter(([path]) => path.startsWith("templates/"))
    .map(([path, content]) => ({ path, below, text: content.toString("utf8") }));
}

interface SubChart {
  /** The key under which its values are: the alias in Chart.yaml, else the name. */
  key: string;
  at: string;
  sub: ChartFiles;
}

/** Collects sub-charts; of two with the same key, the last counts. */
async function collectSubCharts(files: ChartFiles, budget: UnpackBudget, place: string): Promise<SubChart[]> {
  const folders = new Map<string, Map<string, Buffer>>();
  const charts: Omit<SubChart, "key">[] = [];
  for (const [path, content] of files) {
    const [, folder, rest] = /^charts\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    if (folder === undefined || folder.startsWith("_") || folder.startsWith(".")) continue;
    if (rest !== undefined) {
      const found = folders.get(folder) ?? new Map<string, Buffer>();
      folders.set(folder, found.set(rest, content));
    } else if (folder.endsWith(".tgz"))
      charts.push({ at: `${place}charts/${folder}/`, sub: await unpackChart(content, budget) });
  }
  for (const [folder, sub] of folders) if (sub.has("Chart.yaml")) charts.push({ at: `${place}charts/${folder}/`, sub });
  const aliases = parseAliases(files, place);
  const byKey = charts.flatMap(({ at, sub }) => {
    const { name } = parseChartIdentity(sub, at);
    return (aliases.get(name) ?? [name]).map((key): [string, SubChart] => [key, { key, at, sub }]);
  });
  return [...new Map(byKey).values()];
}

/** Parses the values keys of each sub-chart that Chart.yaml lists, by sub-chart name. */
function parseAliases(files: ChartFiles, place: string): Map<string, string[]> {
  const { dependencies } = parseChartFile(files, place, "Chart.yaml");
  const aliases = new Map<string, string[]>();
  for (const entry of Array.isArray(dependencies) ? (dependencies as unknown[]) : []) {
    const { name, alias } = (entry ?? {}) as Partial<Record<string, unknown>>;
    if (typeof name !== "string") continue;
    aliases.set(name, [...(aliases.get(name) ?? []), typeof alias === "string" ? alias : name]);
  }
  return aliases;
}

function parseChartFile(files: ChartFiles, place: string, name: string, schema: "core" | "failsafe" = "core"): YamlMap {
  return parseYamlMap(files.get(name)?.toString("utf8") ?? "", `its ${place}${name}`, schema);
}

function parseSchema(files: ChartFiles, place: string): YamlMap | null {
  const content = files.get("values.schema.json")?.toString("utf8");
  if (content === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw new Error(`its ${place}values.schema.json is not JSON`);
  }
  return typeof value === "object" && value !== null ? (value as YamlMap) : null;
}

function joinKeys(key: string, below: string): string {
  return below === "" ? key : `${key}.${below}`;
}
