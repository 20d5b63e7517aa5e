import { rowsOfVersion } from "../charts/check-charts.js";
import { imageRegistryBase, withImagePrefix } from "../charts/image-prefix.js";
import { mergeValues } from "../charts/merge-values.js";
import type { ChartSource, FoundChart } from "../charts/types.js";
import { inRange } from "../plan/edge-pattern.js";
import { type ReleaseRow, type Role } from "../plan/rules-types.js";
import { type SiteFacts } from "../plan/types.js";
import { type KubernetesSite, type Observation } from "../site/types.js";
import { type Version } from "../version/version.js";
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
  charts: ChartSource;
}

/**
 * The releases a version consists of at this site, in the order they move. A release that is installed keeps its name
 * and namespace, wherever they are; one that the version adds takes the vendor's.
 */
export async function declaredReleases(question: ReleasesQuestion): Promise<DeclaredRelease[]> {
  const rows = rowsOfVersion(question.destination, {
    facts: question.facts,
    installed: question.installed.map(({ role }) => role),
  });
  return Promise.all(rows.map((row) => declare(row, question)));
}

async function declare(row: ReleaseRow, question: ReleasesQuestion): Promise<DeclaredRelease> {
  const { settings, destination, installed } = question;
  const existing = installed.find(({ role }) => role === row.role);
  const chart = await question.charts.find(destination, row);
  return {
    role: row.role,
    name: existing?.name ?? row.name,
    namespace: existing?.namespace ?? row.namespaces[0] ?? settings.releaseNamespace,
    chart: chart.path,
    chartVersion: chart.version,
    values: await releaseValues(row, chart, question),
    takeOwnership: row.takeOwnership !== null && inRange(destination, row.takeOwnership),
    exists: existing !== undefined,
  };
}

/**
 * Complete values of one release: the stored user values, or the archive's own with the site's image prefix, and the
 * stack's overrides laid over them. Null in a preview without the cluster, which knows neither.
 */
export async function releaseValues(
  row: ReleaseRow,
  chart: Pick<FoundChart, "archiveValues">,
  question: Pick<ReleasesQuestion, "settings" | "observation" | "helmValues">,
): Promise<Record<string, unknown> | null> {
  const overrides = question.settings.values[row.role] ?? {};
  if (question.observation === null)
    return row.values === "archive" ? mergeValues(chart.archiveValues, overrides) : null;
  const stored = await storedValues(row.role, question);
  if (row.values === "site") return mergeValues(stored, overrides);
  const registryBase = imageRegistryBase(await storedValues("hubble", question));
  return mergeValues(withImagePrefix(chart.archiveValues, stored, registryBase), overrides);
}

async function storedValues(
  role: Role,
  { observation, helmValues }: Pick<ReleasesQuestion, "observation" | "helmValues">,
): Promise<Record<string, unknown>> {
  const deployed = observation?.releases.find((release) => release.role === role)?.deployed;
  return deployed ? helmValues(deployed.namespace, deployed.name, deployed.revision) : {};
}
