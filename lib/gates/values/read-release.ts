import { type ChartContents } from "../../site/charts/chart-contents.js";
import { addImagePrefix, getImageRegistryBase } from "../../site/charts/image-prefix.js";
import { selectBaseValues } from "../../site/charts/release-values.js";
import { type FoundChart } from "../../site/charts/types.js";
import { loadRules } from "../../planning/rules/rules.js";
import { type ReleaseRow } from "../../planning/rules/types.js";
import { type HelmRevision } from "../../site/types.js";
import { getSiteCharts, toChartFinding } from "../chart-findings.js";
import { type Finding, read, type Reading, toErrorFinding } from "../verdict/findings.js";
import { type GateInput } from "../verdict/types.js";
import { type ReleaseValues } from "./judge.js";
import { type ReplacedValues } from "./replaced.js";

/** A release of the next version and its deployed revision; null where the hop adds the release. */
export interface MovedRelease {
  row: ReleaseRow;
  deployed: HelmRevision | null;
}

/** What was read of one release, or why it could not be read. */
export type ReleaseReading =
  | { ok: true; values: ReleaseValues; replaced: ReplacedValues | null }
  | { ok: false; name: string; findings: Finding[] };

/**
 * Reads what is stored of one release, what its old and next chart know, and which values the hop gives it.
 *
 * @param hubble revision whose values name the site's image registry.
 */
export async function readReleaseValues(
  { row, deployed }: MovedRelease,
  hubble: HelmRevision,
  input: GateInput,
  signal: AbortSignal,
): Promise<ReleaseReading> {
  const { edge, settings } = input;
  const name = deployed?.name ?? row.name;
  const [stored, oldChart, chart] = await Promise.all([
    read(() => readStored(deployed, input), signal),
    read(() => readOldChart(deployed, input), signal),
    read(() => readNextChart(row, input), signal),
  ]);
  // The registry's prefix is a matter of the vendor's values only.
  const takesArchive = chart.ok && row.values === "archive" && Object.keys(chart.value.found.archiveValues).length > 0;
  const hubbleValues = await read(() => (takesArchive ? readStored(hubble, input) : Promise.resolve({})), signal);
  const unread = [
    ...toUnreadFindings(stored, (error) => toStoredValuesFinding(error, name)),
    ...toUnreadFindings(oldChart, (error) => toRecordFinding(error, name)),
    ...toUnreadFindings(chart, (error) => toChartFinding(error, row.role)),
    ...toUnreadFindings(hubbleValues, (error) => toStoredValuesFinding(error, hubble.name)),
  ];
  if (!stored.ok || !oldChart.ok || !chart.ok || !hubbleValues.ok) return { ok: false, name, findings: unread };
  const registryBase = getImageRegistryBase(hubbleValues.value);
  const { found, contents } = chart.value;
  const base = selectBaseValues(row, { archive: found.archiveValues, stored: stored.value, registryBase });
  const overridden = settings.overriddenKeys[row.role] ?? [];
  const file = row.valuesFiles.join(" or ");
  const values: ReleaseValues = {
    role: row.role,
    name,
    stored: stored.value,
    oldChart: oldChart.value,
    oldVersion: deployed?.chartVersion ?? null,
    newChart: contents,
    newVersion: contents.version,
    archive: base.source === "archive" ? base.values : null,
    absentFile: row.values === "archive" && base.source !== "archive" ? file : null,
    overridden,
    to: edge.to,
    rows: loadRules("value-keys"),
  };
  if (base.source !== "archive") return { ok: true, values, replaced: null };
  const replaced: ReplacedValues = {
    role: row.role,
    name,
    stored: stored.value,
    oldDefaults: oldChart.value?.defaults ?? {},
    oldArchive: await readOldArchive(row, { stored: stored.value, registryBase }, input, signal),
    archive: base.values,
    file,
    from: edge.from,
    overridden,
  };
  return { ok: true, values, replaced };
}

async function readStored(deployed: HelmRevision | null, { site }: GateInput): Promise<Record<string, unknown>> {
  if (deployed === null) return {};
  return site.kubernetes.helmValues(deployed.namespace, deployed.name, deployed.revision);
}

async function readOldChart(deployed: HelmRevision | null, { site }: GateInput): Promise<ReleaseValues["oldChart"]> {
  if (deployed === null) return null;
  return site.kubernetes.helmChart(deployed.namespace, deployed.name, deployed.revision);
}

async function readNextChart(
  row: ReleaseRow,
  { site, edge }: GateInput,
): Promise<{ found: FoundChart; contents: ChartContents }> {
  const charts = getSiteCharts(site);
  const found = await charts.find(edge.to, row);
  return { found, contents: await charts.getContents(found) };
}

/** Reads the vendor's values of the installed version; null where its archive, or the file in it, is not there. */
async function readOldArchive(
  row: ReleaseRow,
  { stored, registryBase }: { stored: Record<string, unknown>; registryBase: string | null },
  { site, edge }: GateInput,
  signal: AbortSignal,
): Promise<Record<string, unknown> | null> {
  const chart = await read(() => getSiteCharts(site).find(edge.from, row), signal);
  if (!chart.ok || Object.keys(chart.value.archiveValues).length === 0) return null;
  return addImagePrefix(chart.value.archiveValues, stored, registryBase);
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
