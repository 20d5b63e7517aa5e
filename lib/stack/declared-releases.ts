import { inRange } from "../plan/edge-pattern.js";
import { type ReleaseRow } from "../plan/rules-types.js";
import { releasesOf } from "../plan/rules.js";
import { type SiteFacts } from "../plan/types.js";
import { type KubernetesSite, type Observation } from "../site/types.js";
import { type Version } from "../version/version.js";
import { findChart, type ChartFolder } from "./charts.js";
import { mergeValues } from "./merge-values.js";
import { type DeclaredRelease } from "./palette-installation.js";
import { type Recorded } from "./recorded.js";
import { type Settings } from "./settings-schema.js";

export interface ReleasesQuestion {
  settings: Settings;
  destination: Version;
  facts: SiteFacts;
  /** Installed releases: identities observed or recorded. */
  installed: Recorded["releases"];
  observation: Observation | null;
  helmValues: KubernetesSite["helmValues"];
  charts: ChartFolder;
}

/**
 * The releases a version consists of at this site, in the order they move. A release that is installed keeps its name
 * and namespace, wherever they are; one that the version adds takes the vendor's.
 */
export async function declaredReleases(question: ReleasesQuestion): Promise<DeclaredRelease[]> {
  const rows = releasesOf(question.destination, question.facts).filter(
    (row) => row.applies === "yes" || question.installed.some(({ role }) => role === row.role),
  );
  return Promise.all(rows.map((row) => declare(row, question)));
}

async function declare(row: ReleaseRow, question: ReleasesQuestion): Promise<DeclaredRelease> {
  const { settings, destination, installed } = question;
  const existing = installed.find(({ role }) => role === row.role);
  const chart = findChart(question.charts, destination, row);
  return {
    role: row.role,
    name: existing?.name ?? row.name,
    namespace: existing?.namespace ?? row.namespaces[0] ?? settings.releaseNamespace,
    chart: chart.path,
    chartVersion: chart.version,
    values: await valuesOf(row, chart.archiveValues, question),
    takeOwnership: row.takeOwnership !== null && inRange(destination, row.takeOwnership),
    exists: existing !== undefined,
  };
}

/** Stored user values (or the archive's own) with the stack's overrides laid over them. */
async function valuesOf(
  row: ReleaseRow,
  archiveValues: Record<string, unknown>,
  { settings, observation, helmValues }: ReleasesQuestion,
): Promise<Record<string, unknown> | null> {
  const overrides = settings.values[row.role] ?? {};
  if (row.values === "archive") return mergeValues(archiveValues, overrides);
  if (observation === null) return null;
  const deployed = observation.releases.find(({ role }) => role === row.role)?.deployed;
  const stored = deployed ? await helmValues(deployed.namespace, deployed.name, deployed.revision) : {};
  return mergeValues(stored, overrides);
}
