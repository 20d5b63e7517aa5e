import { listReleaseRows } from "../../site/charts/check-charts.js";
import { type ReleaseRow } from "../../planning/rules/types.js";
import { loadRules } from "../../planning/rules/rules.js";
import { parseMarker } from "../../site/helm/releases.js";
import { type HelmRevision } from "../../site/types.js";
import { toGateSiteFacts } from "../../settings/site-facts.js";
import { getSiteCharts, toChartFinding } from "../chart-findings.js";
import { readInstalled } from "../verdict/installed.js";
import { type Gate, type GateInput, type Observed } from "../verdict/types.js";
import { createNote, createVerdict, type Finding, read, type Reading, toErrorFinding } from "../verdict/findings.js";
import { judgeValues, type ReleaseValues } from "./judge.js";
import { judgeReplacedValues } from "./replaced.js";

/** Before a hop: finds stored values that the next charts no longer use as intended. Reports key paths only. */
export const valuesGate: Gate = {
  name: "values",
  timing: { deadlineSeconds: 300, intervalSeconds: 10, samples: 1 },
  recheck: "start-only",
  async sample(input, signal) {
    const { settings } = input;
    const installation = await readInstalled(input, signal);
    if (installation.state !== "installed") return createVerdict("values", [installation.finding], null);
    const installed = installation.releases;
    const rows = listReleaseRows(input.edge.to, {
      facts: toGateSiteFacts(settings),
      installed: installed.map(({ role }) => role),
      kind: { edition: settings.edition, method: "kubernetes" },
    });
    const moving = rows.flatMap((row) => {
      const deployed = installed.find(({ role }) => role === row.role)?.deployed ?? null;
      return deployed === null ? [] : [{ row, deployed }];
    });
    const judged = await Promise.all(
      moving
        .filter(({ row }) => row.values === "site")
        .map(({ row, deployed }) => judgeRelease(row, deployed, input, signal)),
    );
    // The values of a release that this tool made came from the archive, and its overrides from palette:values.
    const replaced = await Promise.all(
      moving
        .filter(({ row, deployed }) => row.values === "archive" && parseMarker(deployed) === null)
        .map(({ row, deployed }) => judgeReplaced(row, deployed, input, signal)),
    );
    return createVerdict("values", [...judged.flatMap(({ findings }) => findings), ...replaced.flat()], {
      releases: Object.fromEntries(judged.map(({ name, observed }) => [name, observed])),
    });
  },
};

async function judgeReplaced(
  row: ReleaseRow,
  { name, namespace, revision }: HelmRevision,
  { site, settings, edge }: GateInput,
  signal: AbortSignal,
): Promise<Finding[]> {
  const stored = await read(() => site.kubernetes.helmValues(namespace, name, revision), signal);
  if (!stored.ok) return [toStoredValuesFinding(stored.error, name)];
  if (Object.keys(stored.value).length === 0) return [];
  const oldChart = await read(() => site.kubernetes.helmChart(namespace, name, revision), signal);
  if (!oldChart.ok) return [toRecordFinding(oldChart.error, name)];
  const chart = await read(() => getSiteCharts(site).find(edge.to, row), signal);
  if (!chart.ok) return [toChartFinding(chart.error, row.role)];
  return judgeReplacedValues({
    role: row.role,
    name,
    stored: stored.value,
    oldDefaults: oldChart.value.defaults,
    archive: chart.value.archiveValues,
    overridden: settings.overriddenKeys[row.role] ?? [],
  });
}

interface JudgedRelease {
  name: string;
  findings: Finding[];
  observed: Observed;
}

async function judgeRelease(
  row: ReleaseRow,
  { name, namespace, revision }: HelmRevision,
  input: GateInput,
  signal: AbortSignal,
): Promise<JudgedRelease> {
  const { kubernetes } = input.site;
  const [stored, oldChart, chart] = await Promise.all([
    read(() => kubernetes.helmValues(namespace, name, revision), signal),
    read(() => kubernetes.helmChart(namespace, name, revision), signal),
    read(() => readNextChart(row, input), signal),
  ]);
  const unread = [
    ...toUnreadFindings(stored, (error) => toStoredValuesFinding(error, name)),
    ...toUnreadFindings(oldChart, (error) => toRecordFinding(error, name)),
    ...toUnreadFindings(chart, (error) => toChartFinding(error, row.role)),
  ];
  if (!stored.ok || !oldChart.ok || !chart.ok) return { name, findings: unread, observed: null };
  const values: ReleaseValues = {
    role: row.role,
    name,
    stored: stored.value,
    oldChart: oldChart.value,
    newChart: chart.value,
    newVersion: chart.value.version,
    overridden: input.settings.overriddenKeys[row.role] ?? [],
    to: input.edge.to,
    rows: loadRules("value-keys"),
  };
  return { name, findings: [...judgeValues(values), ...checkMissingDefaults(values)], observed: toObserved(values) };
}

async function readNextChart(
  row: ReleaseRow,
  { site, edge }: GateInput,
): ReturnType<ReturnType<typeof getSiteCharts>["getContents"]> {
  const charts = getSiteCharts(site);
  return charts.getContents(await charts.find(edge.to, row));
}

function toStoredValuesFinding(error: unknown, name: string): Finding {
  return toErrorFinding(error, name, `The stored values of release "${name}" could not be read`);
}

function toRecordFinding(error: unknown, name: string): Finding {
  return toErrorFinding(error, name, `The record of release "${name}" could not be read`);
}

function toUnreadFindings<T>(reading: Reading<T>, finding: (error: unknown) => Finding): Finding[] {
  return reading.ok ? [] : [finding(reading.error)];
}

/** Remarks on charts without values.yaml: then there was nothing to compare. */
function checkMissingDefaults({ name, oldChart, newChart }: ReleaseValues): Finding[] {
  const none = [oldChart, newChart].every(({ defaults }) => Object.keys(defaults).length === 0);
  if (!none) return [];
  return [
    createNote(
      `Release "${name}": neither the installed chart nor the next one brings defaults; there was nothing to compare the stored values with.`,
    ),
  ];
}

function toObserved({ newVersion, stored, overridden }: ReleaseValues): Observed {
  return { nextChart: newVersion, storedKeys: Object.keys(stored).length, overriddenKeys: overridden.length };
}
