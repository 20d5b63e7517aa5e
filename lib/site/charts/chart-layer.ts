import { SiteError } from "../../base/errors/site-error.js";
import { type Registry } from "../registry/client.js";
import { type Digest, parseDigest } from "../registry/digest.js";
import { parseJsonObject } from "../registry/manifests.js";

/** Media types of a chart's layer, Helm's first one too. */
const chartLayers: readonly unknown[] = ["application/vnd.cncf.helm.chart.content.v1.tar+gzip", "application/tar+gzip"];
/** Most manifests of an image index that are read. */
const mostManifests = 20;

export interface Descriptor {
  mediaType?: unknown;
  digest?: unknown;
}

interface ManifestPlace {
  registry: Registry;
  repository: string;
  /** The tag's address, for messages. */
  shown: string;
}

/**
 * Finds the layer that holds a chart: that of the manifest, or, for an image index, that of the only manifest it lists
 * which has one. An index may list signatures and attestations beside it.
 * @throws SiteError `malformed`.
 */
export async function findChartLayer(bytes: Buffer, place: ManifestPlace): Promise<Descriptor> {
  const manifest = parseJsonObject(bytes) ?? {};
  if (manifest["manifests"] === undefined) {
    const layer = selectChartLayer(manifest);
    if (layer !== undefined) return layer;
    throw new SiteError("malformed", `${place.shown} is no Helm chart: its manifest names no chart layer.`);
  }
  const listed = listDescriptors(manifest, "manifests");
  const layers = await fetchListedLayers(listed, place);
  if (layers.length === 1) return layers[0]!;
  throw new SiteError(
    "malformed",
    `${place.shown} is an image index of ${listed.length} manifests, ${layers.length === 0 ? "none" : layers.length} of them a chart's; expected one.`,
  );
}

async function fetchListedLayers(
  listed: Descriptor[],
  { registry, repository, shown }: ManifestPlace,
): Promise<Descriptor[]> {
  if (listed.length > mostManifests)
    throw new SiteError(
      "malformed",
      `${shown} is an image index of ${listed.length} manifests; at most ${mostManifests} are read.`,
    );
  const layers: Descriptor[] = [];
  for (const entry of listed) {
    const bytes = await registry.fetchManifest(repository, requireDigest(entry, shown).text);
    const layer = selectChartLayer((bytes === null ? null : parseJsonObject(bytes)) ?? {});
    if (layer !== undefined) layers.push(layer);
  }
  return layers;
}

function selectChartLayer(manifest: Record<string, unknown>): Descriptor | undefined {
  return listDescriptors(manifest, "layers").find(({ mediaType }) => chartLayers.includes(mediaType));
}

function listDescriptors(manifest: Record<string, unknown>, key: "layers" | "manifests"): Descriptor[] {
  const listed = manifest[key];
  return Array.isArray(listed) ? listed.filter((entry: unknown) => typeof entry === "object" && entry !== null) : [];
}

/** Returns a descriptor's digest. @throws SiteError `malformed` that names the digest of another algorithm or form. */
export function requireDigest({ digest }: Descriptor, shown: string): Digest {
  const parsed = typeof digest === "string" ? parseDigest(digest) : null;
  if (parsed !== null) return parsed;
  const named = JSON.stringify(digest ?? null).slice(0, 150);
  throw new SiteError(
    "malformed",
    `${shown} names its chart by ${named}, which is no sha256 or sha512 digest in lower case.`,
  );
}
