import { decodeHelmRecord } from "../../../lib/site/helm/records.js";
import { listSecrets } from "../../../packages/rehearsal/lib/site/kubernetes/secret-store.js";
import type { SiteModel } from "../../../packages/rehearsal/lib/site/model.js";
import type { Version } from "../../../lib/planning/version/version.js";

export interface SeenRevision {
  revision: number;
  status: string;
  /** Version of its chart. */
  version: Version;
  description: string;
  /** ISO 8601, site time. */
  at: string;
}

/** What Helm and the site themselves have kept of all that was done to them. */
export interface SiteEvidence {
  /** Revisions by `namespace/name`, oldest first. */
  releases: Record<string, SeenRevision[]>;
  /** Roll-outs of the platform, in order. */
  rollOuts: { from: Version; to: Version; at: string }[];
}

/** Read out of the site's own memory, past every client. */
export function siteEvidence(model: SiteModel): SiteEvidence {
  const releases: SiteEvidence["releases"] = {};
  for (const secret of listSecrets(model, null)) {
    if (secret.metadata.labels?.owner !== "helm") continue;
    const { name, namespace } = secret.metadata;
    const record = decodeHelmRecord({ name, namespace, release: secret.data.release });
    (releases[`${namespace}/${record.name}`] ??= []).push({
      revision: record.version,
      status: record.info.status,
      version: record.chart.metadata.version,
      description: record.info.description ?? "",
      at: new Date(record.info.last_deployed).toISOString(),
    });
  }
  for (const revisions of Object.values(releases)) revisions.sort((a, b) => a.revision - b.revision);
  const rollOuts = model.hops.map(({ from, to, at }) => ({ from, to, at: new Date(at).toISOString() }));
  return { releases, rollOuts };
}

/** Whether Helm is at work on some release now, as its records say. */
export function isMoving(model: SiteModel): boolean {
  return listSecrets(model, null).some(({ metadata }) => metadata.labels?.status?.startsWith("pending-"));
}
