import { listReleaseRows } from "../charts/check-charts.js";
import { getImageRegistryBase, addImagePrefix } from "../charts/image-prefix.js";
import { mergeValues } from "../charts/merge-values.js";
import type { ChartSource, FoundChart } from "../charts/types.js";
import { isInRange } from "../plan/edge-pattern.js";
import { type ReleaseRow, type Role } from "../plan/rules-types.js";
import { type SiteFacts } from "../plan/types.js";
import { type KubernetesSite, type Observation } from "../site/types.js";
import { type Version } from "../version/version.js";
import { type DeclaredRelease } from "./palette-installation.js";
import { type Recorded } from "./recorded.js";
import { type Settings } from "./settings-schema.js";

export interface DeclaredReleasesInput {
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
 * Lists the releases of a version at this site, in the order in which they move. An installed release keeps its name
 * and namespace; one that the version adds takes the vendor's.
 */
export async function listDeclaredReleases(input: DeclaredReleasesInput): Promise<DeclaredRelease[]> {
  const rows = listReleaseRows(input.destination, {
    facts: input.facts,
    installed: input.installed.map(({ role }) => role),
  });
  return Promise.all(rows.map((row) => resolveRelease(row, input)));
}

async function resolveRelease(row: ReleaseRow, input: DeclaredReleasesInput): Promise<DeclaredRelease> {
  const { settings, destination, installed } = input;
  const existing = installed.find(({ role }) => role === row.role);
  const chart = await input.charts.find(destination, row);
  return {
    role: row.role,
    name: existing?.name ?? row.name,
    namespace: existing?.namespace ?? row.namespaces[0] ?? settings.releaseNamespace,
    chart: chart.path,
    chartVersion: chart.version,
    values: await computeReleaseValues(row, chart, input),
    takeOwnership: row.takeOwnership !== null && isInRange(destination, row.takeOwnership),
    exists: existing !== undefined,
  };
}

/**
 * Computes the complete values of one release: the stored user values, or the archive's own with the site's image
 * prefix, with the stack's overrides merged over them. Null in a preview without the cluster, which knows neither.
 */
export async function computeReleaseValues(
  row: ReleaseRow,
  chart: Pick<FoundChart, "archiveValues">,
  input: Pick<DeclaredReleasesInput, "settings" | "observation" | "helmValues">,
): Promise<Record<string, unknown> | null> {
  const overrides = input.settings.values[row.role] ?? {};
  if (input.observation === null) return row.values === "archive" ? mergeValues(chart.archiveValues, overrides) : null;
  const stored = await readStoredValues(row.role, input);
  if (row.values === "site") return mergeValues(stored, overrides);
  const registryBase = getImageRegistryBase(await readStoredValues("hubble", input));
  return mergeValues(addImagePrefix(chart.archiveValues, stored, registryBase), overrides);
}

async function readStoredValues(
  role: Role,
  { observation, helmValues }: Pick<DeclaredReleasesInput, "observation" | "helmValues">,
): Promise<Record<string, unknown>> {
  const deployed = observation?.releases.find((release) => release.role === role)?.deployed;
  return deployed ? helmValues(deployed.namespace, deployed.name, deployed.revision) : {};
}
