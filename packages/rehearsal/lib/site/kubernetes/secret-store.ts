import { randomUUID } from "node:crypto";
import { decodeHelmRecord, helmSecretType, type HelmRecord } from "../../../../../lib/site/helm/records.js";
import { formatIsoSeconds, paletteChart, type SecretObject, type SiteModel, type SiteTime } from "../model.js";

/** A Secret as a client sends it; the store adds the fields that the API server would. */
export interface SecretInput {
  type?: string;
  metadata: {
    name: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    resourceVersion?: string;
  };
  data?: Record<string, string>;
  stringData?: Record<string, string>;
}

/** Why a write was refused, in the terms of the API's Status. */
interface StoreRefusal {
  code: 404 | 409;
  reason: "NotFound" | "AlreadyExists" | "Conflict";
  message: string;
}

export type StoreResult = { model: SiteModel; secret: SecretObject } | { refused: StoreRefusal };

/** Lists the Secrets of a namespace, or of all namespaces; sorted by namespace and name. */
export function listSecrets(model: SiteModel, namespace: string | null): SecretObject[] {
  return Object.entries(model.secrets)
    .filter(([, secret]) => namespace === null || secret.metadata.namespace === namespace)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, secret]) => secret);
}

/** Handles POST. */
export function createSecret(model: SiteModel, namespace: string, input: SecretInput, now: SiteTime): StoreResult {
  const key = `${namespace}/${input.metadata.name}`;
  if (model.secrets[key]) {
    return {
      refused: { code: 409, reason: "AlreadyExists", message: `secrets "${input.metadata.name}" already exists` },
    };
  }
  return storeSecret(model, namespace, input, now, { uid: randomUUID(), creationTimestamp: formatIsoSeconds(now) });
}

/** Handles PUT. */
export function replaceSecret(model: SiteModel, namespace: string, input: SecretInput, now: SiteTime): StoreResult {
  const { name, resourceVersion } = input.metadata;
  const old = model.secrets[`${namespace}/${name}`];
  if (old === undefined) return { refused: { code: 404, reason: "NotFound", message: `secrets "${name}" not found` } };
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) {
    const message = `Operation cannot be fulfilled on secrets "${name}": the object has been modified; please apply your changes to the latest version and try again`;
    return { refused: { code: 409, reason: "Conflict", message } };
  }
  return storeSecret(model, namespace, input, now, old.metadata);
}

/** Handles DELETE. */
export function deleteSecret(model: SiteModel, namespace: string, name: string): StoreResult {
  const { [`${namespace}/${name}`]: secret, ...secrets } = model.secrets;
  if (secret === undefined)
    return { refused: { code: 404, reason: "NotFound", message: `secrets "${name}" not found` } };
  return { model: updateInstalledVersion({ ...model, secrets }), secret };
}

/** Lists all records of Helm releases that use a chart, oldest revision first. */
export function listChartRecords(model: SiteModel, chart: string): HelmRecord[] {
  return listHelmRecords(model)
    .filter((record) => record.chart.metadata.name === chart)
    .sort((a, b) => a.version - b.version);
}

/**
 * Starts the roll-out to the newest revision of hubble, even a pending one; does nothing where that version runs
 * already.
 */
export function beginRollOut(model: SiteModel, now: SiteTime): SiteModel {
  const to = listChartRecords(model, paletteChart).at(-1)?.chart.metadata.version;
  const from = model.hops.at(-1)?.to ?? model.startVersion;
  return to === undefined || to === from ? model : { ...model, hops: [...model.hops, { from, to, at: now }] };
}

function storeSecret(
  model: SiteModel,
  namespace: string,
  input: SecretInput,
  now: SiteTime,
  kept: { uid: string; creationTimestamp: string },
): StoreResult {
  const resourceVersion = model.resourceVersion + 1;
  const texts = Object.entries(input.stringData ?? {}).map(([key, text]) => [
    key,
    Buffer.from(text).toString("base64"),
  ]);
  const { name, labels, annotations } = input.metadata;
  const secret: SecretObject = {
    apiVersion: "v1",
    kind: "Secret",
    type: input.type ?? "Opaque",
    metadata: {
      name,
      namespace,
      uid: kept.uid,
      creationTimestamp: kept.creationTimestamp,
      resourceVersion: String(resourceVersion),
      labels,
      annotations,
    },
    data: { ...input.data, ...(Object.fromEntries(texts) as Record<string, string>) },
  };
  const written = { ...model, resourceVersion, secrets: { ...model.secrets, [`${namespace}/${name}`]: secret } };
  return { model: applyHelmRecord(updateInstalledVersion(written), secret, now), secret };
}

function updateInstalledVersion(model: SiteModel): SiteModel {
  const deployed = listChartRecords(model, paletteChart).filter(({ info }) => info.status === "deployed");
  const installed = deployed.at(-1)?.chart.metadata.version ?? model.installed;
  if (model.empty === true && deployed.length > 0) return completeFirstInstall(model, installed);
  return installed === model.installed ? model : { ...model, installed };
}

/** Completes a first installation at once: its progress is not simulated. */
function completeFirstInstall(model: SiteModel, version: string): SiteModel {
  const { empty, ...rest } = model;
  return empty === undefined ? model : { ...rest, startVersion: version, installed: version };
}

/** Starts the roll-out when a record says `deployed`, as Helm has then changed the cluster. */
function applyHelmRecord(model: SiteModel, secret: SecretObject, now: SiteTime): SiteModel {
  const record = parseHelmRecord(secret);
  if (record === null || record.chart.metadata.name !== paletteChart || record.info.status !== "deployed") return model;
  return beginRollOut(model, now);
}

/** Lists every Helm record that can be read. */
export function listHelmRecords(model: SiteModel): HelmRecord[] {
  return Object.values(model.secrets).flatMap((secret) => parseHelmRecord(secret) ?? []);
}

function parseHelmRecord(secret: SecretObject): HelmRecord | null {
  if (secret.type !== helmSecretType) return null;
  try {
    const { name, namespace } = secret.metadata;
    return decodeHelmRecord({ name, namespace, release: secret.data["release"] });
  } catch {
    // An unreadable record changes nothing here; the clients report it.
    return null;
  }
}
