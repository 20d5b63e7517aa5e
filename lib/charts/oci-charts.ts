import { readFileSync } from "node:fs";
import { InvalidInputError } from "../errors.js";
import type { ReleaseRow } from "../plan/rules-types.js";
import { SiteError } from "../site/types.js";
import type { Version } from "../version/version.js";
import type { ChartCache } from "./chart-cache.js";
import { chartAmbiguous, chartMissing, expectedVersion, packedName } from "./chart-errors.js";
import { sha256Of } from "./chart-files.js";
import type { Registry } from "./oci-client.js";
import type { ChartLocator, ChartPin, LocatedChart } from "./types.js";

const chartLayer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/**
 * Charts of a registry, each in a repository of its name below `template`, tagged with its version. A chart that lies in
 * the cache with its pinned checksum is not asked for again: pinned and once fetched, no network is needed.
 */
export function registryLocator(template: string, registry: Registry, cache: ChartCache): ChartLocator {
  return {
    async locate(version, row, pin) {
      const cached = pin === null ? null : fromCache(cache, version, row, pin);
      if (cached !== null) return cached;
      const base = template.replaceAll("{version}", version);
      const repository = base === "" ? row.chart : `${base}/${row.chart}`;
      const shown = `oci://${registry.host}/${repository}`;
      try {
        const chartVersion = pin?.version ?? expectedVersion(version, row) ?? (await onlyTag(version, row));
        const tag = tagOf(chartVersion);
        const bytes = await pull(registry, repository, tag, cachedBytes(cache, version, packedName(row, chartVersion)));
        if (bytes === null) throw chartMissing(version, `${shown}:${tag}`, howToPush(version, row));
        return { ...cache.put(version, packedName(row, chartVersion), bytes), archiveValues: {} };
      } catch (error) {
        throw error instanceof SiteError ? unreachable(version, shown, error) : error;
      }

      async function onlyTag(release: Version, wanted: ReleaseRow): Promise<string> {
        const tags = ((await registry.tags(repository)) ?? []).filter((tag) => /^v?\d/.test(tag)).sort();
        if (tags.length > 1)
          throw chartAmbiguous(
            release,
            tags.map((tag) => `${shown}:${tag}`),
            howToChoose(release, wanted),
          );
        if (tags[0] === undefined) throw chartMissing(release, `${shown}:<version>`, howToPush(release, wanted));
        return versionOfTag(tags[0]);
      }
    },
  };
}

/** Registries know no "+" in tags; Helm writes "_" for it. */
export function tagOf(chartVersion: string): string {
  return chartVersion.replaceAll("+", "_");
}

function versionOfTag(tag: string): string {
  return tag.replaceAll("_", "+");
}

/** The chart's bytes, proved against the digest that its manifest names; null where there is no such tag. */
async function pull(
  registry: Registry,
  repository: string,
  tag: string,
  cached: Buffer | null,
): Promise<Buffer | null> {
  const manifest = await registry.manifest(repository, tag);
  if (manifest === null) return null;
  const digest = layerOf(manifest);
  const shown = `oci://${registry.host}/${repository}:${tag}`;
  if (digest === null)
    throw new SiteError("malformed", `${shown} is no Helm chart: its manifest names no chart layer.`);
  if (cached !== null && `sha256:${sha256Of(cached)}` === digest) return cached;
  const bytes = await registry.blob(repository, digest);
  if (`sha256:${sha256Of(bytes)}` === digest) return bytes;
  throw new SiteError("malformed", `${shown} came with another content than its manifest names (${digest}).`);
}

function layerOf(manifest: Buffer): string | null {
  try {
    const { layers } = JSON.parse(manifest.toString("utf8")) as { layers?: { mediaType?: string; digest?: string }[] };
    const digest = layers?.find(({ mediaType }) => mediaType === chartLayer)?.digest;
    return digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : null;
  } catch {
    return null;
  }
}

function fromCache(cache: ChartCache, version: Version, row: ReleaseRow, pin: ChartPin): LocatedChart | null {
  const name = packedName(row, pin.version);
  const bytes = cachedBytes(cache, version, name);
  if (bytes === null || sha256Of(bytes) !== pin.sha256) return null;
  return { ...cache.at(version, name), archiveValues: {} };
}

function cachedBytes(cache: ChartCache, version: Version, name: string): Buffer | null {
  const file = cache.file(version, name);
  return file === null ? null : readFileSync(file);
}

function howToPush(version: Version, row: ReleaseRow): string {
  const chartVersion = expectedVersion(version, row) ?? "<version>";
  return `Push it there from the vendor's archive of ${version}: helm push ${packedName(row, chartVersion)} oci://…`;
}

function howToChoose(version: Version, row: ReleaseRow): string {
  return `Which of them belongs to ${version} only the vendor's archive tells: palette-upgrade charts pin --versions ${version} --chart ${row.role}=<version> …`;
}

function unreachable(version: Version, shown: string, error: SiteError): InvalidInputError {
  const { code, next } = refusals[error.kind] ?? elsewise;
  const message = `Palette ${version}: ${shown} cannot be fetched: ${error.message}`;
  return new InvalidInputError(code, message, { next, cause: error });
}

const denied = {
  code: "CHARTS_DENIED",
  next: 'Check palette:chartsUser and "pulumi config set --secret palette:chartsPassword": it has to be able to pull there.',
};
const refusals: Partial<Record<SiteError["kind"], typeof denied>> = {
  unauthorized: denied,
  forbidden: denied,
  untrusted: {
    code: "CHARTS_UNTRUSTED",
    next: "Ask who runs the registry for its CA's certificate (PEM), keep it beside the program and name it in palette:chartsCaFile.",
  },
};
const elsewise = {
  code: "CHARTS_UNREACHABLE",
  next: "Make the registry reachable from here (palette:chartsCaFile names a private CA), or keep the charts in a folder: palette:charts.",
};
