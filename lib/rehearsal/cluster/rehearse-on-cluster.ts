import { type HelmStorage } from "../helm-storage.js";
import { type Engine } from "../../upgrade/engine.js";
import { progressVariable } from "../../gates/progress-file.js";
import { hubbleChart } from "../../gates/hubble.js";
import { createEmbeddedEngine } from "../engine/engine.js";
import { releaseType } from "../engine/providers/release.js";
import {
  rehearsalConfig,
  rehearsedGateways,
  driveRehearsal,
  type RehearsalEnd,
  type RehearsalOptions,
} from "../rehearse.js";
import { type RunningSite } from "../types.js";
import { commonKubernetes, startClusterSite, type ClusterSite, type ConnectedCluster } from "./cluster-site.js";
import { type HelmClient } from "../../site/helm-command.js";
import { helmProvider } from "./helm-provider.js";
import { installStandIns, removeStandIns, writeStandInCharts } from "./install-stand-ins.js";
import { readContents, refuseRealPalette, type FoundRelease } from "./throwaway.js";

export interface ClusterRehearsalOptions extends RehearsalOptions {
  /** The throwaway cluster; looked through before anything is written. */
  cluster: ConnectedCluster;
  helm: Omit<HelmClient, "kubeconfig">;
  /** Image of every stand-in's container; null where none is pulled. */
  image: string | null;
  pace: number;
  /** Go on with the stand-ins that are there; else those of an earlier rehearsal are taken away first. */
  resumes: boolean;
}

/**
 * Drives the unmodified program over the whole road on a real cluster, with Helm and stand-in charts. The caller stops the
 * site. @throws RefusedError `CLUSTER_NOT_THROWAWAY`, `CLUSTER_UNREADABLE` before anything is written.
 */
export async function rehearseOnCluster(options: ClusterRehearsalOptions): Promise<RehearsalEnd> {
  const { plan, workspace, cluster } = options;
  const versions = [plan.from, ...plan.hops.map(({ to }) => to)];
  const contents = await readContents(cluster.upstream);
  refuseRealPalette(contents, versions);
  writeStandInCharts(workspace, versions, { image: options.image });
  const site = await startClusterSite({
    cluster,
    version: plan.from,
    edition: plan.matrix.edition,
    directory: workspace.folder,
    stateFile: workspace.siteFile,
    pace: options.pace,
    kubernetesVersion: commonKubernetes(versions),
    simulateMongo: true,
    pcgs: rehearsedGateways,
  });
  try {
    const client: HelmClient = { ...options.helm, kubeconfig: site.kubeconfig };
    await bringToStart(options, client, contents.releases);
    const config = clusterConfig(options, site);
    const engine = clusterEngine({ ...options, stateFile: workspace.stateFile, config }, site, client);
    return await driveRehearsal(engine, site, options);
  } catch (thrown) {
    await site.stop();
    throw thrown;
  }
}

/** Stand-ins of the first version, unless a rehearsal that is taken up has them already. */
async function bringToStart(
  { plan, workspace, resumes, signal }: ClusterRehearsalOptions,
  client: HelmClient,
  found: readonly FoundRelease[],
): Promise<void> {
  const standIns = found.filter(({ isStandIn }) => isStandIn);
  if (resumes && standIns.some(({ chart }) => chart === hubbleChart)) return;
  await removeStandIns(client, standIns, signal);
  await installStandIns(client, workspace, plan.from, signal);
}

type ClusterQuestion = Pick<ClusterRehearsalOptions, "plan" | "target" | "workspace" | "projectDir" | "pace">;

export interface ClusterEngineOptions {
  projectDir: string;
  workspace: ClusterRehearsalOptions["workspace"];
  stateFile: string;
  config: ReturnType<typeof rehearsalConfig>;
}

/** The embedded engine with Helm as what moves releases, on a cluster made into a site. */
export function clusterEngine(
  { projectDir, workspace, stateFile, config }: ClusterEngineOptions,
  site: ClusterSite,
  client: HelmClient,
): Engine {
  const storage: HelmStorage = { url: site.url, token: site.token };
  return createEmbeddedEngine({
    projectDir,
    stack: "rehearsal",
    stateFile,
    config,
    environment: { ...site.environment, [progressVariable]: workspace.progressFile },
    providers: { [releaseType]: helmProvider(client, storage) },
  });
}

/** The configuration of any rehearsal, with the patience of one in real time. */
export function clusterConfig(options: ClusterQuestion, site: RunningSite): ReturnType<typeof rehearsalConfig> {
  const seconds = {
    mongoIntervalSeconds: 1,
    rolloutIntervalSeconds: 1,
    pcgIntervalSeconds: 1,
    rolloutDeadlineSeconds: 600,
    pcgDeadlineSeconds: 900,
    releaseTimeoutSeconds: 600,
    rehearsalPace: options.pace,
  };
  const settings = Object.entries(seconds).map(
    ([key, value]) => [`palette:${key}`, { value: String(value), secret: false }] as const,
  );
  return { ...rehearsalConfig(options, site), ...Object.fromEntries(settings) };
}
