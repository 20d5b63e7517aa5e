import { namespacesOf } from "../../plan/rules.js";
import type { HelmRevision, KubernetesSite } from "../../site/types.js";
import { isVersion, type Version } from "../../version/version.js";
import { hubbleChart } from "../hubble.js";
import { read } from "../verdict.js";
import { adviceForStuck, lastDeployed, releaseKey, type Running } from "./stuck.js";

/** What runs beside each stuck revision, by release; without those that have no earlier revision to compare with. */
export async function runningOf(
  kubernetes: KubernetesSite,
  stuck: readonly HelmRevision[],
  { revisions, live }: { revisions: readonly HelmRevision[]; live: HelmRevision },
  signal: AbortSignal,
): Promise<Record<string, Running>> {
  const seen = await Promise.all(
    stuck.map(async (revision): Promise<[string, Running][]> => {
      const before = lastDeployed(revision, revisions);
      if (before === null) return [];
      return [[releaseKey(revision), await whatRuns(kubernetes, revision, before, live.chartVersion, signal)]];
    }),
  );
  return Object.fromEntries(seen.flat());
}

/** The remedy for a revision that stays pending while Palette `live` is deployed: what `adviceForStuck` says of what runs. */
export async function adviseStuck(kubernetes: KubernetesSite, stuck: HelmRevision, live: Version): Promise<string> {
  const revisions = await kubernetes.helmRevisions(stuck.namespace);
  const before = lastDeployed(stuck, revisions);
  if (before === null) return adviceForStuck(stuck, revisions, null);
  const running = await whatRuns(kubernetes, stuck, before, live, new AbortController().signal);
  return adviceForStuck(stuck, revisions, running);
}

/** Workloads and pods of the installed version, and beside the release; nothing at all when any part of it cannot be read. */
async function whatRuns(
  kubernetes: KubernetesSite,
  stuck: HelmRevision,
  before: HelmRevision,
  live: Version,
  signal: AbortSignal,
): Promise<Running> {
  const isPalette = stuck.chart === hubbleChart;
  // A hook or a workload of the new version may lie in a namespace that the old one does not have.
  const namespaces = isPalette
    ? [stuck, before].flatMap(({ chartVersion }) => namespacesIn(chartVersion))
    : [...namespacesIn(live), stuck.namespace];
  const places = [...new Set(namespaces)].sort();
  const workloads = await read(() => kubernetes.workloads(places), signal);
  const pods = await read(async () => (await Promise.all(places.map((name) => kubernetes.pods(name)))).flat(), signal);
  if (!workloads.ok || !pods.ok) return { workloads: [], pods: [], images: null };
  const imagesOf = ({ namespace, name, revision }: HelmRevision): Promise<string[]> =>
    kubernetes.helmImages(namespace, name, revision);
  const images = await read(async () => ({ stuck: await imagesOf(stuck), deployed: await imagesOf(before) }), signal);
  return { workloads: workloads.value, pods: pods.value, images: images.ok ? images.value : null };
}

function namespacesIn(version: string): string[] {
  return isVersion(version) ? namespacesOf(version) : [];
}
