import { listRequiredNamespaces } from "../../planning/rules/rules.js";
import type { HelmRevision, KubernetesSite } from "../../site/types.js";
import { isVersion, type Version } from "../../planning/version/version.js";
import { formatReleaseKey, hubbleChart } from "../../site/helm/releases.js";
import { read } from "../verdict/findings.js";
import { describeStuckRemedy, findLastDeployed, type RunningObjects } from "./stuck.js";

/**
 * Reads what runs of each stuck revision, by release; revisions without an earlier one to compare with are left out.
 */
export async function readRunningByRelease(
  kubernetes: KubernetesSite,
  stuck: readonly HelmRevision[],
  { revisions, live }: { revisions: readonly HelmRevision[]; live: HelmRevision },
  signal: AbortSignal,
): Promise<Record<string, RunningObjects>> {
  const seen = await Promise.all(
    stuck.map(async (revision): Promise<[string, RunningObjects][]> => {
      const before = findLastDeployed(revision, revisions);
      if (before === null) return [];
      return [
        [formatReleaseKey(revision), await readRunningObjects(kubernetes, revision, before, live.chartVersion, signal)],
      ];
    }),
  );
  return Object.fromEntries(seen.flat());
}

/** Returns the remedy for a revision that stays pending while Palette `live` is deployed (`describeStuckRemedy`). */
export async function adviseStuckRevision(
  kubernetes: KubernetesSite,
  stuck: HelmRevision,
  live: Version,
): Promise<string> {
  const revisions = await kubernetes.helmRevisions(stuck.namespace);
  const before = findLastDeployed(stuck, revisions);
  if (before === null) return describeStuckRemedy(stuck, revisions, null);
  const running = await readRunningObjects(kubernetes, stuck, before, live, new AbortController().signal);
  return describeStuckRemedy(stuck, revisions, running);
}

/**
 * Reads workloads and pods of the installed version and of the release's namespace; empty when any part cannot be read.
 */
async function readRunningObjects(
  kubernetes: KubernetesSite,
  stuck: HelmRevision,
  before: HelmRevision,
  live: Version,
  signal: AbortSignal,
): Promise<RunningObjects> {
  const isPalette = stuck.chart === hubbleChart;
  // A hook or a workload of the new version may be in a namespace that the old one does not have.
  const namespaces = isPalette
    ? [stuck, before].flatMap(({ chartVersion }) => listNamespaces(chartVersion))
    : [...listNamespaces(live), stuck.namespace];
  const uniqueNamespaces = [...new Set(namespaces)].sort();
  const workloads = await read(() => kubernetes.workloads(uniqueNamespaces), signal);
  const pods = await read(
    async () => (await Promise.all(uniqueNamespaces.map((name) => kubernetes.pods(name)))).flat(),
    signal,
  );
  if (!workloads.ok || !pods.ok) return { workloads: [], pods: [], images: null };
  const readImages = ({ namespace, name, revision }: HelmRevision): Promise<string[]> =>
    kubernetes.helmImages(namespace, name, revision);
  const images = await read(
    async () => ({ stuck: await readImages(stuck), deployed: await readImages(before) }),
    signal,
  );
  return { workloads: workloads.value, pods: pods.value, images: images.ok ? images.value : null };
}

function listNamespaces(version: string): string[] {
  return isVersion(version) ? listRequiredNamespaces(version) : [];
}
