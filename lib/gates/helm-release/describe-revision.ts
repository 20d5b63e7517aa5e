import { type HelmRevision } from "../../site/types.js";

/** Describes a revision. */
export function describeRevision({ name, namespace, revision, chartVersion }: HelmRevision): string {
  return `Helm release "${name}" in namespace "${namespace}": revision ${revision} for ${chartVersion}`;
}
