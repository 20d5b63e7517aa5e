import {
  beginUpgrade,
  encodeHelmSecret,
  finishRevision,
  readReleaseHistory,
  type HelmStorage,
} from "../../../packages/rehearsal/lib/helm-storage.js";
import { hubbleChart } from "../../../lib/site/helm/releases.js";
import { patchManagementPlane } from "../../../packages/rehearsal/lib/engine/providers/simulated-cluster.js";
import type { RunningSite } from "../../../packages/rehearsal/lib/types.js";
import type { HelmRecord } from "../../../lib/site/helm/records.js";
import type { HelmStatus } from "../../../lib/site/types.js";
import type { Version } from "../../../lib/planning/version/version.js";
import { createConnectOptions } from "../../../lib/program/rehearsal/connect-options.js";

/** Somebody's own `helm upgrade` (or `helm rollback`, which is one to an older version) of the platform, past this tool. */
export async function moveByHand(site: RunningSite, version: Version): Promise<void> {
  const storage: HelmStorage = { url: site.url };
  const last = (await readReleaseHistory(storage, "default", "hubble")).at(-1)!;
  const begun = await beginUpgrade(storage, {
    name: "hubble",
    namespace: "default",
    chart: { name: last.chart.metadata.name, version, appVersion: version },
    values: last.config ?? {},
    maxHistory: 10,
    now: await now(site),
  });
  await patchManagementPlane(storage, version);
  await finishRevision(storage, begun, { status: "deployed" }, await now(site));
}

/** Somebody's own `helm upgrade NAME --values FILE` to the chart that is installed. */
export async function storeValuesByHand(
  site: RunningSite,
  name: string,
  values: Record<string, unknown>,
): Promise<void> {
  const storage: HelmStorage = { url: site.url };
  const { metadata } = (await readReleaseHistory(storage, "default", name)).at(-1)!.chart;
  const begun = await beginUpgrade(storage, {
    name,
    namespace: "default",
    chart: { name: metadata.name, version: metadata.version, appVersion: metadata.version },
    values,
    maxHistory: 10,
    now: await now(site),
  });
  await finishRevision(storage, begun, { status: "deployed" }, await now(site));
}

/** `helm rollback NAME REVISION --namespace NAMESPACE` of a release whose newest revision never got anywhere. */
export async function rollBackByHand(
  site: RunningSite,
  { name, namespace, revision }: { name: string; namespace: string; revision: number },
): Promise<void> {
  const history = await readReleaseHistory({ url: site.url }, namespace, name);
  const back = history.find(({ version }) => version === revision)!;
  const at = await now(site);
  const next = { ...back, version: history.at(-1)!.version + 1 };
  next.info = { ...back.info, last_deployed: at };
  await write(site, "PUT", withStatus(back, "superseded"), at);
  await write(site, "POST", withStatus(next, "deployed", `Rollback to ${revision}`), at);
}

/**
 * What the vendor's support does about a revision whose Helm is gone and that may not be rolled back: its record tells how
 * far it came. Palette itself has failed half-way; what goes before it is there.
 */
export async function bringForwardByHand(
  site: RunningSite,
  { name, namespace }: { name: string; namespace: string },
): Promise<void> {
  const history = await readReleaseHistory({ url: site.url }, namespace, name);
  const last = history.at(-1)!;
  const at = await now(site);
  if (last.chart.metadata.name === hubbleChart) return write(site, "PUT", withStatus(last, "failed"), at);
  for (const older of history.filter(({ info }) => info.status === "deployed"))
    await write(site, "PUT", withStatus(older, "superseded"), at);
  await write(site, "PUT", withStatus(last, "deployed", "Upgrade complete"), at);
}

function withStatus(record: HelmRecord, status: HelmStatus, description?: string): HelmRecord {
  return { ...record, info: { ...record.info, status, description } };
}

async function write(site: RunningSite, method: "PUT" | "POST", record: HelmRecord, at: string): Promise<void> {
  const secret = encodeHelmSecret(record, at);
  const { namespace, name } = secret.metadata;
  const path = `/api/v1/namespaces/${namespace}/secrets${method === "PUT" ? `/${name}` : ""}`;
  const response = await fetch(new URL(path, site.url), {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(secret),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
}

async function now(site: RunningSite): Promise<string> {
  return (await createConnectOptions(site.environment).clock.now()).toISOString();
}
