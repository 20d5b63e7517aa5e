import { type ChartsByVersion, listReleaseRows } from "../../../site/charts/check-charts.js";
import { type ChartSource } from "../../../site/charts/types.js";
import { type DeclaredRelease } from "./declared-release.js";
import { listDeclaredReleases, refuseIncompleteValues } from "./declared-releases.js";
import { type DroppedReleasesInput, refuseDroppedReleases } from "./dropped-releases.js";
import { type ImportedRelease, refuseDroppedImports } from "./hand-imported.js";
import { type Prepared } from "../prepare.js";
import { toSiteFacts } from "../../../settings/site-facts.js";
import { type Update } from "../update.js";

interface StepCharts {
  source: ChartSource;
  charts: ChartsByVersion;
  /** Reads the releases in the stack's state; null where it cannot be read. */
  readStateReleases: () => Promise<ImportedRelease[] | null>;
}

/**
 * Resolves the releases that this step declares, and refuses what must not be declared before a gate is judged.
 *
 * @throws RefusedError `RELEASE_DROPPED`, `RELEASE_GONE`; InvalidInputError `VALUES_INCOMPLETE`, and what charts may refuse with.
 */
export async function resolveStepReleases(
  update: Update,
  prepared: Prepared,
  { source, charts, readStateReleases }: StepCharts,
): Promise<DeclaredRelease[]> {
  const { kind, destination, declareReleases } = prepared.step;
  if (!declareReleases) return [];
  const releases = await resolveReleases(update, prepared, source);
  await refuseDroppedReleases(toDroppedReleasesInput(update, prepared, releases, readStateReleases));
  if (kind === "install") await refuseIncompleteValues({ destination, releases, charts, source });
  return releases;
}

async function resolveReleases(update: Update, prepared: Prepared, charts: ChartSource): Promise<DeclaredRelease[]> {
  const { settings, site, recorded } = update;
  const { step, facts, installed, observation } = prepared;
  const releases = await listDeclaredReleases({
    settings,
    destination: step.destination,
    facts,
    installed,
    observation,
    helmValues: (namespace, name, revision) => site().kubernetes.helmValues(namespace, name, revision),
    charts,
  });
  // An import reads the cluster, even in a preview: without the cluster, releases to adopt are shown as created.
  const canImport = observation !== null || recorded.adopted;
  refuseDroppedImports(prepared.importedReleases, releases);
  return releases.map((release) => ({
    ...release,
    exists: release.exists && canImport,
    ...findResourceName(prepared.importedReleases, release),
  }));
}

function toDroppedReleasesInput(
  { recorded, settings }: Update,
  { step }: Prepared,
  declared: DroppedReleasesInput["declared"],
  readStateReleases: DroppedReleasesInput["readStateReleases"],
): DroppedReleasesInput {
  const installed = recorded.releases.map(({ role }) => role);
  // Facts from the recorded releases: one that is missing now must count as shipped, or it would not be noticed.
  const facts = toSiteFacts(settings, installed);
  const listShippedRoles: DroppedReleasesInput["listShippedRoles"] = (version) =>
    listReleaseRows(version, { facts, installed }).map(({ role }) => role);
  return { recorded, destination: step.destination, declared, listShippedRoles, readStateReleases };
}

function findResourceName(
  imported: readonly ImportedRelease[],
  { namespace, name }: DeclaredRelease,
): { resourceName?: string } {
  const resource = imported.find(({ id }) => id === `${namespace}/${name}`)?.resource;
  return resource === undefined ? {} : { resourceName: resource };
}
