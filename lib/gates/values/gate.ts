import { rowsOfVersion } from "../../charts/check-charts.js";
import { observedReleases } from "../../site/observe.js";
import type { HelmRevision } from "../../site/types.js";
import { rulesOf } from "../../plan/rules.js";
import type { ReleaseRow } from "../../plan/rules-types.js";
import { chartsOfSite, findingOfChart } from "../chart-findings.js";
import { factsOfGate } from "../site-of-gate.js";
import type { Gate, GateInput, Observed } from "../types.js";
import { findingOfError, note, read, verdictOf, type Finding, type Reading } from "../verdict.js";
import { judgeValues, type ReleaseValues } from "./judge.js";

/** Before a hop: what of the stored values the next charts no longer take as it is meant. Key paths only. */
export const valuesGate: Gate = {
  name: "values",
  timing: { deadlineSeconds: 300, intervalSeconds: 10, samples: 1 },
  recheck: "start-only",
  reads: [
    "secrets of type helm.sh/release.v1 (list, get): stored values, and the defaults of the chart they were made with",
    "the next version's charts (palette:charts)",
  ],
  async sample(input, signal) {
    const { site, settings } = input;
    const releases = await read(
      async () => observedReleases(await site.kubernetes.helmRevisions(), settings.releaseNamespace),
      signal,
    );
    if (!releases.ok) {
      const finding = findingOfError(releases.error, null, "Helm's release records could not be read");
      return verdictOf("values", [finding], null);
    }
    const installed = releases.value;
    const rows = rowsOfVersion(input.edge.to, {
      facts: factsOfGate(settings),
      installed: installed.map(({ role }) => role),
      kind: { edition: settings.edition, method: "kubernetes" },
    }).filter((row) => row.values === "site");
    const judged = await Promise.all(
      rows.flatMap((row) => {
        const deployed = installed.find(({ role }) => role === row.role)?.deployed;
        return deployed ? [judgeRelease(row, deployed, input, signal)] : [];
      }),
    );
    return verdictOf(
      "values",
      judged.flatMap(({ findings }) => findings),
      {
        releases: Object.fromEntries(judged.map(({ name, seen }) => [name, seen])),
      },
    );
  },
};

interface Judged {
  name: string;
  findings: Finding[];
  seen: Observed;
}

async function judgeRelease(
  row: ReleaseRow,
  { name, namespace, revision }: HelmRevision,
  input: GateInput,
  signal: AbortSignal,
): Promise<Judged> {
  const { kubernetes } = input.site;
  const [stored, oldChart, chart] = await Promise.all([
    read(() => kubernetes.helmValues(namespace, name, revision), signal),
    read(() => kubernetes.helmChart(namespace, name, revision), signal),
    read(() => nextChart(row, input), signal),
  ]);
  const unread = [
    ...unreadOf(stored, (error) =>
      findingOfError(error, name, `The stored values of release "${name}" could not be read`),
    ),
    ...unreadOf(oldChart, (error) => findingOfError(error, name, `The record of release "${name}" could not be read`)),
    ...unreadOf(chart, (error) => findingOfChart(error, row.role)),
  ];
  if (!stored.ok || !oldChart.ok || !chart.ok) return { name, findings: unread, seen: null };
  const values: ReleaseValues = {
    role: row.role,
    name,
    stored: stored.value,
    oldChart: oldChart.value,
    newChart: chart.value,
    newVersion: chart.value.version,
    overridden: input.settings.overriddenKeys[row.role] ?? [],
    to: input.edge.to,
    rows: rulesOf("valueKeys"),
  };
  return { name, findings: [...judgeValues(values), ...withoutDefaults(values)], seen: seenOf(values) };
}

async function nextChart(
  row: ReleaseRow,
  { site, edge }: GateInput,
): ReturnType<ReturnType<typeof chartsOfSite>["contents"]> {
  const charts = chartsOfSite(site);
  return charts.contents(await charts.find(edge.to, row));
}

function unreadOf<T>(reading: Reading<T>, finding: (error: unknown) => Finding): Finding[] {
  return reading.ok ? [] : [finding(reading.error)];
}

/** A stand-in chart of a rehearsal, or one that brings no values.yaml: said, so that a pass is not taken for more. */
function withoutDefaults({ name, oldChart, newChart }: ReleaseValues): Finding[] {
  const none = [oldChart, newChart].every(({ defaults }) => Object.keys(defaults).length === 0);
  if (!none) return [];
  return [
    note(
      `Release "${name}": neither the installed chart nor the next one brings defaults; there was nothing to compare the stored values with.`,
    ),
  ];
}

function seenOf({ newVersion, stored, overridden }: ReleaseValues): Observed {
  return { nextChart: newVersion, storedKeys: Object.keys(stored).length, overriddenKeys: overridden.length };
}
