import { SiteError } from "../../base/errors/site-error.js";
import { listReleaseRows } from "../../site/charts/check-charts.js";
import { selectBaseValues } from "../../site/charts/release-values.js";
import { openRegistry, type Registry, type RegistryAccess } from "../../site/registry/client.js";
import { parseDigest } from "../../site/registry/digest.js";
import { InvalidInputError, PaletteError } from "../../base/errors/errors.js";
import { type ReleaseRow } from "../../planning/rules/types.js";
import { type ObservedRelease } from "../../site/types.js";
import { toGateSiteFacts } from "../../settings/site-facts.js";
import { getSiteCharts, toChartFinding } from "../chart-findings.js";
import { readInstalled } from "../verdict/installed.js";
import { type Gate, type GateInput, type Verdict } from "../verdict/types.js";
import { createNote, createVerdict, type Finding, read, toErrorFinding } from "../verdict/findings.js";
import { collectImages } from "./images-in-manifests.js";
import { type ImageLookup, judgeImages } from "./judge.js";
import { locateImage, parseSiteRegistry, type SiteRegistry } from "./registry-of-site.js";
import { createHelmRenderer, type Renderer, RenderError } from "./render.js";

interface ImagesDeps {
  renderer: Renderer;
  openRegistry: (host: string, access: RegistryAccess) => Registry;
}

/** Before a hop of an installation with its own registry: checks that every image of the next version is in it. */
export const imagesGate: Gate = createImagesGate({ renderer: createHelmRenderer(), openRegistry });

export function createImagesGate(deps: ImagesDeps): Gate {
  return {
    name: "images",
    timing: { deadlineSeconds: 600, intervalSeconds: 30, samples: 1 },
    recheck: "start-only",
    sample: (input, signal) => sample(input, signal, deps),
  };
}

async function sample(input: GateInput, signal: AbortSignal, deps: ImagesDeps): Promise<Verdict> {
  const { site } = input;
  const installed = await readInstalled(input, signal);
  if (installed.state !== "installed") return createUnobservedVerdict([installed.finding]);
  const { releases } = installed;
  const seen = await read(
    async () => ({
      hubble: await readStoredValues(releases, "hubble", input),
      version: await site.kubernetes.serverVersion(),
    }),
    signal,
  );
  if (!seen.ok)
    return createUnobservedVerdict([toErrorFinding(seen.error, null, "The installation could not be read")]);
  const { hubble, version } = seen.value;
  const registry = parseSiteRegistry(hubble);
  if (registry === null) return judgeMissingRegistry(input);
  const images = await read(
    () => listVersionImages(input, { releases, hubble, version, signal }, deps.renderer),
    signal,
  );
  if (!images.ok) return createUnobservedVerdict([toRenderFinding(images.error)]);
  const lookups = await read(() => probeImages(images.value, registry, { input, signal, deps }), signal);
  if (!lookups.ok) return createUnobservedVerdict([toChartFinding(lookups.error, null)]);
  const findings = [...judgeImages(lookups.value, registry.host), ...checkUnseenOverrides(input)];
  const missing = lookups.value.filter(({ answer }) => answer === "missing");
  const observed = {
    registry: registry.host,
    images: lookups.value.length,
    missing: missing.map(({ location }) => location),
  };
  return createVerdict("images", findings, observed);
}

function createUnobservedVerdict(findings: Finding[]): Verdict {
  return createVerdict("images", findings, null);
}

/**
 * Judges an installation whose stored values name no registry: one that only the stack's configuration names is
 * unknown.
 */
function judgeMissingRegistry({ settings }: GateInput): Verdict {
  const key = (settings.overriddenKeys.hubble ?? []).find((path) => path.startsWith("config.ociImageRegistry"));
  if (key !== undefined) {
    const message = `The stored values name no registry, and palette:values.hubble sets ${key}, whose value is not shown to gates: what is there can be told from the hop after on. Accept it for this hop once the images are uploaded.`;
    return createUnobservedVerdict([{ outcome: "unknown", code: "REGISTRY_UNKNOWN", member: null, message }]);
  }
  const message = "The stored values name no registry of the installation's own (config.ociImageRegistry.endpoint).";
  return createUnobservedVerdict([{ outcome: "pass", code: "NOT_APPLICABLE", member: null, message }]);
}

interface InstallationSnapshot {
  releases: ObservedRelease[];
  hubble: Record<string, unknown>;
  version: string;
  signal: AbortSignal;
}

/** Lists the images of all releases of the next version, rendered one after the other with the values they will get. */
async function listVersionImages(
  input: GateInput,
  seen: InstallationSnapshot,
  renderer: Renderer,
): Promise<Map<string, string[]>> {
  await renderer.check();
  const charts = getSiteCharts(input.site);
  const all = new Map<string, string[]>();
  for (const row of selectRowsToRender(input, seen.releases)) {
    const chart = await charts.find(input.edge.to, row);
    const existing = seen.releases.find(({ role }) => role === row.role);
    const stored = await readStoredValues(seen.releases, row.role, input);
    const registryBase = formatImagePrefix(seen.hubble);
    const manifests = await renderer.render({
      release: existing?.name ?? row.name,
      namespace: existing?.namespace ?? row.namespaces[0] ?? input.settings.helm.namespace,
      chart: chart.path,
      values: selectBaseValues(row, { archive: chart.archiveValues, stored, registryBase }).values,
      kubernetesVersion: seen.version,
      signal: seen.signal,
    });
    for (const [image, objects] of collectImages(manifests))
      all.set(image, [...new Set([...(all.get(image) ?? []), ...objects])]);
  }
  return all;
}

function selectRowsToRender({ edge, settings }: GateInput, releases: ObservedRelease[]): ReleaseRow[] {
  const kind = { edition: settings.edition, method: "kubernetes" } as const;
  const installed = releases.map(({ role }) => role);
  return listReleaseRows(edge.to, { facts: toGateSiteFacts(settings), installed, kind });
}

function formatImagePrefix(hubble: Record<string, unknown>): string | null {
  const registry = parseSiteRegistry(hubble);
  if (registry === null) return null;
  return `${[registry.host, registry.base].filter((part) => part !== "").join("/")}/`;
}

async function readStoredValues(
  releases: readonly ObservedRelease[],
  role: ObservedRelease["role"],
  { site }: GateInput,
): Promise<Record<string, unknown>> {
  const deployed = releases.find((release) => release.role === role)?.deployed;
  return deployed ? site.kubernetes.helmValues(deployed.namespace, deployed.name, deployed.revision) : {};
}

const maxConcurrentLookups = 8;

async function probeImages(
  images: ReadonlyMap<string, string[]>,
  site: SiteRegistry,
  { input, signal, deps }: { input: GateInput; signal: AbortSignal; deps: ImagesDeps },
): Promise<ImageLookup[]> {
  const { user, password, ca } = site;
  const own = {
    caFile: input.settings.site.imageRegistryCaFile,
    caSetting: "palette:site.imageRegistryCaFile",
    clock: input.clock,
  };
  const registries = new Map<string, Registry>();
  // The credentials belong to this registry only; they are never sent to a mirror.
  const getRegistry = (host: string): Registry =>
    registries.get(host) ??
    deps.openRegistry(host, { ...own, ...(host === site.host ? { user, password, ca } : { user: "", password: "" }) });
  const lookups: ImageLookup[] = [];
  const waiting = [...images];
  const probeWaitingImages = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [image, objects] = next;
      const location = locateReadable(image, site);
      if (location instanceof SiteError) {
        lookups.push({ image, objects, location: image, answer: location });
        continue;
      }
      const registry = getRegistry(location.host);
      registries.set(location.host, registry);
      const presence = await read(() => registry.hasManifest(location.repository, location.reference, signal), signal);
      lookups.push({ image, objects, location: formatLocation(location), answer: toLookupAnswer(presence) });
    }
  };
  await Promise.all(Array.from({ length: maxConcurrentLookups }, probeWaitingImages));
  return lookups.sort((a, b) => (a.image < b.image ? -1 : 1));
}

/** Locates an image; an error for a text that is no image, or one whose digest no registry client can prove. */
function locateReadable(image: string, site: SiteRegistry): NonNullable<ReturnType<typeof locateImage>> | SiteError {
  const location = locateImage(image, site);
  if (location === null) return new SiteError("malformed", `"${image}" is no image's name.`);
  const { reference } = location;
  if (!reference.includes(":") || parseDigest(reference) !== null) return location;
  return new SiteError(
    "malformed",
    `"${image}" names its content by ${reference}, which is no sha256 or sha512 digest in lower case.`,
  );
}

function toLookupAnswer(presence: Awaited<ReturnType<typeof read<boolean>>>): ImageLookup["answer"] {
  if (presence.ok) return presence.value ? "there" : "missing";
  if (presence.error instanceof SiteError) return presence.error;
  throw presence.error;
}

function formatLocation({
  host,
  repository,
  reference,
}: {
  host: string;
  repository: string;
  reference: string;
}): string {
  return `${host}/${repository}${reference.includes(":") ? "@" : ":"}${reference}`;
}

/** Remarks on overrides that are in the stack's configuration only: the charts were rendered without them. */
function checkUnseenOverrides({ settings }: GateInput): Finding[] {
  const keys = Object.entries(settings.overriddenKeys)
    .flatMap(([role, paths]) => paths.map((path) => `${role}: ${path}`))
    .filter((path) => /image|registry|repository|tag|enabled/i.test(path));
  if (keys.length === 0) return [];
  return [
    createNote(
      `palette:values sets what this gate cannot see; an image that only they name was not looked for: ${keys.join(", ")}.`,
    ),
  ];
}

function toRenderFinding(error: unknown): Finding {
  if (error instanceof RenderError) {
    const message = `The next version's charts could not be rendered with the stored values: ${error.message} Gate values may tell which key is at fault.`;
    return { outcome: "unknown", code: "RENDER_FAILED", member: null, message };
  }
  if (error instanceof InvalidInputError && error.code !== "HELM_MISSING") return toChartFinding(error, null);
  if (error instanceof PaletteError) {
    const outcome = error.code === "HELM_OLD" ? "fail" : "unknown";
    return { outcome, code: error.code, member: null, message: `${error.message} ${error.next ?? ""}`.trim() };
  }
  return toErrorFinding(error, null, "The next version's images could not be listed");
}
