import { listReleaseRows } from "../../site/charts/check-charts.js";
import { listKeyPaths } from "../../base/text/value-paths.js";
import { roles } from "../../planning/rules/types.js";
import { toGateSiteFacts } from "../../settings/site-facts.js";
import { getSiteCharts } from "../chart-findings.js";
import { type Hubble, type Installed } from "../../site/installation.js";
import { type Gate, type GateInput, type Observed } from "../verdict/types.js";
import { createVerdict, read } from "../verdict/findings.js";
import { readInstalled } from "../verdict/installed.js";
import { findForeignSign, type MovingRelease } from "./foreign.js";
import { judgeHelmReleases, listRevisions, listStuckRevisions } from "./judge.js";
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
    const hopChartVersions = await readHopCharts(installed, input, signal);
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
      hopChartVersions,
      movingReleases: await readMovingReleases(installed, hopChartVersions, input, signal),
      ...limits,
    });
    return createVerdict("helm-release", findings, toObserved(installed.hubble));
  },
};

/**
 * Reads which chart versions the destination brings for the releases beside Palette: before a hop for all of them, else
 * for those that have failed. Charts that cannot be read are left out.
 */
async function readHopCharts(
  { releases }: Installed,
  input: GateInput,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const { site, settings, edge } = input;
  const charts = releases
    .filter(({ role, newest }) => role !== "hubble" && (isBeforeHop(input) || newest.status === "failed"))
    .map(({ newest }) => newest.chart);
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

/** Reads the stored keys of the releases that the hop must not replace; before a hop only. */
async function readMovingReleases(
  { releases }: Installed,
  hopChartVersions: Readonly<Record<string, string>>,
  input: GateInput,
  signal: AbortSignal,
): Promise<MovingRelease[]> {
  if (!isBeforeHop(input)) return [];
  const foreign = releases.flatMap(({ role, deployed }) => {
    const nextVersion = hopChartVersions[deployed?.chart ?? ""];
    const isAtStake = role !== "hubble" && deployed !== null && nextVersion !== undefined;
    return isAtStake && findForeignSign(deployed, nextVersion) !== null ? [{ deployed, nextVersion }] : [];
  });
  return Promise.all(
    foreign.map(async ({ deployed, nextVersion }) => {
      const { namespace, name, revision } = deployed;
      const stored = await read(() => input.site.kubernetes.helmValues(namespace, name, revision), signal);
      return { deployed, nextVersion, keys: stored.ok ? listKeyPaths(stored.value) : null };
    }),
  );
}

function isBeforeHop({ when, edge }: GateInput): boolean {
  return when === "before" && edge.change !== "none";
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
