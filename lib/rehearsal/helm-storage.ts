import { gzipSync } from "node:zlib";
import { decodeHelmRecord, helmSecretType, type HelmRecord } from "../site/helm-records.js";
import type { HelmStatus } from "../site/types.js";
import { manifestOf } from "./site/manifest.js";

/** Where Helm's records are kept: the Kubernetes API of the simulated site, e.g. `http://127.0.0.1:40123`. */
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
  /** Kept with the finished revision; Helm's own words without it. */
  description?: string;
  /** Revisions that are kept; 0: all. */
  maxHistory: number;
  /** The site's time, ISO 8601. */
  now: string;
}

/** A revision that `beginUpgrade` wrote and `finish` is to end. */
export interface BegunRevision {
  record: HelmRecord;
  change: ReleaseChange;
}

/** Why Helm refuses to begin: its own sentence. */
export class HelmStorageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "HelmStorageError";
  }
}

/** All revisions of a release, oldest first; empty when there is none. */
export async function releaseHistory(storage: HelmStorage, namespace: string, name: string): Promise<HelmRecord[]> {
  const query = `labelSelector=${encodeURIComponent(`owner=helm,name=${name}`)}`;
  const list = await request(storage, "GET", `${secretsPath(namespace)}?${query}`);
  const items = (list as { items: StoredSecret[] }).items;
  return items.map((item) => decodeHelmRecord(toHelmSecret(item))).sort((a, b) => a.version - b.version);
}

/**
 * Writes revision N+1 as `pending-upgrade`, or `pending-install` where the release is new, after pruning to `maxHistory`.
 * @throws HelmStorageError in Helm's words while another operation is pending.
 */
export async function beginUpgrade(storage: HelmStorage, change: ReleaseChange): Promise<BegunRevision> {
  const history = await releaseHistory(storage, change.namespace, change.name);
  const last = history.at(-1);
  if (last?.info.status.startsWith("pending-")) {
    throw new HelmStorageError("another operation (install/upgrade/rollback) is in progress");
  }
  await prune(storage, history, change.maxHistory);
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
    manifest: manifestOf(change.chart),
  };
  await request(storage, "POST", secretsPath(change.namespace), encodeHelmSecret(record, change.now));
  return { record, change };
}

/**
 * Ends a begun revision: `deployed` supersedes the older deployed ones, `failed` leaves them deployed. `now` is the
 * site's time; `failure` is Helm's reason.
 */
export async function finish(
  storage: HelmStorage,
  begun: BegunRevision,
  outcome: { status: "deployed" } | { status: "failed"; failure: string },
  now: string,
): Promise<HelmRecord> {
  const { record, change } = begun;
  const install = record.info.status === "pending-install";
  const verb = install ? "Install" : "Upgrade";
  if (outcome.status === "deployed") await supersedeOlder(storage, record, now);
  const description =
    outcome.status === "deployed"
      ? (change.description ?? `${verb} complete`)
      : install
        ? `Release "${record.name}" failed: ${outcome.failure}`
        : `Upgrade "${record.name}" failed: ${outcome.failure}`;
  return save(storage, withStatus(record, outcome.status, description), now);
}

/** The Secret that Helm keeps a record in, ready for the API; `data.release` is base64 of base64 of gzip of JSON. */
export function encodeHelmSecret(record: HelmRecord, now: string): StoredSecret {
  const inner = gzipSync(JSON.stringify(record)).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: helmSecretType,
    metadata: {
      name: secretName(record.name, record.version),
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
export function secretName(release: string, revision: number): string {
  return `sh.helm.release.v1.${release}.v${revision}`;
}

async function supersedeOlder(storage: HelmStorage, record: HelmRecord, now: string): Promise<void> {
  const history = await releaseHistory(storage, record.namespace, record.name);
  for (const older of history) {
    if (older.version < record.version && older.info.status === "deployed") {
      await save(storage, withStatus(older, "superseded", older.info.description ?? ""), now);
    }
  }
}

/** As Helm does before it adds a revision: room for one, and the last deployed one is never removed. */
async function prune(storage: HelmStorage, history: HelmRecord[], maxHistory: number): Promise<void> {
  if (maxHistory <= 0) return;
  const lastDeployed = history.filter(({ info }) => info.status === "deployed").at(-1);
  let excess = history.length - (maxHistory - 1);
  for (const record of history) {
    if (excess <= 0) return;
    if (record === lastDeployed) continue;
    await request(storage, "DELETE", `${secretsPath(record.namespace)}/${secretName(record.name, record.version)}`);
    excess -= 1;
  }
}

function withStatus(record: HelmRecord, status: HelmStatus, description: string): HelmRecord {
  return { ...record, info: { ...record.info, status, description } };
}

async function save(storage: HelmStorage, record: HelmRecord, now: string): Promise<HelmRecord> {
  const secret = encodeHelmSecret(record, now);
  await request(storage, "PUT", `${secretsPath(record.namespace)}/${secret.metadata.name}`, secret);
  return record;
}

function secretsPath(namespace: string): string {
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
