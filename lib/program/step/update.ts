import { createLazy } from "../../base/process/lazy.js";
import { InvalidInputError, type RefusedError } from "../../base/errors/errors.js";
import { findPinMismatch } from "../../gates/consent/cluster.js";
import { adviseStuckRevision } from "../../gates/helm-release/what-runs.js";
import { loadStackMatrix } from "../../planning/matrix/load.js";
import { listEdges } from "../../planning/matrix/lookup.js";
import { type Matrix } from "../../planning/matrix/types.js";
import { addOwnRows, checkOwnRows } from "../../planning/plan/own-rows.js";
import { type Clock } from "../../base/time/clock.js";
import { readClusterAddress } from "../../site/kubernetes/cluster-address.js";
import { type ClusterAddress } from "../../site/identity.js";
import { readClusterObjects } from "../../site/kubernetes/cluster-objects.js";
import { connectSite, type ConnectOptions } from "../../site/connect.js";
import { type HelmRevision, type KubernetesSite, type Site } from "../../site/types.js";
import { type Version } from "../../planning/version/version.js";
import { toGateSecrets, toGateSettings } from "../../settings/gate-settings.js";
import { type GateSecrets } from "../../settings/gate-secrets.js";
import { type ImportedRelease } from "./releases/hand-imported.js";
import { type ClusterSnapshot } from "./install.js";
import { observeSite, type Observed } from "./observe.js";
import { type Recorded } from "./recorded.js";
import { type Settings } from "../../settings/schema.js";

interface UpdateOptions {
  settings: Settings;
  /** The stack's own last outputs. */
  recorded: Recorded;
  projectDir: string;
  isPreview: boolean;
  environment: NodeJS.ProcessEnv;
  connection: ConnectOptions;
  /** Reads the releases that somebody imported into the stack by hand; default: none. */
  readImportedReleases?: () => Promise<ImportedRelease[]>;
}

/** Inputs and clients of one preview or update, before anything is decided; needs no engine. */
export interface Update extends UpdateOptions {
  /** The pinned matrix; the plan names it. */
  vendor: Matrix;
  /** The pinned rows with the extra rows of the site. */
  matrix: Matrix;
  clock: Clock;
  /** Where the kubeconfig leads. */
  address: ClusterAddress;
  /** `YYYY-MM-DD`, by that clock. */
  today: string;
  secrets: GateSecrets;
  /** Called only while nothing is recorded. */
  readImportedReleases: () => Promise<ImportedRelease[]>;
  /** Connects when first called, so that a preview works without a kubeconfig. */
  site: () => Site;
  observe: () => Promise<Observed>;
  /** Reads the cluster before an install; called only there. */
  readClusterSnapshot: () => Promise<ClusterSnapshot>;
  /** Reads what to do about a revision that stays pending while the version `live` is deployed. */
  adviseStuckRevision: (stuck: HelmRevision, live: Version) => Promise<string>;
  isSupported: (from: Version, to: Version) => boolean;
}

/**
 * Creates the update.
 *
 * @throws InvalidInputError for a matrix that is missing, does not fit, or contradicts extra rows.
 */
export async function openUpdate(options: UpdateOptions): Promise<Update> {
  const { settings, recorded, environment, projectDir } = options;
  const vendor = loadPinnedMatrix(settings, projectDir);
  const matrix = addOwnRows(vendor, settings.route.extraRows);
  const edges = listEdges(matrix);
  const { clock } = options.connection;
  const secrets = toGateSecrets(settings);
  const address = readClusterAddress(settings.kubernetes, environment);
  // Another cluster than the enrolled one is refused as such, pinned or not.
  const refuse = (found: string): RefusedError | null =>
    found === (recorded.clusterUid ?? found) ? findPinMismatch(settings.cluster, address, found) : null;
  const getSite = createLazy(() =>
    connectSite(toGateSettings(settings, recorded.clusterUid ?? null), secrets, { ...options.connection, projectDir }),
  );
  return {
    ...options,
    readImportedReleases: options.readImportedReleases ?? (() => Promise.resolve([])),
    vendor,
    matrix,
    clock,
    today: (await clock.now()).toISOString().slice(0, 10),
    secrets,
    site: getSite,
    address,
    observe: async () => {
      const elsewhere = findPinMismatch(settings.cluster, address, null);
      if (elsewhere !== null) return { state: "unclear", error: elsewhere };
      const observed = await observeSite(() => getSite().kubernetes, settings);
      const other = observed.state === "installed" ? refuse(observed.observation.clusterUid) : null;
      return other === null ? observed : { state: "unclear", error: other };
    },
    readClusterSnapshot: async () => {
      const snapshot = await readClusterSnapshot(getSite().kubernetes, settings, environment);
      const other = refuse(snapshot.clusterUid);
      if (other !== null) throw other;
      return snapshot;
    },
    adviseStuckRevision: (stuck, live) => adviseStuckRevision(getSite().kubernetes, stuck, live),
    isSupported: (from, to) => edges.has(from, to),
  };
}

async function readClusterSnapshot(
  kubernetes: KubernetesSite,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<ClusterSnapshot> {
  const [clusterUid, revisions, namespaces, objects] = await Promise.all([
    kubernetes.clusterUid(),
    kubernetes.helmRevisions(),
    kubernetes.namespaces(),
    readClusterObjects(settings.kubernetes, environment),
  ]);
  return { clusterUid, revisions, namespaces, objects };
}

function loadPinnedMatrix(settings: Settings, projectDir: string): Matrix {
  const matrix = loadStackMatrix(settings.matrix, projectDir);
  if (matrix.edition !== settings.edition || matrix.method !== "kubernetes") {
    throw new InvalidInputError(
      "MATRIX_MISMATCH",
      `palette:matrix is ${matrix.id} (${matrix.edition}, ${matrix.method}); this stack upgrades ${settings.edition} with Helm on Kubernetes.`,
      { next: `Pin one of "palette-upgrade matrix list" for ${settings.edition} and kubernetes.` },
    );
  }
  checkOwnRows(settings.route.extraRows, matrix);
  return matrix;
}
