import { parseVersion, type Version } from "../../../../../lib/planning/version/version.js";
import { paletteChart } from "../model.js";
import { formatImageName } from "../kubernetes/roll-out.js";
import { listWorkloads } from "../kubernetes/workload-list.js";

/**
 * Renders the manifest that Helm records for a chart, limited to what is read: the workloads of that Palette version
 * with the images that the site then runs. Empty for other charts, of which the site runs nothing.
 */
export function renderManifest(chart: { name: string; version: string }): string {
  return chart.name === paletteChart ? renderWorkloads(parseVersion(chart.version)) : "";
}

function renderWorkloads(version: Version): string {
  const documents = listWorkloads(version).map((spec) => ({
    apiVersion: "apps/v1",
    kind: spec.kind,
    metadata: { name: spec.name, namespace: spec.namespace },
    spec: { template: { spec: { containers: [{ name: spec.name, image: formatImageName(spec, version) }] } } },
  }));
  return documents.map((document) => JSON.stringify(document)).join("\n---\n");
}
