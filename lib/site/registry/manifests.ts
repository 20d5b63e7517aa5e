import { SiteError } from "../../base/errors/site-error.js";
import { type ExchangeAnswer } from "../../base/net/exchange.js";
import { formatUrl } from "../../base/net/http.js";
import { matchesDigest, parseDigest } from "./digest.js";

/** Media types of manifests: what is asked for, and what proves that a registry answered. */
export const manifestTypes: readonly string[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/**
 * Returns whether the headers alone prove that a registry has the manifest: its media type and its digest, which is the
 * one that was asked for where one was. A 2xx status proves nothing: login pages and proxies have it too. Pure.
 */
export function isManifestHead({ status, headers }: ExchangeAnswer, reference: string): boolean {
  const digest = parseDigest(getHeader(headers["docker-content-digest"]));
  if (status !== 200 || digest === null || !manifestTypes.includes(getMediaType(headers))) return false;
  return parseDigest(reference) === null || reference === digest.text;
}

/**
 * Reads a manifest out of an answer; null where a registry says that it does not exist. It is proved by the digest that
 * was asked for, by the digest in the headers, or by its media type.
 * @throws SiteError `malformed` where no registry answered, or another content than the digest's.
 */
export function readManifest(answer: ExchangeAnswer, reference: string): Buffer | null {
  if (answer.status === 404) return readNotFound(answer);
  const { headers, body, url } = answer;
  const manifest = parseJsonObject(body);
  const digests = [reference, getHeader(headers["docker-content-digest"])].flatMap((text) => parseDigest(text) ?? []);
  if (manifest?.["schemaVersion"] !== 2) throw createNoRegistryError(answer);
  const wrong = digests.find((digest) => !matchesDigest(body, digest));
  if (wrong !== undefined)
    throw new SiteError("malformed", `${formatUrl(url)} came with another content than its digest (${wrong.text}).`);
  const types = [getMediaType(headers), manifest["mediaType"]];
  if (digests.length > 0 || types.some((type) => typeof type === "string" && manifestTypes.includes(type))) return body;
  throw createNoRegistryError(answer);
}

/** Returns null for a 404 that a registry may have given: one with its JSON, or without a body. */
export function readNotFound(answer: ExchangeAnswer): null {
  if (answer.body.length === 0 && getMediaType(answer.headers) !== "text/html") return null;
  if (Array.isArray(parseJsonObject(answer.body)?.["errors"])) return null;
  throw createNoRegistryError(answer);
}

/** Creates the error for an answer that no registry gives. */
export function createNoRegistryError({ url, status, headers, leftOrigin }: ExchangeAnswer): SiteError {
  const type = getMediaType(headers);
  const what = type === "" ? "something without a media type" : type;
  const after = leftOrigin ? ", after a redirect" : "";
  return new SiteError(
    "malformed",
    `${formatUrl(url)} answered ${status} with ${what}${after}: what answers there is no registry.`,
  );
}

/** Parses a JSON object; null for anything else. */
export function parseJsonObject(body: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** Returns a media type without its parameters; empty for none. */
function getMediaType(headers: ExchangeAnswer["headers"]): string {
  return /^\s*([\w.+-]{1,60}\/[\w.+-]{1,100})/.exec(headers["content-type"] ?? "")?.[1]?.toLowerCase() ?? "";
}

function getHeader(value: string | string[] | undefined): string {
  return typeof value === "string" ? value.trim() : "";
}
