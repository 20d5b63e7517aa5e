import { rowsOfVersion } from "../../charts/check-charts.js";
import { withImagePrefix } from "../../charts/image-prefix.js";
import { openRegistry, type Registry, type RegistryAccess } from "../../charts/oci-client.js";
import { InvalidInputError, PaletteError } from "../../errors.js";
import type { ReleaseRow } from "../../plan/rules-types.js";
import { observedReleases } from "../../site/observe.js";
import { SiteError, type ObservedRelease } from "../../site/types.js";
import { chartsOfSite, findingOfChart } from "../chart-findings.js";
import { factsOfGate } from "../site-of-gate.js";
import type { Gate, GateInput, Verdict } from "../types.js";
import { findingOfError, note, read, verdictOf, type Finding } from "../verdict.js";
import { imagesIn } from "./images-in-manifests.js";
import { judgeImages, type LookedFor } from "./judge.js";
import { placeOf, siteRegistryOf, type SiteRegistry } from "./registry-of-site.js";
import { helmRenderer, RenderError, type Renderer } from "./render.js";

export interface ImagesDeps {
  renderer: Renderer;
  openRegistry: (host: string, access: RegistryAccess) => Registry;
}

/** Before a hop of an installation with a registry of its own: every image of the next version is in it. */
export const imagesGate: Gate = createImagesGate({ renderer: helmRenderer(), openRegistry });

export function createImagesGate(deps: ImagesDeps): Gate {
  return {
    name: "images",
    timing: { deadlineSeconds: 600, intervalSeconds: 30, samples: 1 },
    recheck: "start-only",
    reads: [
      "secrets of type helm.sh/release.v1 (list, get): the stored values, which name the registry and its credentials",
      "version (get) of the cluster",
      "the next version's charts (palette:charts), rendered by the helm on PATH (3.14 or later)",
      "manifests (HEAD) of each image in the installation's registry",
    ],
    sample: (input, signal) => sample(input, signal, deps),
  };
}

async function sample(input: GateInput, signal: AbortSignal, deps: ImagesDeps): Promise<Verdict> {
  const { site, settings } = input;
  const seen = await read(async () => {
    const releases = observedReleases(await site.kubernetes.helmRevisions(), settings.releaseNamespace);
    return {
      releases,
      hubble: await storedValues(releases, "hubble", input),
      version: await site.kubernetes.serverVersion(),
    };
  }, signal);
  if (!seen.ok) return blocked([findingOfError(seen.error, null, "The installation could not be read")]);
  const { releases, hubble, version } = seen.value;
  const registry = siteRegistryOf(hubble);
  if (registry === null) return withoutRegistry(input);
  const images = await read(() => imagesOfVersion(input, { releases, hubble, version, signal }, deps.renderer), signal);
  if (!images.ok) return blocked([findingOfRender(images.error)]);
  const looked = await read(() => lookFor(images.value, registry, { input, signal, deps }), signal);
  if (!looked.ok) return blocked([findingOfChart(looked.error, null)]);
  const findings = [...judgeImages(looked.value, registry.host), ...unseenOverrides(input)];
  const missing = looked.value.filter(({ answer }) => answer === "missing");
  const observed = { registry: registry.host, images: looked.value.length, missing: missing.map(({ place }) => place) };
  return verdictOf("images", findings, observed);
}

function blocked(findings: Finding[]): Verdict {
  return verdictOf("images", findings, null);
}

/** Where the stack's own configuration names a registry, the gate cannot see it: that is not "none". */
function withoutRegistry({ settings }: GateInput): Verdict {
  const key = (settings.overriddenKeys.hubble ?? []).find((path) => path.startsWith("config.ociImageRegistry"));
  if (key !== undefined) {
    const message = `The stored values name no registry, and palette:values.hubble sets ${key}, whose value is not shown to gates: what is there can be told from the hop after on. Accept it for this hop once the images are uploaded.`;
    return blocked([{ outcome: "unknown", code: "REGISTRY_UNKNOWN", member: null, message }]);
  }
  const message = "The stored values name no registry of the installation's own (config.ociImageRegistry.endpoint).";
  return blocked([{ outcome: "pass", code: "NOT_APPLICABLE", member: null, message }]);
}

interface Seen {
  releases: ObservedRelease[];
  hubble: Record<string, unknown>;
  version: string;
  signal: AbortSignal;
}

/** Images of all releases of the next version, rendered one after the other with the values they will get. */
async function imagesOfVersion(input: GateInput, seen: Seen, renderer: Renderer): Promise<Map<string, string[]>> {
  await renderer.check();
  const charts = chartsOfSite(input.site);
  const all = new Map<string, string[]>();
  for (const row of rowsToRender(input, seen.releases)) {
    const chart = await charts.find(input.edge.to, row);
    const existing = seen.releases.find(({ role }) => role === row.role);
    const stored = await storedValues(seen.releases, row.role, input);
    const base = baseOf(seen.hubble);
    const manifests = await renderer.render({
      release: existing?.name ?? row.name,
      namespace: existing?.namespace ?? row.namespaces[0] ?? input.settings.releaseNamespace,
      chart: chart.path,
      values: row.values === "archive" ? withImagePrefix(chart.archiveValues, stored, base) : stored,
      kubernetesVersion: seen.version,
      signal: seen.signal,
    });
    for (const [image, objects] of imagesIn(manifests))
      all.set(image, [...new Set([...(all.get(image) ?? []), ...objects])]);
  }
  return all;
}

function rowsToRender({ edge, settings }: GateInput, releases: ObservedRelease[]): ReleaseRow[] {
  const kind = { edition: settings.edition, method: "kubernetes" } as const;
  const installed = releases.map(({ role }) => role);
  return rowsOfVersion(edge.to, { facts: factsOfGate(settings), installed, kind });
}

function baseOf(hubble: Record<string, unknown>): string | null {
  const registry = siteRegistryOf(hubble);
  if (registry === null) return null;
  return `${[registry.host, registry.base].filter((part) => part !== "").join("/")}/`;
}

async function storedValues(
  releases: readonly ObservedRelease[],
  role: ObservedRelease["role"],
  { site }: GateInput,
): Promise<Record<string, unknown>> {
  const deployed = releases.find((release) => release.role === role)?.deployed;
  return deployed ? site.kubernetes.helmValues(deployed.namespace, deployed.name, deployed.revision) : {};
}

const atOnce = 8;

async function lookFor(
  images: ReadonlyMap<string, string[]>,
  site: SiteRegistry,
  { input, signal, deps }: { input: GateInput; signal: AbortSignal; deps: ImagesDeps },
): Promise<LookedFor[]> {
  const { user, password, ca } = site;
  const own = {
    caFile: input.settings.imageRegistryCaFile,
    caSetting: "palette:imageRegistryCaFile",
    clock: input.clock,
  };
  const registries = new Map<string, Registry>();
  // The credentials are those of the one registry; a mirror elsewhere never sees them.
  const registryAt = (host: string): Registry =>
    registries.get(host) ??
    deps.openRegistry(host, { ...own, ...(host === site.host ? { user, password, ca } : { user: "", password: "" }) });
  const looked: LookedFor[] = [];
  const waiting = [...images];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [image, objects] = next;
      const place = placeOf(image, site);
      if (place === null) {
        looked.push({
          image,
          objects,
          place: image,
          answer: new SiteError("malformed", `"${image}" is no image's name.`),
        });
        continue;
      }
      const registry = registryAt(place.host);
      registries.set(place.host, registry);
      const there = await read(() => registry.has(place.repository, place.reference, signal), signal);
      looked.push({ image, objects, place: shownPlace(place), answer: answerOf(there) });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return looked.sort((a, b) => (a.image < b.image ? -1 : 1));
}

function answerOf(there: Awaited<ReturnType<typeof read<boolean>>>): LookedFor["answer"] {
  if (there.ok) return there.value ? "there" : "missing";
  if (there.error instanceof SiteError) return there.error;
  throw there.error;
}

function shownPlace({ host, repository, reference }: { host: string; repository: string; reference: string }): string {
  return `${host}/${repository}${reference.startsWith("sha256:") ? "@" : ":"}${reference}`;
}

/** Charts are rendered without what only the stack's configuration holds. */
function unseenOverrides({ settings }: GateInput): Finding[] {
  const keys = Object.entries(settings.overriddenKeys)
    .flatMap(([role, paths]) => paths.map((path) => `${role}: ${path}`))
    .filter((path) => /image|registry|repository|tag|enabled/i.test(path));
  if (keys.length === 0) return [];
  return [
    note(
      `palette:values sets what this gate cannot see; an image that only they name was not looked for: ${keys.join(", ")}.`,
    ),
  ];
}

function findingOfRender(error: unknown): Finding {
  if (error instanceof RenderError) {
    const message = `The next version's charts could not be rendered with the stored values: ${error.message} Gate values may tell which key is at fault.`;
    return { outcome: "unknown", code: "RENDER_FAILED", member: null, message };
  }
  if (error instanceof InvalidInputError && error.code !== "HELM_MISSING") return findingOfChart(error, null);
  if (error instanceof PaletteError) {
    const outcome = error.code === "HELM_OLD" ? "fail" : "unknown";
    return { outcome, code: error.code, member: null, message: `${error.message} ${error.next ?? ""}`.trim() };
  }
  return findingOfError(error, null, "The next version's images could not be listed");
}
