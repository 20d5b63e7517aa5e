import { parseVersion, type Version } from "../../version/version.js";
import { paletteChart } from "./model.js";
import { imageOf } from "./roll-out.js";
import { workloadsOf } from "./workload-list.js";

/**
 * What Helm records as rendered of a chart, as far as anything reads it: the workloads of that Palette with the images that
 * the site then runs. Empty for other charts: the site runs nothing of theirs.
 */
export function manifestOf(chart: { name: string; version: string }): string {
  return chart.name === paletteChart ? workloadsIn(parseVersion(chart.version)) : "";
}

function workloadsIn(version: Version): string {
  const documents = workloadsOf(version).map((spec) => ({
    apiVersion: "apps/v1",
    kind: spec.kind,
    metadata: { name: spec.name, namespace: spec.namespace },
    spec: { template: { spec: { containers: [{ name: spec.name, image: imageOf(spec, version) }] } } },
  }));
  return documents.map((document) => JSON.stringify(document)).join("\n---\n");
}
