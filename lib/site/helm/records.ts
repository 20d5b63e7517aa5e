import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { parseAllDocuments } from "yaml";
import { SiteError } from "../../base/errors/site-error.js";
import { type HelmRevision, type HelmStatus, type RecordedChart, type RecordFault } from "../types.js";

/** Type of the Secrets that Helm 3 keeps its releases in. */
export const helmSecretType = "helm.sh/release.v1";
/** Label selector of those Secrets. */
export const helmLabelSelector = "owner=helm";

/** The part of a Secret that this module reads. */
export interface HelmSecret {
  name: string;
  namespace: string;
  /** `data.release` as the API returns it: base64 of what Helm wrote. */
  release: string | undefined;
}

/** A release record as Helm stores it (helm v3 `release.Release`), as far as this project reads it. */
export interface HelmRecord {
  name: string;
  namespace: string;
  version: number;
  info: { status: HelmStatus; last_deployed: string; description?: string; first_deployed?: string };
  chart: {
    metadata: { name: string; version: string; appVersion?: string; annotations?: Record<string, string> };
    /** The chart's defaults. */
    values?: Record<string, unknown> | null;
    /** `values.schema.json`, base64. */
    schema?: string | null;
    /** Of the chart itself; Helm does not keep those of sub-charts. */
    templates?: { name: string; data: string }[] | null;
  };
  /** User-supplied values. Secret. */
  config?: Record<string, unknown> | null;
  /** What was rendered: YAML documents, Secrets among them. Secret. */
  manifest?: string;
  hooks?: { manifest?: string }[] | null;
}

const statuses: readonly HelmStatus[] = [
  "unknown",
  "deployed",
  "uninstalled",
  "superseded",
  "failed",
  "uninstalling",
  "pending-install",
  "pending-upgrade",
  "pending-rollback",
];
const gzipMagic = Buffer.from([0x1f, 0x8b]);
const largestRecordBytes = 64_000_000;

/**
 * Decodes the record in a Secret.
 * @throws SiteError `malformed` that names the Secret but never the record's content.
 */
export function decodeHelmRecord(secret: HelmSecret): HelmRecord {
  if (secret.release === undefined) throw createMalformedError(secret, "it has no key release");
  let record: unknown;
  try {
    const stored = Buffer.from(Buffer.from(secret.release, "base64").toString("latin1"), "base64");
    const zipped = stored.subarray(0, 2).equals(gzipMagic);
    const text = (zipped ? gunzipSync(stored, { maxOutputLength: largestRecordBytes }) : stored).toString("utf8");
    record = JSON.parse(text) as unknown;
  } catch {
    throw createMalformedError(secret, "it cannot be unpacked");
  }
  const missing = findMissingPart(record);
  if (missing !== null) throw createMalformedError(secret, `${missing} is missing or of another kind`);
  return record as HelmRecord;
}

/**
 * Reads what a Secret says of one revision. Its identity is that of the Secret, by which Helm finds it; a record that
 * names another release, or that cannot be read, is returned with its fault and proves nothing.
 */
export function readHelmRevision(secret: HelmSecret): HelmRevision {
  const named = parseSecretName(secret.name);
  let record: HelmRecord;
  try {
    record = decodeHelmRecord(secret);
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    return createUnreadRevision(secret, named, error.message);
  }
  const revision = toHelmRevision(record);
  const fault = findIdentityFault(secret, named, revision);
  return fault === null ? revision : { ...revision, ...named, namespace: secret.namespace, fault };
}

/** Parses the name that Helm gives the Secret of a revision; null for any other name. */
function parseSecretName(secretName: string): { name: string; revision: number } | null {
  const [, name, revision] = /^sh\.helm\.release\.v1\.(.+)\.v([1-9]\d*)$/.exec(secretName) ?? [];
  return name === undefined ? null : { name, revision: Number(revision) };
}

function findIdentityFault(
  secret: HelmSecret,
  named: ReturnType<typeof parseSecretName>,
  { namespace, name, revision }: HelmRevision,
): RecordFault | null {
  if (namespace === secret.namespace && named?.name === name && named.revision === revision) return null;
  const key = `${secret.namespace}/${secret.name}`;
  const why = `Helm's release record ${key} is that of release ${namespace}/${name}, revision ${revision}, which its Secret does not name.`;
  return { secret: key, why, kind: namespace === secret.namespace ? "misnamed" : "copy" };
}

function createUnreadRevision(
  { name, namespace }: HelmSecret,
  named: ReturnType<typeof parseSecretName>,
  why: string,
): HelmRevision {
  return {
    name: named?.name ?? "",
    namespace,
    revision: named?.revision ?? 0,
    status: "unknown",
    chart: "",
    chartVersion: "",
    appVersion: "",
    description: "",
    lastDeployed: "",
    valuesDigest: "",
    fault: { secret: `${namespace}/${name}`, why, kind: "unreadable" },
  };
}

/** Extracts the part of a record that may be shown. */
export function toHelmRevision(record: HelmRecord): HelmRevision {
  const { metadata } = record.chart;
  return {
    name: record.name,
    namespace: record.namespace,
    revision: record.version,
    status: record.info.status,
    chart: metadata.name,
    chartVersion: metadata.version,
    appVersion: metadata.appVersion ?? "",
    description: record.info.description ?? "",
    lastDeployed: new Date(record.info.last_deployed).toISOString(),
    valuesDigest: computeValuesDigest(record.config ?? {}),
  };
}

/** Extracts the chart that a revision was made with, as far as Helm keeps it. Contains no values of the site. */
export function toRecordedChart({ chart }: HelmRecord): RecordedChart {
  const decodeBase64 = (base64: string): string => Buffer.from(base64, "base64").toString("utf8");
  return {
    defaults: chart.values ?? {},
    schema: chart.schema ? parseSchema(decodeBase64(chart.schema)) : null,
    templates: (chart.templates ?? []).map(({ name, data }) => ({ path: name, below: "", text: decodeBase64(data) })),
  };
}

/** Parses a schema; null for one that cannot be parsed. */
function parseSchema(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/**
 * Lists the images that the objects and hooks of a revision name, sorted; empty without a manifest (a chart without
 * objects).
 * @throws SiteError `malformed` where part of the manifest cannot be parsed: the list would be incomplete.
 */
export function listManifestImages({ name, namespace, version, manifest, hooks }: HelmRecord): string[] {
  const texts = [manifest ?? "", ...(hooks ?? []).map((hook) => hook.manifest ?? "")];
  const documents = texts.flatMap((text) => parseAllDocuments(text));
  try {
    const images = documents.flatMap((document) => {
      if (document.errors.length > 0) throw document.errors[0]!;
      return listContainerImages(document.toJS() as unknown);
    });
    return [...new Set(images)].sort();
  } catch {
    const message = `The manifest of Helm release ${namespace}/${name}, revision ${version}, cannot be read as YAML.`;
    throw new SiteError("malformed", message);
  }
}

/** Lists the images of all containers, at any depth. */
function listContainerImages(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(listContainerImages);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    (key === "containers" || key === "initContainers") && Array.isArray(inner)
      ? inner.flatMap(listImageOfContainer)
      : listContainerImages(inner),
  );
}

function listImageOfContainer(container: unknown): string[] {
  const { image } = (container ?? {}) as { image?: unknown };
  return typeof image === "string" && image !== "" ? [image] : [];
}

/** Computes the sha256 of values in canonical JSON (keys sorted): equal values give the same digest. */
export function computeValuesDigest(values: Record<string, unknown>): string {
  return createHash("sha256").update(formatCanonicalJson(values)).digest("hex");
}

function formatCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatCanonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${formatCanonicalJson(inner)}`).join(",")}}`;
}

function findMissingPart(record: unknown): string | null {
  const { name, namespace, version, info, chart } = (record ?? {}) as Partial<HelmRecord>;
  if (typeof name !== "string" || name === "") return "name";
  if (typeof namespace !== "string") return "namespace";
  if (typeof version !== "number" || !Number.isInteger(version)) return "version";
  if (!statuses.includes(info?.status as HelmStatus)) return "info.status";
  if (Number.isNaN(Date.parse(info?.last_deployed ?? ""))) return "info.last_deployed";
  if (typeof chart?.metadata?.name !== "string" || typeof chart.metadata.version !== "string") return "chart.metadata";
  return null;
}

function createMalformedError(secret: HelmSecret, why: string): SiteError {
  return new SiteError("malformed", `Helm's release record ${secret.namespace}/${secret.name} cannot be read: ${why}.`);
}
