import { listReleaseRows } from "../../site/charts/check-charts.js";
import { roles } from "../../planning/rules/types.js";
import { toGateSiteFacts } from "../../settings/site-facts.js";
import { getSiteCharts } from "../chart-findings.js";
import { type Hubble } from "../../site/installation.js";
import { type Gate, type GateInput, type Observed } from "../verdict/types.js";
import { createVerdict, read } from "../verdict/findings.js";
import { readInstalled } from "../verdict/installed.js";
import { judgeHelmReleases, listFailedCharts, listRevisions, listStuckRevisions } from "./judge.js";
import { readRunningByRelease } from "./what-runs.js";

/** Judges the release records: nothing pending, nothing failed except by the hop being resumed, no half-moved set. */
export const helmReleaseGate: Gate = {
  name: "helm-release",
  timing: { deadlineSeconds: 3600, intervalSeconds: 30, samples: 1 },
  recheck: "every-release",
  async sample(input, signal) {
    const { site, settings, edge, clock, settledRevisions } = input;
    const installed = await readInstalled(input, signal);
    if (installed.state !== "installed") return createVerdict("helm-release", [installed.finding], null);
    const limits = { now: await clock.now(), releaseTimeoutSeconds: settings.helm.timeoutSeconds };
    const findings = judgeHelmReleases({
      installed,
      runningByRelease: await readRunningByRelease(
        site.kubernetes,
        listStuckRevisions(installed, limits),
        { revisions: listRevisions(installed), live: installed.hubble.deployed },
        signal,
      ),
      settledRevisions: settledRevisions ?? [],
      to: edge.to,
      hopChartVersions: await readHopCharts(listFailedCharts(installed), input, signal),
      ...limits,
    });
    return createVerdict("helm-release", findings, toObserved(installed.hubble));
  },
};

/** Reads which version of each of these charts the destination brings; charts that cannot be read are left out. */
async function readHopCharts(
  charts: readonly string[],
  { site, settings, edge }: GateInput,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  if (charts.length === 0) return {};
  const kind = { edition: settings.edition, method: "kubernetes" } as const;
  const rows = listReleaseRows(edge.to, { facts: toGateSiteFacts(settings), installed: roles, kind });
  const found = await Promise.all(
    rows
      .filter(({ chart }) => charts.includes(chart))
      .map(async (row) => ({ row, chart: await read(() => getSiteCharts(site).find(edge.to, row), signal) })),
  );
  return Object.fromEntries(found.flatMap(({ row, chart }) => (chart.ok ? [[row.chart, chart.value.version]] : [])));
}

function toObserved({ name, namespace, deployed, newest }: Hubble): Observed {
  return {
    release: `${namespace}/${name}`,
    live: deployed.chartVersion,
    deployedRevision: deployed.revision,
    newestRevision: newest.revision,
    newestStatus: newest.status,
    newestVersion: newest.chartVersion,
  };
}
