import { type HelmStorage } from "../helm-storage.js";
import { drive } from "../../upgrade/drive.js";
import { type Engine } from "../../upgrade/engine.js";
import { progressVariable } from "../../gates/progress-file.js";
import { hubbleChart } from "../../gates/hubble.js";
import { connectKubernetes } from "../../site/kubernetes-client.js";
import { createEmbeddedEngine } from "../engine/engine.js";
import { releaseType } from "../engine/providers/release.js";
import { rehearsalConfig, spareTurns, type RehearsalEnd, type RehearsalOptions } from "../rehearse.js";
import { type RunningSite } from "../types.js";
import { commonKubernetes, startClusterSite, type ClusterSite } from "./cluster-site.js";
import { type HelmClient } from "./helm-command.js";
import { helmProvider } from "./helm-provider.js";
import { installStandIns, writeStandInCharts } from "./install-stand-ins.js";

export interface ClusterRehearsalOptions extends RehearsalOptions {
  /** Of the throwaway cluster. */
  kubeconfig: string;
  context: string | null;
  helm: Omit<HelmClient, "kubeconfig">;
  /** Image of every stand-in's container; null where none is pulled. */
  image: string | null;
  pace: number;
}

/** Drives the unmodified program over the whole road on a real cluster, with Helm and stand-in charts. The caller stops the site. */
export async function rehearseOnCluster(
  options: ClusterRehearsalOptions,
): Promise<Omit<RehearsalEnd, "site"> & { site: ClusterSite }> {
  const { plan, workspace } = options;
  const versions = [plan.from, ...plan.hops.map(({ to }) => to)];
  writeStandInCharts(workspace, versions, { image: options.image });
  const site = await startClusterSite({
    kubeconfig: options.kubeconfig,
    context: options.context,
    version: plan.from,
    edition: plan.matrix.edition,
    directory: workspace.folder,
    stateFile: workspace.siteFile,
    pace: options.pace,
    kubernetesVersion: commonKubernetes(versions),
    simulateMongo: true,
    pcgs: [
      { tenant: "acme", name: "pcg-vsphere", selfHosted: false },
      { tenant: "globex", name: "pcg-existing", selfHosted: true },
    ],
  });
  try {
    const client: HelmClient = { ...options.helm, kubeconfig: site.kubeconfig };
    if (!(await isInstalled(site))) await installStandIns(client, workspace, plan.from, options.signal);
    await site.order({ add: options.faults, clear: [] });
    const config = clusterConfig(options, site);
    const engine = clusterEngine({ ...options, stateFile: workspace.stateFile, config }, site, client);
    const end = await drive(engine, { ...options, maxTurns: plan.hops.length + spareTurns });
    return { end, outputs: await engine.outputs(), site };
  } catch (thrown) {
    await site.stop();
    throw thrown;
  }
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

async function isInstalled(site: ClusterSite): Promise<boolean> {
  const revisions = await connectKubernetes({ kubeconfig: site.kubeconfig, context: null }).helmRevisions("default");
  return revisions.some(({ chart }) => chart === hubbleChart);
}
