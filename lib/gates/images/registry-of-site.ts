import { isMap, valueAt } from "../../charts/value-paths.js";

/** The registry that an installation's nodes pull from, as its stored values name it. */
export interface SiteRegistry {
  host: string;
  /** Path below the host that images lie below; empty for none. */
  base: string;
  user: string;
  /** Secret. */
  password: string;
  /** PEM text of a private CA; undefined for none. */
  ca: string | undefined;
  /** Where images of a registry are found instead: `["gcr.io", "harbor.example.com/base/gcr.io"]`. */
  mirrors: readonly (readonly [string, string])[];
}

/** From `config.ociImageRegistry` of the product's values; null where no registry is named there. Pure. */
export function siteRegistryOf(values: Record<string, unknown>): SiteRegistry | null {
  const section = valueAt(values, ["config", "ociImageRegistry"]);
  if (!isMap(section)) return null;
  const [host = "", ...path] = bare(textOf(section.endpoint)).split("/");
  if (host === "") return null;
  const base = [...path, ...bare(textOf(section.baseContentPath)).split("/")].filter((part) => part !== "");
  return {
    host: host.toLowerCase(),
    base: base.join("/"),
    user: textOf(section.username),
    password: decoded(textOf(section.password)),
    ca: pemOf(textOf(section.caCert)),
    mirrors: textOf(section.mirrorRegistries)
      .split(",")
      .map((pair) => pair.trim().split("::"))
      .flatMap(([from, to]) => (from && to ? [[bare(from), bare(to)] as const] : [])),
  };
}

/** Where one image is looked for. */
export interface ImagePlace {
  host: string;
  repository: string;
  /** Tag or digest. */
  reference: string;
}

/**
 * Where the nodes will pull an image from: the registry itself, a mirror of the image's registry, or the image's whole name
 * below the registry's path. Null for what is no image's name. Pure.
 */
export function placeOf(image: string, registry: SiteRegistry): ImagePlace | null {
  const parsed = parseImage(image);
  if (parsed === null) return null;
  const { name, reference } = parsed;
  const own = [registry.host, registry.base].filter((part) => part !== "").join("/");
  if (name.startsWith(`${registry.host}/`)) return placed(name, reference);
  const mirror = registry.mirrors.find(([from]) => name.startsWith(`${from}/`));
  if (mirror !== undefined) return placed(`${mirror[1]}${name.slice(mirror[0].length)}`, reference);
  return placed(`${own}/${name}`, reference);
}

/** `host/v2/project/…` is how mirrors of a proxy cache are written; in the registry's own API it is `project/…`. */
function placed(name: string, reference: string): ImagePlace {
  const [host = "", ...path] = name.split("/");
  return { host: host.toLowerCase(), repository: (path[0] === "v2" ? path.slice(1) : path).join("/"), reference };
}

/** An image's full name, as a container runtime completes it, and its tag or digest. */
export function parseImage(image: string): { name: string; reference: string } | null {
  const match = /^([a-z0-9][a-z0-9._:/-]*?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/i.exec(image);
  if (match === null) return null;
  const [, written = "", tag, digest] = match;
  const [first = "", ...rest] = written.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const name = hasHost ? written : rest.length > 0 ? `docker.io/${written}` : `docker.io/library/${written}`;
  return { name, reference: digest ?? tag ?? "latest" };
}

function bare(address: string): string {
  return address.replace(/^[a-z]+:\/\//i, "").replace(/^\/+|\/+$/g, "");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}

/** Passwords are kept base64 in these values; one that is not is taken as it is. */
function decoded(text: string): string {
  const plain = Buffer.from(text, "base64").toString("utf8");
  const isBase64 = Buffer.from(plain, "utf8").toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "");
  return isBase64 ? plain : text;
}

function pemOf(text: string): string | undefined {
  const begins = "-----BEGIN CERTIFICATE-----";
  return [text, decoded(text)].find((candidate) => candidate.includes(begins));
}
