import { gzipSync } from "node:zlib";
import { decodeHelmRecord, helmSecretType, type HelmRecord } from "../../../lib/site/helm/records.js";
import type { HelmStatus } from "../../../lib/site/types.js";
import { renderManifest } from "./site/helm/manifest.js";

/** The API that stores Helm's records: the Kubernetes API of the simulated site, e.g. `http://127.0.0.1:40123`. */
export interface HelmStorage {
  url: string;
  token?: string;
}

export interface ChartIdentity {
  name: string;
  version: string;
  appVersion: string;
}

/** One install or upgrade, as Helm records it. */
export interface ReleaseChange {
  name: string;
  namespace: string;
  chart: ChartIdentity;
  /** User-supplied values. */
  values: Record<string, unknown>;
  /** Description of the finished revision. Default: Helm's own text. */
  description?: string;
  /** Maximum number of stored revisions; 0: no limit. */
  maxHistory: number;
  /** The site's time, ISO 8601. */
  now: string;
}

/** A pending revision: written by `beginUpgrade`, to be completed by `finishRevision`. */
interface PendingRevision {
  record: HelmRecord;
  change: ReleaseChange;
}

/** Thrown when Helm refuses an operation; the message is Helm's own text. */
class HelmStorageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "HelmStorageError";
  }
}

/** All revisions of a release, oldest first; empty when there is none. */
export async function readReleaseHistory(storage: HelmStorage, namespace: string, name: string): Promise<HelmRecord[]> {
  const query = `labelSelector=${encodeURIComponent(`owner=helm,name=${name}`)}`;
  const list = await request(storage, "GET", `${getSecretsPath(namespace)}?${query}`);
  const items = (list as { items: StoredSecret[] }).items;
  return items.map((item) => decodeHelmRecord(toHelmSecret(item))).sort((a, b) => a.version - b.version);
}

/**
 * Writes revision N+1 as `pending-upgrade`, or `pending-install` where the release is new, after pruning to `maxHistory`.
 * @throws HelmStorageError with Helm's message while another operation is pending.
 */
export async function beginUpgrade(storage: HelmStorage, change: ReleaseChange): Promise<PendingRevision> {
  const history = await readReleaseHistory(storage, change.namespace, change.name);
  const last = history.at(-1);
  if (last?.info.status.startsWith("pending-")) {
    throw new HelmStorageError("another operation (install/upgrade/rollback) is in progress");
  }
  await pruneHistory(storage, history, change.maxHistory);
  const install = last === undefined;
  const record: HelmRecord = {
    name: change.name,
    namespace: change.namespace,
    version: (last?.version ?? 0) + 1,
    info: {
      first_deployed: history[0]?.info.first_deployed ?? change.now,
      last_deployed: change.now,
      description: install ? "Initial install underway" : "Preparing upgrade",
      status: install ? "pending-install" : "pending-upgrade",
    },
    chart: { metadata: change.chart },
    config: change.values,
    manifest: renderManifest(change.chart),
  };
  await request(storage, "POST", getSecretsPath(change.namespace), encodeHelmSecret(record, change.now));
  return { record, change };
}

/**
 * Completes a pending revision: `deployed` supersedes the older deployed revisions, `failed` leaves them deployed.
 * `now` is the site's time; `failure` is Helm's reason.
 */
export async function finishRevision(
  storage: HelmStorage,
  pendingRevision: PendingRevision,
  outcome: { status: "deployed" } | { status: "failed"; failure: string },
  now: string,
): Promise<HelmRecord> {
  const { record, change } = pendingRevision;
  const install = record.info.status === "pending-install";
  const verb = install ? "Install" : "Upgrade";
  if (outcome.status === "deployed") await supersedeOlder(storage, record, now);
  const description =
    outcome.status === "deployed"
      ? (change.description ?? `${verb} complete`)
      : install
        ? `Release "${record.name}" failed: ${outcome.failure}`
        : `Upgrade "${record.name}" failed: ${outcome.failure}`;
  return saveRecord(storage, setRecordStatus(record, outcome.status, description), now);
}

/** Returns the Secret in which Helm stores a record; `data.release` is base64 of base64 of gzip of JSON. */
export function encodeHelmSecret(record: HelmRecord, now: string): StoredSecret {
  const inner = gzipSync(JSON.stringify(record)).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: helmSecretType,
    metadata: {
      name: formatHelmSecretName(record.name, record.version),
      namespace: record.namespace,
      labels: {
        modifiedAt: String(Math.floor(Date.parse(now) / 1000)),
        name: record.name,
        owner: "helm",
        status: record.info.status,
        version: String(record.version),
      },
    },
    data: { release: Buffer.from(inner).toString("base64") },
  };
}

export interface StoredSecret {
  apiVersion: "v1";
  kind: "Secret";
  type: string;
  metadata: { name: string; namespace: string; labels: Record<string, string> };
  data: Record<string, string>;
}

/** Name of the Secret of one revision. */
export function formatHelmSecretName(release: string, revision: number): string {
  return `sh.helm.release.v1.${release}.v${revision}`;
}

async function supersedeOlder(storage: HelmStorage, record: HelmRecord, now: string): Promise<void> {
  const history = await readReleaseHistory(storage, record.namespace, record.name);
  for (const older of history) {
    if (older.version < record.version && older.info.status === "deployed") {
      await saveRecord(storage, setRecordStatus(older, "superseded", older.info.description ?? ""), now);
    }
  }
}

/** Makes room for one more revision, as Helm does; the last deployed revision is never removed. */
async function pruneHistory(storage: HelmStorage, history: HelmRecord[], maxHistory: number): Promise<void> {
  if (maxHistory <= 0) return;
  const lastDeployed = history.filter(({ info }) => info.status === "deployed").at(-1);
  let excess = history.length - (maxHistory - 1);
  for (const record of history) {
    if (excess <= 0) return;
    if (record === lastDeployed) continue;
    await request(
      storage,
      "DELETE",
      `${getSecretsPath(record.namespace)}/${formatHelmSecretName(record.name, record.version)}`,
    );
    excess -= 1;
  }
}

function setRecordStatus(record: HelmRecord, status: HelmStatus, description: string): HelmRecord {
  return { ...record, info: { ...record.info, status, description } };
}

async function saveRecord(storage: HelmStorage, record: HelmRecord, now: string): Promise<HelmRecord> {
  const secret = encodeHelmSecret(record, now);
  await request(storage, "PUT", `${getSecretsPath(record.namespace)}/${secret.metadata.name}`, secret);
  return record;
}

function getSecretsPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
}

function toHelmSecret(secret: StoredSecret): Parameters<typeof decodeHelmRecord>[0] {
  return { name: secret.metadata.name, namespace: secret.metadata.namespace, release: secret.data["release"] };
}

async function request(storage: HelmStorage, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(new URL(path, storage.url), {
    method,
    headers: {
      accept: "application/json",
      ...(storage.token === undefined ? {} : { authorization: `Bearer ${storage.token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as unknown;
  const message = /"message"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? `${response.status}`;
  throw new HelmStorageError(`${method} ${path.split("?")[0]}: ${message}`);
}
