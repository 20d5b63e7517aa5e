import { InvalidInputError } from "../../base/errors/errors.js";
import { adviseStuckRevision } from "../../gates/helm-release/what-runs.js";
import { loadMatrix } from "../../planning/matrix/load.js";
import { listEdges, listVersions } from "../../planning/matrix/lookup.js";
import { type Matrix } from "../../planning/matrix/types.js";
import { expandHop } from "../../planning/plan/expand.js";
import { addOwnRows, checkOwnRows } from "../../planning/plan/own-rows.js";
import { planRoute } from "../../planning/plan/plan.js";
import { type Hop, type Plan } from "../../planning/plan/types.js";
import { type SiteFacts } from "../../planning/rules/site-facts.js";
import { type Clock } from "../../base/time/clock.js";
import { readClusterObjects } from "../../site/kubernetes/cluster-objects.js";
import { connectSite, selectClock } from "../../site/connect.js";
import { observeInstallation } from "../../site/installation.js";
import { type KubernetesSite, type Observation, type Site } from "../../site/types.js";
import { compareVersions, type Version } from "../../planning/version/version.js";
import { toGateSecrets, toGateSettings } from "../../gates/run/environment.js";
import { type GateSecrets } from "../../settings/gate-secrets.js";
import { type ImportedRelease } from "./hand-imported.js";
import { type ClusterSnapshot } from "./install.js";
import { prepare, type Prepared } from "./prepare.js";
import { type Recorded } from "./recorded.js";
import { type Settings } from "../../settings/schema.js";
import { StuckReleaseError } from "./step.js";

export interface UpdateOptions {
  settings: Settings;
  /** The stack's own last outputs. */
  recorded: Recorded;
  projectDir: string;
  isPreview: boolean;
  environment: NodeJS.ProcessEnv;
  /** Releases that the stack holds, imported by hand; default: none. */
  readImportedReleases?: () => Promise<ImportedRelease[]>;
}

/** Inputs and clients of one preview or update, before anything is decided; needs no engine. */
export interface Update extends UpdateOptions {
  /** The pinned matrix; the plan names it. */
  vendor: Matrix;
  /** The pinned rows with the extra rows of the site. */
  matrix: Matrix;
  clock: Clock;
  /** `YYYY-MM-DD`, by that clock. */
  today: string;
  secrets: GateSecrets;
  /** Connects when first called, so that a preview works without a kubeconfig. */
  site: () => Site;
  observe: () => Promise<Observation>;
  /** Reads the cluster before an install; called only there. */
  readClusterSnapshot: () => Promise<ClusterSnapshot>;
  isSupported: (from: Version, to: Version) => boolean;
}

/**
 * Creates the update.
 *
 * @throws InvalidInputError for a matrix that is missing, does not fit, or contradicts extra rows.
 */
export async function openUpdate(options: UpdateOptions): Promise<Update> {
  const { settings, recorded, environment, projectDir } = options;
  const vendor = loadPinnedMatrix(settings);
  const matrix = addOwnRows(vendor, settings.extraRows);
  const edges = listEdges(matrix);
  const clock = selectClock(environment);
  const secrets = toGateSecrets(settings);
  let connected: Site | undefined;
  const getSite = (): Site =>
    (connected ??= connectSite(toGateSettings(settings, recorded.clusterUid ?? null), secrets, {
      clock,
      environment,
      projectDir,
    }));
  const { releaseNamespace, edition } = settings;
  return {
    ...options,
    vendor,
    matrix,
    clock,
    today: (await clock.now()).toISOString().slice(0, 10),
    secrets,
    site: getSite,
    // Asynchronous, so that a missing kubeconfig rejects the promise like any other error.
    observe: async () => observeInstallation(getSite().kubernetes, { releaseNamespace, edition }),
    readClusterSnapshot: () => readClusterSnapshot(getSite().kubernetes, settings, environment),
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
      computePlan: (from, facts) => computePlan(update, from, facts),
      expandHop: (from, to, facts) => expandSiteHop(update, from, to, facts),
      isPreview,
      readClusterSnapshot: update.readClusterSnapshot,
      readImportedReleases: update.readImportedReleases ?? (() => Promise.resolve([])),
      now: () => clock.now(),
    });
  } catch (error) {
    if (!(error instanceof StuckReleaseError)) throw error;
    const { observedVersion } = await observe();
    const remedy = await adviseStuckRevision(site().kubernetes, error.revision, observedVersion);
    throw new StuckReleaseError(error.message, error.revision, remedy);
  }
}

/** Expands one hop with its gates, acts and advisories at this site. */
export function expandSiteHop({ matrix }: Pick<Update, "matrix">, from: Version, to: Version, facts: SiteFacts): Hop {
  const { edition, method } = matrix;
  return expandHop(from, to, { edition, method, facts, matrixVersions: listVersions(matrix) });
}

async function readClusterSnapshot(
  kubernetes: KubernetesSite,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<ClusterSnapshot> {
  const connection = { kubeconfig: settings.kubeconfig || null, context: settings.context || null };
  const [clusterUid, revisions, namespaces, objects] = await Promise.all([
    kubernetes.clusterUid(),
    kubernetes.helmRevisions(),
    kubernetes.namespaces(),
    readClusterObjects(connection, environment),
  ]);
  return { clusterUid, revisions, namespaces, objects };
}

/** Computes the plan from a version; its fingerprint includes the digests of its charts once they are known. */
export function computePlan(
  { settings, vendor, today }: Update,
  from: Version,
  facts: SiteFacts,
  chartDigests: Record<string, string> = {},
): Plan {
  const { target, extraRows, strategy, avoid } = settings;
  // Stops of `palette:via` before the version are passed already.
  const via = settings.via.filter((stop) => compareVersions(stop, from) > 0);
  return planRoute({ from, to: target, matrix: vendor, extraRows, strategy, via, avoid, facts, today, chartDigests });
}

function loadPinnedMatrix(settings: Settings): Matrix {
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
