import { rowsOfVersion, type ChartsByVersion } from "../charts/check-charts.js";
import { type ChartSource } from "../charts/types.js";
import { declaredReleases } from "./declared-releases.js";
import { refuseDroppedSince, type DroppedQuestion } from "./dropped-releases.js";
import { refuseDropped, type HeldByHand } from "./hand-imported.js";
import { refuseIncompleteValues } from "./install-values.js";
import { type DeclaredRelease } from "./palette-installation.js";
import { type Prepared } from "./prepare.js";
import { type PreviewedRelease } from "./preview-report.js";
import { siteFacts } from "./site-facts.js";
import { type Update } from "./update.js";

export interface StepCharts {
  source: ChartSource;
  charts: ChartsByVersion;
  /** Releases that the stack's state holds; null where that cannot be asked. */
  inState: () => Promise<HeldByHand[] | null>;
}

/**
 * The releases that this step declares, and everything about them that refuses before a gate is asked.
 *
 * @throws RefusedError `RELEASE_DROPPED`, `RELEASE_GONE`; InvalidInputError `VALUES_INCOMPLETE`, and what charts may refuse with.
 */
export async function releasesOfStep(
  update: Update,
  prepared: Prepared,
  { source, charts, inState }: StepCharts,
): Promise<DeclaredRelease[]> {
  const { kind, destination, declareReleases } = prepared.step;
  if (!declareReleases) return [];
  const releases = await declared(update, prepared, source);
  await refuseDroppedSince(dropQuestion(update, prepared, releases, inState));
  if (kind === "install") await refuseIncompleteValues({ destination, releases, charts, source });
  return releases;
}

async function declared(update: Update, prepared: Prepared, charts: ChartSource): Promise<DeclaredRelease[]> {
  const { settings, site, recorded } = update;
  const { step, facts, installed, observation } = prepared;
  const releases = await declaredReleases({
    settings,
    destination: step.destination,
    facts,
    installed,
    observation,
    helmValues: (namespace, name, revision) => site().kubernetes.helmValues(namespace, name, revision),
    charts,
  });
  // An import reads the cluster, in a preview too: where there is none, what will be adopted is shown as created.
  const canImport = observation !== null || recorded.adopted;
  refuseDropped(prepared.held, releases);
  return releases.map((release) => ({
    ...release,
    exists: release.exists && canImport,
    ...heldAs(prepared.held, release),
  }));
}

function dropQuestion(
  { recorded, settings }: Update,
  { step }: Prepared,
  declared: DroppedQuestion["declared"],
  inState: DroppedQuestion["inState"],
): DroppedQuestion {
  const installed = recorded.releases.map(({ role }) => role);
  // The site as it was recorded: what is missing now must count as shipped, or nothing would be missed.
  const facts = siteFacts(settings, installed);
  const shipped: DroppedQuestion["shipped"] = (version) =>
    rowsOfVersion(version, { facts, installed }).map(({ role }) => role);
  return { recorded, destination: step.destination, declared, shipped, inState };
}

function heldAs(held: readonly HeldByHand[], { namespace, name }: DeclaredRelease): { heldAs?: string } {
  const resource = held.find(({ id }) => id === `${namespace}/${name}`)?.resource;
  return resource === undefined ? {} : { heldAs: resource };
}

/** Releases that move; where nothing moves they are declared all the same, and unchanged. */
export function previewedReleases(
  releases: readonly DeclaredRelease[],
  { observation, step }: Prepared,
  charts: ChartsByVersion,
): PreviewedRelease[] {
  if (step.kind !== "hop" && step.kind !== "install") return [];
  return releases.map(({ role, name, namespace, chartVersion }) => ({
    role,
    name,
    namespace,
    from: observation?.releases.find((release) => release.role === role)?.deployed?.chartVersion ?? null,
    to: chartVersion,
    sha256: charts.get(step.destination)![role]!.sha256,
  }));
}
