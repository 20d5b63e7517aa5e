import { setMaxListeners } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { loadMatrix } from "../../../lib/planning/matrix/load.js";
import { planRoute } from "../../../lib/planning/plan/plan.js";
import { type Plan } from "../../../lib/planning/plan/types.js";
import {
  createClusterConfig,
  createClusterEngine,
} from "../../../packages/rehearsal/lib/cluster/rehearse-on-cluster.js";
import {
  findCommonKubernetes,
  connectCluster,
  startClusterSite,
  type ClusterSite,
} from "../../../packages/rehearsal/lib/cluster/cluster-site.js";
import { connectKubernetes } from "../../../lib/site/kubernetes/client.js";
import { type KubernetesSite } from "../../../lib/site/types.js";
import { type Engine, type EngineRun, type EngineRunOptions } from "../../../lib/engine/engine.js";
import { makeProject, realEngine, textBelow } from "../../engine-suite/support/program-rig.js";
import { changeSetting } from "../../../packages/rehearsal/lib/stack-settings.js";
import { type ClusterUnderTest } from "./cluster-under-test.js";
import { type ControlPlane } from "./control-plane.js";
import { openCluster, type OpenedCluster, type OpenOptions } from "./open-cluster.js";
import { until } from "./processes.js";
import { makeVolumes, standInPalette, type StandInPalette } from "./stand-in-palette.js";

export type EngineName = Engine["name"];

export interface RigOptions extends OpenOptions {
  from: string;
  to: string;
  matrix?: string;
  engine?: EngineName;
  /** How many times faster than the vendor's the gateways live. */
  pace?: number;
  /** False: MongoDB is asked by exec into kwok's pods. */
  simulateMongo?: boolean;
  /** More of the stack's configuration, by path without `palette:`, e.g. `rollout.deadline`; null takes one away. */
  settings?: Record<string, string | null>;
}

/** The program as users run it, on a real control plane where a person has installed a stand-in Palette with Helm. */
export interface ClusterRig {
  plane: ClusterUnderTest;
  /** Its parts, where they are ours. @throws Error on a given cluster. */
  own(): ControlPlane;
  palette: StandInPalette;
  site: ClusterSite;
  engine: Engine;
  plan: Plan;
  kubernetes: KubernetesSite;
  up(onEvent?: EngineRunOptions["onEvent"], signal?: AbortSignal): Promise<EngineRun>;
  /** `revision status version description` of each revision of a release. */
  history(release?: string): Promise<string[]>;
  /** Everything the engine has stored. */
  stored(): string;
  /** Settings that the next run has. */
  projectDir: string;
  dispose(): Promise<void>;
}

const defaultPace = 150;

export async function clusterRig(options: RigOptions): Promise<ClusterRig> {
  const opened = await openCluster(options);
  const undo: (() => Promise<void> | void)[] = [() => opened.plane.stop()];
  const dispose = async (): Promise<void> => {
    for (const step of undo.reverse()) await step();
  };
  try {
    return await rigOn(opened, options, undo, dispose);
  } catch (thrown) {
    await dispose();
    throw thrown;
  }
}

async function rigOn(
  { plane, own }: OpenedCluster,
  options: RigOptions,
  undo: (() => Promise<void> | void)[],
  dispose: () => Promise<void>,
): Promise<ClusterRig> {
  const projectDir = makeProject();
  undo.push(() => rmSync(projectDir, { recursive: true, force: true }));
  const matrix = loadMatrix(options.matrix ?? "palette-kubernetes-4.7.20");
  const plan = planRoute({ from: options.from, to: options.to, matrix, facts: { pcgs: true } });
  const palette = standInPalette(plane, options.tools, join(projectDir, "r"));
  const versions = [plan.from, ...plan.hops.map(({ to }) => to)];
  palette.writeCharts(...versions);
  await makeVolumes(plane);
  await palette.install(plan.from);
  const pace = options.pace ?? defaultPace;
  const site = await startClusterSite({
    cluster: await connectCluster(plane.kubeconfig, null),
    version: plan.from,
    edition: "palette",
    directory: palette.workspace.folder,
    stateFile: null,
    pace,
    kubernetesVersion: findCommonKubernetes(versions),
    simulateMongo: options.simulateMongo ?? true,
    pcgs: [{ tenant: "acme", name: "pcg-vsphere", selfHosted: false }],
  });
  undo.push(() => site.stop());
  const question = { plan, target: options.to, workspace: palette.workspace, projectDir, pace };
  const config = Object.entries(options.settings ?? {}).reduce(
    (changed, [path, value]) => changeSetting(changed, path, value),
    createClusterConfig(question, site),
  );
  const backend = join(projectDir, "backend");
  mkdirSync(backend);
  const client = { program: options.tools.helm, environment: process.env, kubeconfig: site.kubeconfig };
  const engine =
    options.engine === "pulumi"
      ? await realEngine(projectDir, backend, config, site)
      : createClusterEngine({ ...question, config, stateFile: join(backend, "state.json") }, site, client);
  await rolledOut(plane);
  return {
    plane,
    own: () => {
      if (own === null) throw new Error("the control plane is not ours");
      return own;
    },
    palette,
    site,
    engine,
    plan,
    projectDir,
    kubernetes: connectKubernetes({ kubeconfig: plane.kubeconfig, context: null }),
    up: (onEvent = () => undefined, signal = new AbortController().signal) => {
      // Every step under way listens to it.
      setMaxListeners(0, signal);
      return engine.up({ signal, onEvent });
    },
    history: async (release = "hubble") => {
      const revisions = await connectKubernetes({ kubeconfig: plane.kubeconfig, context: null }).helmRevisions(
        "default",
      );
      return revisions
        .filter(({ name }) => name === release)
        .map(
          ({ revision, status, chartVersion, description }) => `${revision} ${status} ${chartVersion} ${description}`,
        );
    },
    stored: () => textBelow(backend),
    dispose,
  };
}

interface StatefulSetStatus {
  status: { readyReplicas?: number };
}

/** MongoDB's members start one after the other, so they are there last. */
export async function rolledOut(plane: ClusterUnderTest): Promise<void> {
  const path = "/apis/apps/v1/namespaces/hubble-system/statefulsets/mongo";
  const areReady = async (): Promise<true | null> => {
    const { status } = await plane.api.get<StatefulSetStatus>(path);
    return status.readyReplicas === 3 ? true : null;
  };
  await until("MongoDB's three members ready", areReady, { seconds: 240 });
}
