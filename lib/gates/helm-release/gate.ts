import { rowsOfVersion } from "../../charts/check-charts.js";
import { roles } from "../../plan/rules-types.js";
import { hubbleOf, type Hubble } from "../hubble.js";
import { chartsOfSite } from "../chart-findings.js";
import { factsOfGate } from "../site-of-gate.js";
import type { Gate, GateInput, Observed } from "../types.js";
import { findingOfError, read, verdictOf } from "../verdict.js";
import { failedCharts, judgeHelmReleases, stuckRevisions } from "./judge.js";
import { runningOf } from "./what-runs.js";

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
    const now = await clock.now();
    const stuck = stuckRevisions(revisions.value, hubble, {
      now,
      releaseTimeoutSeconds: settings.releaseTimeoutSeconds,
    });
    const findings = judgeHelmReleases({
      hubble,
      revisions: revisions.value,
      running: await runningOf(site.kubernetes, stuck, { revisions: revisions.value, live: hubble.deployed }, signal),
      held: held ?? [],
      to: edge.to,
      chartsOfHop: await chartsOfHop(failedCharts(revisions.value, hubble), input, signal),
      now,
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
