import type { Version } from "../../../../../lib/planning/version/version.js";
import { findActiveFault } from "../faults.js";
import { installedBefore, minutes, seconds, type StartedHop, type SiteModel, type SiteTime } from "../model.js";
import { computeReplicaSet, mongoRollOutDuration } from "../mongo/replica-set.js";
import { listWorkloads, type WorkloadSpec } from "./workload-list.js";

/** One pod of a workload at a moment. */
export interface SimulatedPod {
  /** 0-based; the ordinal of a StatefulSet's pod. */
  index: number;
  version: Version;
  startedAt: SiteTime;
  ready: boolean;
  /** Why its container does not run; null when it does. */
  waiting: { reason: string; message: string } | null;
}

export interface SimulatedWorkload {
  spec: WorkloadSpec;
  /** Kubernetes' generation: one plus the number of hops that changed it. */
  generation: number;
  pods: SimulatedPod[];
  updated: number;
  ready: number;
  /** Version of the pods before the newest hop, and after it. */
  oldVersion: Version;
  newVersion: Version;
  /** When the roll-out stopped making progress; null while it progresses. */
  stalledSince: SiteTime | null;
}

const startSpacing = 4 * seconds;
const firstStart = 5 * seconds;
const perPod = 20 * seconds;
/** Jet becomes healthy last. */
const jet = { start: 120 * seconds, perPod: 100 * seconds };
/** The workload that the fault rollout-stuck hits. */
const stuckWorkload = "hashboard";

/** From the start of a hop until everything runs the new version. */
export const rollOutDuration = Math.max(mongoRollOutDuration, jet.start + jet.perPod);

/** Lists all workloads of the installation at a time. */
export function listSimulatedWorkloads(model: SiteModel, now: SiteTime): SimulatedWorkload[] {
  if (model.empty === true) return [];
  const hop = model.hops.at(-1);
  const specs = listWorkloads(hop?.to ?? model.startVersion);
  return specs.map((spec, position) => {
    const workload =
      spec.name === "mongo" ? computeMongoWorkload(model, spec, now) : computePlainWorkload(model, spec, position, now);
    return spec.name === stuckWorkload ? addStuckPod(model, workload) : workload;
  });
}

function computePlainWorkload(
  model: SiteModel,
  spec: WorkloadSpec,
  position: number,
  now: SiteTime,
): SimulatedWorkload {
  const hop = findHop(model, spec);
  if (hop === undefined) return createSettledWorkload(spec, model.startVersion, model.createdAt - installedBefore, 1);
  const timing = spec.name === "jet" ? jet : { start: firstStart + position * startSpacing, perPod };
  const isNew = !listWorkloads(hop.from).some((old) => old.name === spec.name && old.kind === spec.kind);
  const pods = Array.from({ length: spec.replicas }, (_unused, index): SimulatedPod => {
    const began = hop.at + timing.start + index * timing.perPod;
    const ready = now >= began + timing.perPod;
    if (now < began && !isNew)
      return { index, version: hop.from, startedAt: computePreviousStart(model, hop), ready: true, waiting: null };
    const waiting = ready ? null : { reason: "ContainerCreating", message: "" };
    return { index, version: hop.to, startedAt: Math.min(now, began), ready, waiting };
  });
  return createRollingWorkload(spec, pods, hop, 1 + model.hops.length);
}

function computeMongoWorkload(model: SiteModel, spec: WorkloadSpec, now: SiteTime): SimulatedWorkload {
  const hop = model.hops.at(-1);
  const version = hop?.to ?? model.startVersion;
  const pods = computeReplicaSet(model, now).members.map((member): SimulatedPod => ({
    index: member.ordinal,
    version: member.updated ? version : hop!.from,
    startedAt: member.startedAt,
    ready: member.ready,
    waiting: member.running ? null : { reason: "ContainerCreating", message: "" },
  }));
  if (hop === undefined)
    return {
      ...createSettledWorkload(spec, version, model.createdAt - installedBefore, 1),
      pods,
      ready: countReady(pods),
    };
  return createRollingWorkload(spec, pods, hop, 1 + model.hops.length);
}

function createRollingWorkload(
  spec: WorkloadSpec,
  pods: SimulatedPod[],
  hop: StartedHop,
  generation: number,
): SimulatedWorkload {
  return {
    spec,
    generation,
    pods,
    updated: pods.filter(({ version }) => version === hop.to).length,
    ready: countReady(pods),
    oldVersion: hop.from,
    newVersion: hop.to,
    stalledSince: null,
  };
}

function createSettledWorkload(
  spec: WorkloadSpec,
  version: Version,
  since: SiteTime,
  generation: number,
): SimulatedWorkload {
  const pods = Array.from({ length: spec.replicas }, (_unused, index): SimulatedPod => ({
    index,
    version,
    startedAt: since,
    ready: true,
    waiting: null,
  }));
  return {
    spec,
    generation,
    pods,
    updated: pods.length,
    ready: pods.length,
    oldVersion: version,
    newVersion: version,
    stalledSince: null,
  };
}

/** Adds a pod of the newest version that cannot pull its image; the older pods keep serving. */
function addStuckPod(model: SiteModel, workload: SimulatedWorkload): SimulatedWorkload {
  const fault = findActiveFault(model, "rollout-stuck");
  if (fault === undefined) return workload;
  const since = Math.max(fault.since!, (model.hops.at(-1)?.at ?? 0) + firstStart);
  const image = formatImageName(workload.spec, workload.newVersion);
  const pod: SimulatedPod = {
    index: workload.pods.length,
    version: workload.newVersion,
    startedAt: since,
    ready: false,
    waiting: { reason: "ImagePullBackOff", message: `Back-off pulling image "${image}"` },
  };
  return { ...workload, pods: [...workload.pods, pod], updated: 1, ready: workload.pods.length, stalledSince: since };
}

/** Time without progress after which Kubernetes reports it, in milliseconds. */
export const progressDeadline = 10 * minutes;

/** Returns the image name of a workload's main container. */
export function formatImageName(spec: WorkloadSpec, version: Version): string {
  return `palette-images/${spec.name}:${version}`;
}

function findHop(model: SiteModel, spec: WorkloadSpec): StartedHop | undefined {
  return spec.namespace === "cert-manager" ? undefined : model.hops.at(-1);
}

function computePreviousStart(model: SiteModel, hop: StartedHop): SiteTime {
  const position = model.hops.indexOf(hop);
  return position > 0 ? model.hops[position - 1]!.at + rollOutDuration : model.createdAt - installedBefore;
}

function countReady(pods: readonly SimulatedPod[]): number {
  return pods.filter(({ ready }) => ready).length;
}
