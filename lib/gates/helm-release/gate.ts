import { rowsOfVersion } from "../../charts/check-charts.js";
import { roles } from "../../plan/rules-types.js";
import { namespacesOf } from "../../plan/rules.js";
import type { HelmRevision, KubernetesSite } from "../../site/types.js";
import { isVersion } from "../../version/version.js";
import { hubbleOf, type Hubble } from "../hubble.js";
import { chartsOfSite } from "../chart-findings.js";
import { factsOfGate } from "../site-of-gate.js";
import type { Gate, GateInput, Observed } from "../types.js";
import { findingOfError, read, verdictOf } from "../verdict.js";
import { failedCharts, judgeHelmReleases } from "./judge.js";
import { adviceForStuck, type Running } from "./stuck.js";

/** Release records: nothing pending, nothing failed but the hop that is taken up again, no set half moved. */
export const helmReleaseGate: Gate = {
  name: "helm-release",
  timing: { deadlineSeconds: 3600, intervalSeconds: 30, samples: 1 },
  recheck: "every-release",
  reads: [
    "secrets of type helm.sh/release.v1 (list, all namespaces)",
    "deployments, statefulsets, daemonsets, pods (list) of Palette's namespaces, and the records of two revisions (get), where a revision is stuck",
    "the next version's charts (palette:charts), where a release other than Palette itself has failed",
  ],
  async sample(input, signal) {
    const { site, settings, edge, clock, held } = input;
    const revisions = await read(() => site.kubernetes.helmRevisions(), signal);
    if (!revisions.ok) {
      const finding = findingOfError(revisions.error, null, "Helm's release records could not be read");
      return verdictOf("helm-release", [finding], null);
    }
    const answer = hubbleOf(revisions.value, settings.releaseNamespace);
    if (!answer.ok) return verdictOf("helm-release", [answer.finding], null);
    const { hubble } = answer;
    const pending = hubble.newest.status.startsWith("pending-");
    const findings = judgeHelmReleases({
      hubble,
      revisions: revisions.value,
      running: pending ? await whatRuns(site.kubernetes, hubble.newest, hubble.deployed, signal) : nothingSeen,
      held: held ?? [],
      to: edge.to,
      chartsOfHop: await chartsOfHop(failedCharts(revisions.value, hubble), input, signal),
      now: await clock.now(),
      releaseTimeoutSeconds: settings.releaseTimeoutSeconds,
    });
    return verdictOf("helm-release", findings, observedOf(hubble));
  },
};

/** The version in which each of these charts comes with the destination; without those that cannot be read. */
async function chartsOfHop(
  charts: readonly string[],
  { site, settings, edge }: GateInput,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  if (charts.length === 0) return {};
  const kind = { edition: settings.edition, method: "kubernetes" } as const;
  const rows = rowsOfVersion(edge.to, { facts: factsOfGate(settings), installed: roles, kind });
  const found = await Promise.all(
    rows
      .filter(({ chart }) => charts.includes(chart))
      .map(async (row) => ({ row, chart: await read(() => chartsOfSite(site).find(edge.to, row), signal) })),
  );
  return Object.fromEntries(found.flatMap(({ row, chart }) => (chart.ok ? [[row.chart, chart.value.version]] : [])));
}

const nothingSeen: Running = { workloads: [], pods: [], images: null };

/** The remedy for a revision that stays pending while `live` is deployed: what `adviceForStuck` says of what runs. */
export async function adviseStuck(kubernetes: KubernetesSite, stuck: HelmRevision, live: string): Promise<string> {
  const revisions = await kubernetes.helmRevisions(stuck.namespace);
  const mine = revisions.filter(({ name, status }) => name === stuck.name && status === "deployed");
  const deployed = mine.findLast(({ chartVersion }) => chartVersion === live);
  if (deployed === undefined) return adviceForStuck(stuck, revisions, null);
  return adviceForStuck(stuck, revisions, await whatRuns(kubernetes, stuck, deployed, new AbortController().signal));
}

/** Workloads and pods of the installed version; nothing at all when any part of it cannot be read. */
async function whatRuns(
  kubernetes: KubernetesSite,
  stuck: HelmRevision,
  deployed: HelmRevision,
  signal: AbortSignal,
): Promise<Running> {
  // A hook or a workload of the new version may lie in a namespace that the old one does not have.
  const namespaces = [...new Set([stuck, deployed].flatMap(({ chartVersion }) => namespacesIn(chartVersion)))].sort();
  const workloads = await read(() => kubernetes.workloads(namespaces), signal);
  const pods = await read(
    async () => (await Promise.all(namespaces.map((name) => kubernetes.pods(name)))).flat(),
    signal,
  );
  if (!workloads.ok || !pods.ok) return nothingSeen;
  const imagesOf = ({ namespace, name, revision }: HelmRevision): Promise<string[]> =>
    kubernetes.helmImages(namespace, name, revision);
  const images = await read(async () => ({ stuck: await imagesOf(stuck), deployed: await imagesOf(deployed) }), signal);
  return { workloads: workloads.value, pods: pods.value, images: images.ok ? images.value : null };
}

function namespacesIn(version: string): string[] {
  return isVersion(version) ? namespacesOf(version) : [];
}

function observedOf({ name, namespace, deployed, newest }: Hubble): Observed {
  return {
    release: `${namespace}/${name}`,
    live: deployed.chartVersion,
    deployedRevision: deployed.revision,
    newestRevision: newest.revision,
    newestStatus: newest.status,
    newestVersion: newest.chartVersion,
  };
}
