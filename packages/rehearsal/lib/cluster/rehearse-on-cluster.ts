import { type HelmStorage } from "../helm-storage.js";
import { type Engine } from "../../../../lib/engine/engine.js";
import { progressVariable } from "../../../../lib/gates/run/progress-file.js";
import { hubbleChart } from "../../../../lib/site/helm/releases.js";
import { createEmbeddedEngine } from "../engine/engine.js";
import { releaseType } from "../engine/providers/release.js";
import {
  createRehearsalConfig,
  rehearsedGateways,
  driveRehearsal,
  type RehearsalResult,
  type RehearsalOptions,
} from "../rehearse.js";
import { changeSetting } from "../stack-settings.js";
import { type RunningSite } from "../types.js";
import { findCommonKubernetes, startClusterSite, type ClusterSite, type ConnectedCluster } from "./cluster-site.js";
import { type HelmClient } from "../../../../lib/site/helm/command.js";
import { createHelmProvider } from "./helm-provider.js";
import { installStubCharts, uninstallStubCharts, writeStubCharts } from "./install-stubs.js";
import { readClusterContents, refuseRealPalette, type FoundRelease } from "./throwaway.js";

interface ClusterRehearsalOptions extends RehearsalOptions {
  /** The throwaway cluster; inspected before anything is written. */
  cluster: ConnectedCluster;
  helm: Omit<HelmClient, "kubeconfig">;
  /** Image of every stub container; null where none is pulled. */
  image: string | null;
  pace: number;
  /** Continue with the installed stub charts; otherwise those of an earlier rehearsal are uninstalled first. */
  resumes: boolean;
}

/**
 * Runs the unmodified program along the whole route on a real cluster, with Helm and stub charts. The caller stops the
 * site. @throws RefusedError `CLUSTER_NOT_THROWAWAY`, `CLUSTER_UNREADABLE` before anything is written.
 */
export async function runClusterRehearsal(options: ClusterRehearsalOptions): Promise<RehearsalResult> {
  const { plan, workspace, cluster } = options;
  const versions = [plan.from, ...plan.hops.map(({ to }) => to)];
  const contents = await readClusterContents(cluster.upstream);
  refuseRealPalette(contents, versions);
  writeStubCharts(workspace, versions, { image: options.image });
  const site = await startClusterSite({
    cluster,
    version: plan.from,
    edition: plan.matrix.edition,
    directory: workspace.folder,
    stateFile: workspace.siteFile,
    pace: options.pace,
    kubernetesVersion: findCommonKubernetes(versions),
    simulateMongo: true,
    pcgs: rehearsedGateways,
  });
  try {
    const client: HelmClient = { ...options.helm, kubeconfig: site.kubeconfig };
    await installStartVersion(options, client, contents.releases);
    const config = createClusterConfig(options, site);
    const engine = createClusterEngine({ ...options, stateFile: workspace.stateFile, config }, site, client);
    return await driveRehearsal(engine, site, options);
  } catch (thrown) {
    await site.stop();
    throw thrown;
  }
}

/** Installs the stub charts of the first version, unless a resumed rehearsal has them already. */
async function installStartVersion(
  { plan, workspace, resumes, signal }: ClusterRehearsalOptions,
  client: HelmClient,
  found: readonly FoundRelease[],
): Promise<void> {
  const stubs = found.filter(({ isStub }) => isStub);
  if (resumes && stubs.some(({ chart }) => chart === hubbleChart)) return;
  await uninstallStubCharts(client, stubs, signal);
  await installStubCharts(client, workspace, plan.from, signal);
}

type ClusterConfigInput = Pick<ClusterRehearsalOptions, "plan" | "target" | "workspace" | "projectDir" | "pace">;

interface ClusterEngineOptions {
  projectDir: string;
  workspace: ClusterRehearsalOptions["workspace"];
  stateFile: string;
  config: ReturnType<typeof createRehearsalConfig>;
  runCommand?: RehearsalOptions["runCommand"];
}

/** Creates the embedded engine with real Helm as its release provider, on a real cluster. */
export function createClusterEngine(
  { projectDir, workspace, stateFile, config, runCommand }: ClusterEngineOptions,
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
    providers: { [releaseType]: createHelmProvider(client, storage) },
    runCommand,
  });
}

/** Creates the configuration of a rehearsal, with intervals and deadlines for real time. */
export function createClusterConfig(
  options: ClusterConfigInput,
  site: RunningSite,
): ReturnType<typeof createRehearsalConfig> {
  const settings = {
    "mongo.interval": "1s",
    "rollout.interval": "1s",
    "pcg.interval": "1s",
    "rollout.deadline": "10m",
    "pcg.deadline": "15m",
    "helm.timeout": "10m",
    "rehearsal.pace": String(options.pace),
  };
  return Object.entries(settings).reduce(
    (config, [path, value]) => changeSetting(config, path, value),
    createRehearsalConfig(options, site),
  );
}
