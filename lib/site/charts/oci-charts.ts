import { readFileSync } from "node:fs";
import { SiteError } from "../../base/errors/site-error.js";
import { InvalidInputError } from "../../base/errors/errors.js";
import { type ReleaseRow } from "../../planning/rules/types.js";
import { type Version } from "../../planning/version/version.js";
import { type ChartCache } from "./chart-cache.js";
import {
  createChartAmbiguousError,
  createChartMissingError,
  describePackedName,
  formatPackedName,
  getExpectedChartVersion,
} from "./chart-errors.js";
import { type ChartVersion, parseChartVersion } from "./chart-version.js";
import { computeSha256 } from "./chart-files.js";
import { type FileName } from "../../base/text/file-name.js";
import { type Registry } from "../registry/client.js";
import { matchesDigest } from "../registry/digest.js";
import { findChartLayer, requireDigest } from "./chart-layer.js";
import { type ChartLocator, type ChartPin, type LocatedChart } from "./types.js";

/**
 * Creates a locator for charts in a registry, each in a repository of its name under `template`, tagged with its
 * version. A chart that is in the cache with its pinned checksum is not fetched again: it needs no network.
 */
export function createRegistryLocator(template: string, registry: Registry, cache: ChartCache): ChartLocator {
  return {
    async locate(version, row, pin) {
      const cached = pin === null ? null : findCachedChart(cache, version, row, pin);
      if (cached !== null) return cached;
      const base = template.replaceAll("{version}", version);
      const repository = base === "" ? row.chart : `${base}/${row.chart}`;
      const shown = `oci://${registry.host}/${repository}`;
      try {
        const chartVersion =
          pin?.version ?? getExpectedChartVersion(version, row) ?? (await findOnlyVersion(version, row));
        const tag = toTag(chartVersion);
        const bytes = await fetchChart(
          registry,
          repository,
          tag,
          readCachedBytes(cache, version, formatPackedName(row, chartVersion)),
        );
        if (bytes === null) throw createChartMissingError(version, `${shown}:${tag}`, describePush(version, row));
        return { ...cache.put(version, formatPackedName(row, chartVersion), bytes), archiveValues: {} };
      } catch (error) {
        throw error instanceof SiteError ? toFetchError(version, shown, error) : error;
      }

      async function findOnlyVersion(release: Version, wanted: ReleaseRow): Promise<ChartVersion> {
        const tags = ((await registry.listTags(repository)) ?? [])
          .filter((tag) => parseTagVersion(tag) !== null)
          .sort();
        if (tags.length > 1)
          throw createChartAmbiguousError(
            release,
            tags.map((tag) => `${shown}:${tag}`),
            describeChoice(release, wanted),
          );
        const only = parseTagVersion(tags[0] ?? "");
        if (only === null)
          throw createChartMissingError(
            release,
            `${shown}:<version>`,
            `${describePush(release, wanted)} A proxy or pull-through mirror lists only what it has pulled: name the version there with palette-upgrade charts pin --versions ${release} --chart ${wanted.role}=<version> …`,
          );
        return only;
      }
    },
  };
}

/** Converts a chart version to a tag: tags allow no "+", so Helm writes "_" for it. */
function toTag(chartVersion: ChartVersion): string {
  return chartVersion.replaceAll("+", "_");
}

/** Null for a tag that is no chart version, such as `latest`. */
function parseTagVersion(tag: string): ChartVersion | null {
  return parseChartVersion(tag.replaceAll("_", "+"));
}

/** Fetches the chart's bytes and verifies them against the digest in its manifest; null where there is no such tag. */
async function fetchChart(
  registry: Registry,
  repository: string,
  tag: string,
  cached: Buffer | null,
): Promise<Buffer | null> {
  const manifest = await registry.fetchManifest(repository, tag);
  if (manifest === null) return null;
  const shown = `oci://${registry.host}/${repository}:${tag}`;
  const digest = requireDigest(await findChartLayer(manifest, { registry, repository, shown }), shown);
  if (cached !== null && matchesDigest(cached, digest)) return cached;
  return registry.fetchBlob(repository, digest.text);
}

function findCachedChart(cache: ChartCache, version: Version, row: ReleaseRow, pin: ChartPin): LocatedChart | null {
  const name = formatPackedName(row, pin.version);
  const bytes = readCachedBytes(cache, version, name);
  if (bytes === null || computeSha256(bytes) !== pin.sha256) return null;
  return { ...cache.getPaths(version, name), archiveValues: {} };
}

function readCachedBytes(cache: ChartCache, version: Version, name: FileName): Buffer | null {
  const file = cache.findFile(version, name);
  return file === null ? null : readFileSync(file);
}

function describePush(version: Version, row: ReleaseRow): string {
  const name = describePackedName(version, row, "<version>");
  return `Push it there from the vendor's archive of ${version}: helm push ${name} oci://…`;
}

function describeChoice(version: Version, row: ReleaseRow): string {
  return `Which of them belongs to ${version} only the vendor's archive shows: palette-upgrade charts pin --versions ${version} --chart ${row.role}=<version> …`;
}

function toFetchError(version: Version, shown: string, error: SiteError): InvalidInputError {
  const { code, next } = refusals[error.kind] ?? otherRefusal;
  const message = `Palette ${version}: ${shown} cannot be fetched: ${error.message}`;
  return new InvalidInputError(code, message, { next, cause: error });
}

const denied = {
  code: "CHARTS_DENIED",
  next: 'Check palette:charts.user and "pulumi config set --secret --path palette:secrets.chartsPassword": it has to be able to pull there.',
};
const refusals: Partial<Record<SiteError["kind"], typeof denied>> = {
  unauthorized: denied,
  forbidden: denied,
  malformed: {
    code: "CHARTS_INVALID",
    next: "Check that palette:charts.location names the registry itself, not a login page or proxy, and push the chart there anew.",
  },
  untrusted: {
    code: "CHARTS_UNTRUSTED",
    next: "Ask who runs the registry for its CA's certificate (PEM), keep it beside the program and name it in palette:charts.caFile.",
  },
};
const otherRefusal = {
  code: "CHARTS_UNREACHABLE",
  next: "Make the registry reachable from here (palette:charts.caFile names a private CA), or keep the charts in a folder: palette:charts.",
};
