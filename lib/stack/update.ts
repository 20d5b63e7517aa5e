import { InvalidInputError } from "../errors.js";
import { adviseStuck } from "../gates/helm-release/what-runs.js";
import { loadMatrix } from "../matrix/load.js";
import { edgesOf, versions } from "../matrix/lookup.js";
import { type Matrix } from "../matrix/types.js";
import { expandHop } from "../plan/expand.js";
import { checkOwnRows, withOwnRows } from "../plan/own-rows.js";
import { planRoute } from "../plan/plan.js";
import { type Hop, type Plan, type SiteFacts } from "../plan/types.js";
import { type Clock } from "../site/clock.js";
import { readClusterObjects } from "../site/cluster-objects.js";
import { clockFromEnvironment, connectSite } from "../site/connect.js";
import { observeInstallation } from "../site/observe.js";
import { type KubernetesSite, type Observation, type Site } from "../site/types.js";
import { compareVersions, type Version } from "../version/version.js";
import { gateSecretsOf, gateSettingsOf } from "./gate-environment.js";
import { type GateSecrets } from "./gate-secrets.js";
import { type HeldByHand } from "./hand-imported.js";
import { type InstallSight } from "./install.js";
import { prepare, type Prepared } from "./prepare.js";
import { type Recorded } from "./recorded.js";
import { type Settings } from "./settings-schema.js";
import { StuckReleaseError } from "./step.js";

export interface UpdateQuestion {
  settings: Settings;
  /** The stack's own last outputs. */
  recorded: Recorded;
  projectDir: string;
  isPreview: boolean;
  environment: NodeJS.ProcessEnv;
  /** Releases that the stack holds, imported by hand; default: none. */
  handImported?: () => Promise<HeldByHand[]>;
}

/** What one preview or update works with, before anything is decided: needs no engine. */
export interface Update extends UpdateQuestion {
  /** As pinned; the plan names it. */
  vendor: Matrix;
  /** The pinned rows with those of the site's own. */
  matrix: Matrix;
  clock: Clock;
  /** `YYYY-MM-DD` of that clock. */
  today: string;
  secrets: GateSecrets;
  /** Connects when first called: a preview goes on without a kubeconfig. */
  site: () => Site;
  observe: () => Promise<Observation>;
  /** What the cluster shows beside an installation; asked only before one is made. */
  installSight: () => Promise<InstallSight>;
  isSupported: (from: Version, to: Version) => boolean;
}

/** @throws InvalidInputError for a matrix that is not there, is another's, or contradicts the site's own rows. */
export async function openUpdate(question: UpdateQuestion): Promise<Update> {
  const { settings, recorded, environment, projectDir } = question;
  const vendor = pinnedMatrix(settings);
  const matrix = withOwnRows(vendor, settings.extraRows);
  const edges = edgesOf(matrix);
  const clock = clockFromEnvironment(environment);
  const secrets = gateSecretsOf(settings);
  let connected: Site | undefined;
  const site = (): Site =>
    (connected ??= connectSite(gateSettingsOf(settings, recorded.clusterUid ?? null), secrets, {
      clock,
      environment,
      projectDir,
    }));
  const { releaseNamespace, edition } = settings;
  return {
    ...question,
    vendor,
    matrix,
    clock,
    today: (await clock.now()).toISOString().slice(0, 10),
    secrets,
    site,
    // Asynchronous, so that a kubeconfig that is not there is an answer like any other.
    observe: async () => observeInstallation(site().kubernetes, { releaseNamespace, edition }),
    installSight: () => installSight(site().kubernetes, settings, environment),
    isSupported: (from, to) => edges.has(from, to),
  };
}

/** Observes, plans and decides what this update does. @throws what `prepare` does; a stuck release with the remedy that fits what runs. */
export async function prepareUpdate(update: Update): Promise<Prepared> {
  const { settings, recorded, matrix, observe, site, isPreview, clock } = update;
  try {
    return await prepare(settings, {
      recorded,
      observe,
      matrix,
      planFrom: (from, facts) => planFrom(update, from, facts),
      expandHop: (from, to, facts) => hopOf(update, from, to, facts),
      isPreview,
      installSight: update.installSight,
      handImported: update.handImported ?? (() => Promise.resolve([])),
      now: () => clock.now(),
    });
  } catch (error) {
    if (!(error instanceof StuckReleaseError)) throw error;
    const { observedVersion } = await observe();
    const remedy = await adviseStuck(site().kubernetes, error.revision, observedVersion);
    throw new StuckReleaseError(error.message, error.revision, remedy);
  }
}

/** One hop with the gates, acts and advisories that this site has on it. */
export function hopOf({ matrix }: Pick<Update, "matrix">, from: Version, to: Version, facts: SiteFacts): Hop {
  const { edition, method } = matrix;
  return expandHop(from, to, { edition, method, facts, matrixVersions: versions(matrix) });
}

async function installSight(
  kubernetes: KubernetesSite,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<InstallSight> {
  const place = { kubeconfig: settings.kubeconfig || null, context: settings.context || null };
  const [clusterUid, revisions, namespaces, objects] = await Promise.all([
    kubernetes.clusterUid(),
    kubernetes.helmRevisions(),
    kubernetes.namespaces(),
    readClusterObjects(place, environment),
  ]);
  return { clusterUid, revisions, namespaces, objects };
}

/** The road from a version; its fingerprint stands on the digests of its charts too, once they are known. */
export function planFrom(
  { settings, vendor, today }: Update,
  from: Version,
  facts: SiteFacts,
  chartDigests: Record<string, string> = {},
): Plan {
  const { target, extraRows, strategy, avoid } = settings;
  // Stops that lie behind are passed.
  const via = settings.via.filter((stop) => compareVersions(stop, from) > 0);
  return planRoute({ from, to: target, matrix: vendor, extraRows, strategy, via, avoid, facts, today, chartDigests });
}

function pinnedMatrix(settings: Settings): Matrix {
  const matrix = loadMatrix(settings.matrix);
  if (matrix.edition !== settings.edition || matrix.method !== "kubernetes") {
    throw new InvalidInputError(
      "MATRIX_MISMATCH",
      `palette:matrix is ${matrix.id} (${matrix.edition}, ${matrix.method}); this stack upgrades ${settings.edition} with Helm on Kubernetes.`,
      { next: `Pin one of "palette-upgrade matrix list" for ${settings.edition} and kubernetes.` },
    );
  }
  checkOwnRows(settings.extraRows, matrix);
  return matrix;
}
