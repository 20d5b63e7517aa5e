import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseYaml } from "../../../../../lib/base/text/parse-yaml.js";
import * as z from "zod";
import type { ChartIdentity } from "../../helm-storage.js";

const chartSchema = z.object({
  name: z.string(),
  version: z.coerce.string(),
  appVersion: z.coerce.string().optional(),
});

/**
 * Reads which chart a path (relative to the program's directory) names: from a folder's Chart.yaml, or from an
 * archive's file name `<name>-<version>.tgz`. Throws Helm's message when nothing is there.
 */
export function readChart(path: string, programDirectory: string): ChartIdentity {
  const absolutePath = resolve(programDirectory, path);
  if (!existsSync(absolutePath)) throw new Error(`path ${path} not found`);
  if (!statSync(absolutePath).isDirectory()) return parseArchiveIdentity(path);
  const file = join(absolutePath, "Chart.yaml");
  if (!existsSync(file)) throw new Error(`Chart.yaml file is missing in ${path}`);
  const chart = chartSchema.parse(parseYaml(readFileSync(file, "utf8"), file));
  return { name: chart.name, version: chart.version, appVersion: chart.appVersion ?? "" };
}

function parseArchiveIdentity(path: string): ChartIdentity {
  const match = /^(.{1,250}?)-v?(\d{1,9}\.\d{1,9}\.\d{1,9}.{0,100})\.tgz$/.exec(basename(path));
  if (match === null) throw new Error(`${path} is not named <name>-<version>.tgz`);
  const [, name = "", version = ""] = match;
  return { name, version, appVersion: version };
}

/**
 * Finds a chart's path in the program's directory, as the provider does for an import; otherwise returns the chart's
 * name.
 */
export function findChart({ name, version }: { name: string; version: string }, programDirectory: string): string {
  const places = [`${name}-${version}`, `${name}-${version}.tgz`, name, `${name}.tgz`];
  return places.find((place) => existsSync(join(programDirectory, place))) ?? name;
}
