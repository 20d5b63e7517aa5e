import { type ChartsByVersion, listReleaseRows } from "../../../site/charts/check-charts.js";
import { getImageRegistryBase } from "../../../site/charts/image-prefix.js";
import { selectBaseValues, type ValuesSource } from "../../../site/charts/release-values.js";
import { listKeyPaths, mergeValues } from "../../../base/text/value-paths.js";
import { type ChartSource, type FoundChart } from "../../../site/charts/types.js";
import { InvalidInputError } from "../../../base/errors/errors.js";
import { listMissingKeys } from "../../../gates/values/required-keys.js";
import { isInRange } from "../../../planning/rules/edge-pattern.js";
import { type ReleaseRow, type Role } from "../../../planning/rules/types.js";
import { type SiteFacts } from "../../../planning/rules/site-facts.js";
import { type DeclaredRelease } from "./declared-release.js";
import { type HelmRevision, type KubernetesSite, type Observation } from "../../../site/types.js";
import { type Version } from "../../../planning/version/version.js";
import { type Recorded } from "../recorded.js";
import { type Settings } from "../../../settings/schema.js";

interface DeclaredReleasesInput {
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
    namespace: existing?.namespace ?? row.namespaces[0] ?? settings.helm.namespace,
    chart: chart.path,
    chartVersion: chart.version,
    ...(await computeReleaseValues(row, chart, input)),
    takeOwnership: row.takeOwnership !== null && isInRange(destination, row.takeOwnership),
    exists: existing !== undefined,
  };
}

/**
 * Computes the complete values of one release and where they come from: the stored user values, or the archive's own
 * with the site's image prefix, with the stack's overrides merged over them. Null in a preview without the cluster,
 * where the stored ones would be needed.
 */
async function computeReleaseValues(
  row: ReleaseRow,
  { archiveValues: archive }: Pick<FoundChart, "archiveValues">,
  input: Pick<DeclaredReleasesInput, "settings" | "observation" | "helmValues">,
): Promise<Pick<DeclaredRelease, "values" | "valuesFrom">> {
  const overrides = input.settings.values[row.role] ?? {};
  const stored = await readStoredValues(row.role, input);
  const hubble = row.values === "archive" ? await readStoredValues("hubble", input) : {};
  const base = selectBaseValues(row, { archive, stored, registryBase: getImageRegistryBase(hubble) });
  if (input.observation === null && base.source !== "archive") return { values: null, valuesFrom: null };
  const valuesFrom = {
    source: base.source,
    place: describePlace(base.source, row, input),
    keys: listKeyPaths(base.values),
    overrides: listKeyPaths(overrides),
  };
  return { values: mergeValues(base.values, overrides), valuesFrom };
}

function describePlace(
  source: ValuesSource,
  row: ReleaseRow,
  { observation }: Pick<DeclaredReleasesInput, "observation">,
): string {
  if (source === "archive") return row.valuesFiles.join(" or ");
  const deployed = findDeployed(row.role, observation);
  if (source === "defaults" || deployed === null) return "";
  return `${deployed.namespace}/${deployed.name}, revision ${deployed.revision}`;
}

function findDeployed(role: Role, observation: Observation | null): HelmRevision | null {
  return observation?.releases.find((release) => release.role === role)?.deployed ?? null;
}

async function readStoredValues(
  role: Role,
  { observation, helmValues }: Pick<DeclaredReleasesInput, "observation" | "helmValues">,
): Promise<Record<string, unknown>> {
  const deployed = findDeployed(role, observation);
  return deployed !== null ? helmValues(deployed.namespace, deployed.name, deployed.revision) : {};
}

interface InstallValuesInput {
  destination: Version;
  releases: readonly Pick<DeclaredRelease, "role" | "values">[];
  charts: ChartsByVersion;
  source: Pick<ChartSource, "getContents">;
}

/**
 * Checks that the settings have all values that the charts require: a fresh install has no stored values to fall back
 * on.
 *
 * @throws InvalidInputError `VALUES_INCOMPLETE` naming every missing key by its path, never a value.
 */
export async function refuseIncompleteValues(input: InstallValuesInput): Promise<void> {
  const { destination, releases, charts, source } = input;
  const missing = await Promise.all(
    releases.map(async ({ role, values }) => {
      const chart = await source.getContents(charts.get(destination)![role]!);
      const given = mergeValues(chart.defaults, values ?? {});
      return listMissingKeys(chart, given, () => false).map((path) => `palette:values.${role}.${path.join(".")}`);
    }),
  );
  const keys = missing.flat();
  if (keys.length === 0) return;
  throw new InvalidInputError(
    "VALUES_INCOMPLETE",
    `The charts of ${destination} require values that are not set:\n${keys.map((key) => `  - ${key}`).join("\n")}`,
    {
      next: `Set each: pulumi config set --path '${keys[0]}' VALUE, with --secret where it is one. The archive's values.yaml says what they mean.`,
    },
  );
}
