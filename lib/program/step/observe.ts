import { InvalidInputError, RefusedError } from "../../base/errors/errors.js";
import { SiteError } from "../../base/errors/site-error.js";
import { type Edition } from "../../planning/matrix/types.js";
import { readInstallation } from "../../site/installation.js";
import { type KubernetesSite, type Observation } from "../../site/types.js";
import { type Settings } from "../../settings/schema.js";

/** What one look at the cluster gave: the only input, beside settings and outputs, for deciding the step. */
export type Observed =
  | { state: "installed"; observation: Observation }
  /** The cluster was read: no version is deployed, or what is installed cannot be determined or is not this stack's. */
  | { state: "empty" | "unclear"; error: RefusedError }
  /** The cluster could not be reached, or its kubeconfig not be used. Never read as absent. */
  | { state: "unreachable"; error: SiteError | InvalidInputError };

interface ObserveSettings extends Pick<Settings, "edition"> {
  helm: Pick<Settings["helm"], "namespace">;
}

/** Observes the installation (design 5); `connect` may throw for a kubeconfig that cannot be used. */
export async function observeSite(connect: () => KubernetesSite, settings: ObserveSettings): Promise<Observed> {
  try {
    return await observeCluster(connect(), settings);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return { state: "unreachable", error };
  }
}

/** Returns the observation where a version is installed. @throws the error of what was observed instead. */
export function requireInstalled(observed: Observed): Observation {
  if (observed.state !== "installed") throw observed.error;
  return observed.observation;
}

async function observeCluster(
  kubernetes: KubernetesSite,
  { helm, edition: expected }: ObserveSettings,
): Promise<Observed> {
  const [clusterUid, installation, hasMongoTls] = await Promise.all([
    kubernetes.clusterUid(),
    readInstallation(kubernetes, helm.namespace),
    kubernetes.secretExists("hubble-system", "mongo-tls"),
  ]);
  if (installation.state !== "installed") return installation;
  const { version, releases } = installation;
  const edition: Edition = hasMongoTls ? "vertex" : "palette";
  if (edition !== expected) return { state: "unclear", error: createEditionMismatchError(edition, expected, version) };
  return { state: "installed", observation: { clusterUid, edition, observedVersion: version, releases } };
}

function isUnreachable(error: unknown): error is SiteError | InvalidInputError {
  return error instanceof SiteError || (error instanceof InvalidInputError && error.code.startsWith("KUBECONFIG"));
}

function createEditionMismatchError(found: Edition, expected: Edition, version: string): RefusedError {
  const why =
    found === "vertex" ? "Secret hubble-system/mongo-tls exists" : "there is no Secret hubble-system/mongo-tls";
  return new RefusedError(
    "EDITION_MISMATCH",
    `Version ${version} is installed as ${found} (${why}), but palette:edition is ${expected}.`,
    { next: `Set palette:edition to ${found} and pin a matrix of that edition.` },
  );
}
