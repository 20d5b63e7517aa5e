import { isMap, getValueAt } from "../../base/text/value-paths.js";
import { trimCharacter, trimEndCharacter } from "../../base/text/trim-character.js";

/** The registry that an installation's nodes pull from, as its stored values name it. */
export interface SiteRegistry {
  host: string;
  /** Path below the host under which the images are; empty for none. */
  base: string;
  user: string;
  /** Secret. */
  password: string;
  /** PEM text of a private CA; undefined for none. */
  ca: string | undefined;
  /** Where images of a registry are found instead: `["gcr.io", "harbor.example.com/base/gcr.io"]`. */
  mirrors: readonly (readonly [string, string])[];
}

/** Parses `config.ociImageRegistry` of the product's values; null where it names no registry. Pure. */
export function parseSiteRegistry(values: Record<string, unknown>): SiteRegistry | null {
  const section = getValueAt(values, ["config", "ociImageRegistry"]);
  if (!isMap(section)) return null;
  const [host = "", ...path] = stripAddress(toText(section.endpoint)).split("/");
  if (host === "") return null;
  const base = [...path, ...stripAddress(toText(section.baseContentPath)).split("/")].filter((part) => part !== "");
  return {
    host: host.toLowerCase(),
    base: base.join("/"),
    user: toText(section.username),
    password: decodeBase64(toText(section.password)),
    ca: findPem(toText(section.caCert)),
    mirrors: toText(section.mirrorRegistries)
      .split(",")
      .map((pair) => pair.trim().split("::"))
      .flatMap(([from, to]) => (from && to ? [[stripAddress(from), stripAddress(to)] as const] : [])),
  };
}

/** Where one image is looked up. */
interface ImageLocation {
  host: string;
  repository: string;
  /** Tag or digest. */
  reference: string;
}

/**
 * Determines where the nodes will pull an image from: the registry itself, a mirror of the image's registry, or the
 * image's whole name below the registry's path. Null for a text that is no image name. Pure.
 */
export function locateImage(image: string, registry: SiteRegistry): ImageLocation | null {
  const parsed = parseImage(image);
  if (parsed === null) return null;
  const { name, reference } = parsed;
  const own = [registry.host, registry.base].filter((part) => part !== "").join("/");
  if (name.startsWith(`${registry.host}/`)) return createImageLocation(name, reference);
  const mirror = registry.mirrors.find(([from]) => name.startsWith(`${from}/`));
  if (mirror !== undefined) return createImageLocation(`${mirror[1]}${name.slice(mirror[0].length)}`, reference);
  return createImageLocation(`${own}/${name}`, reference);
}

/** Mirrors of a proxy cache are written `host/v2/project/…`; the repository in the registry's API is `project/…`. */
function createImageLocation(name: string, reference: string): ImageLocation {
  const [host = "", ...path] = name.split("/");
  return { host: host.toLowerCase(), repository: (path[0] === "v2" ? path.slice(1) : path).join("/"), reference };
}

/** Parses an image into its full name, as a container runtime completes it, and its tag or digest of whatever algorithm. */
export function parseImage(image: string): { name: string; reference: string } | null {
  const match = /^([a-z0-9][a-z0-9._:/-]*?)(?::([\w][\w.-]{0,127}))?(?:@([\w+.-]{1,40}:[\w=-]{16,200}))?$/i.exec(image);
  if (match === null) return null;
  const [, written = "", tag, digest] = match;
  const [first = "", ...rest] = written.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const name = hasHost ? written : rest.length > 0 ? `docker.io/${written}` : `docker.io/library/${written}`;
  return { name, reference: digest ?? tag ?? "latest" };
}

function stripAddress(address: string): string {
  return trimCharacter(address.replace(/^[a-z]+:\/\//i, ""), "/");
}

function toText(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}

/** Decodes base64, as these values hold passwords; a text that is not base64 is returned unchanged. */
function decodeBase64(text: string): string {
  const plain = Buffer.from(text, "base64").toString("utf8");
  const isBase64 = trimEndCharacter(Buffer.from(plain, "utf8").toString("base64"), "=") === trimEndCharacter(text, "=");
  return isBase64 ? plain : text;
}

function findPem(text: string): string | undefined {
  const begins = "-----BEGIN CERTIFICATE-----";
  return [text, decodeBase64(text)].find((candidate) => candidate.includes(begins));
}
