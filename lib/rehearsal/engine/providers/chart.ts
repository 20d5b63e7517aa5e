import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { ChartIdentity } from "../../helm-storage.js";

const chartSchema = z.object({
  name: z.string(),
  version: z.coerce.string(),
  appVersion: z.coerce.string().optional(),
});

/**
 * What chart a path names, seen from the program's directory: a folder tells by its Chart.yaml, an archive by its file name
 * `<name>-<version>.tgz`. Throws, in Helm's words, when nothing is there.
 */
export function readChart(path: string, programDirectory: string): ChartIdentity {
  const place = resolve(programDirectory, path);
  if (!existsSync(place)) throw new Error(`path ${path} not found`);
  if (!statSync(place).isDirectory()) return archiveIdentity(path);
  const file = join(place, "Chart.yaml");
  if (!existsSync(file)) throw new Error(`Chart.yaml file is missing in ${path}`);
  const chart = chartSchema.parse(parse(readFileSync(file, "utf8")));
  return { name: chart.name, version: chart.version, appVersion: chart.appVersion ?? "" };
}

function archiveIdentity(path: string): ChartIdentity {
  const match = /^(.+?)-v?(\d+\.\d+\.\d+.*)\.tgz$/.exec(basename(path));
  if (match === null) throw new Error(`${path} is not named <name>-<version>.tgz`);
  const [, name = "", version = ""] = match;
  return { name, version, appVersion: version };
}

/** The path under which the program's own directory holds a chart, as the provider searches it for an import; else its bare name. */
export function findChart({ name, version }: { name: string; version: string }, programDirectory: string): string {
  const places = [`${name}-${version}`, `${name}-${version}.tgz`, name, `${name}.tgz`];
  return places.find((place) => existsSync(join(programDirectory, place))) ?? name;
}
