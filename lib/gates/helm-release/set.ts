import { type HelmRevision } from "../../site/types.js";
import { type Hubble, hubbleChart } from "../hubble.js";

/** Charts of the release set, in the order in which their releases move. */
export const releaseSetCharts = [
  "cert-manager",
  "spectro-mgmt-crds",
  "image-swap",
  "reach-system",
  hubbleChart,
] as const;

/** True for a release of this installation. */
export function isInReleaseSet(revision: HelmRevision, hubble: Hubble): boolean {
  if (revision.chart === hubbleChart) return revision.name === hubble.name && revision.namespace === hubble.namespace;
  return (releaseSetCharts as readonly string[]).includes(revision.chart);
}

/** Describes a revision. */
export function describeRevision({ name, namespace, revision, chartVersion }: HelmRevision): string {
  return `Helm release "${name}" in namespace "${namespace}": revision ${revision} for ${chartVersion}`;
}
