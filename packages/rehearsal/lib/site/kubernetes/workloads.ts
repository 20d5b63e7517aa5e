import { createHash } from "node:crypto";
import type { Version } from "../../../../../lib/planning/version/version.js";
import { formatIsoSeconds, paletteChart, seconds, type SiteModel, type SiteTime } from "../model.js";
import {
  formatImageName,
  progressDeadline,
  listSimulatedWorkloads,
  type SimulatedPod,
  type SimulatedWorkload,
} from "./roll-out.js";
import { listCompletedJobs, type WorkloadSpec } from "./workload-list.js";

/** An object as the Kubernetes API serves it. */
export interface KubernetesObject {
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; [key: string]: unknown };
  [key: string]: unknown;
}

/** Delay after which Kubernetes' controllers observe a change. */
const observedAfter = 2 * seconds;

/** Lists all workloads of one kind, as objects of `apps/v1`. */
export function listWorkloadObjects(model: SiteModel, kind: WorkloadSpec["kind"], now: SiteTime): KubernetesObject[] {
  return listSimulatedWorkloads(model, now)
    .filter(({ spec }) => spec.kind === kind)
    .map((workload) => createWorkloadObject(model, workload, now));
}

/** Lists all pods, including those of completed jobs. */
export function listPodObjects(model: SiteModel, now: SiteTime): KubernetesObject[] {
  const running = listSimulatedWorkloads(model, now).flatMap((workload) =>
    workload.pods.map((pod) => createPodObject(workload, pod)),
  );
  const version = model.hops.at(-1)?.to ?? model.startVersion;
  const jobs = listCompletedJobs(version).map(({ namespace, job }) =>
    createCompletedPod(namespace, job, model.createdAt),
  );
  return [...running, ...jobs];
}

/** Name of a pod of a workload. */
function formatPodName({ spec }: SimulatedWorkload, pod: SimulatedPod): string {
  if (spec.kind === "StatefulSet") return `${spec.name}-${pod.index}`;
  const suffix = computeShortHash(`${spec.name}/${pod.version}/${pod.index}`, 5);
  return spec.kind === "DaemonSet"
    ? `${spec.name}-${suffix}`
    : `${spec.name}-${computeTemplateHash(spec, pod.version)}-${suffix}`;
}

function createWorkloadObject(model: SiteModel, workload: SimulatedWorkload, now: SiteTime): KubernetesObject {
  const { spec, generation, newVersion } = workload;
  const hopAt = model.hops.at(-1)?.at;
  const seen = hopAt === undefined || now >= hopAt + observedAfter ? generation : generation - 1;
  const container = { name: spec.container, image: formatImageName(spec, newVersion) };
  const sidecar =
    spec.name === "mongo" ? [{ name: "mongo-metrics", image: `palette-images/mongo-metrics:${newVersion}` }] : [];
  return {
    apiVersion: "apps/v1",
    kind: spec.kind,
    metadata: {
      name: spec.name,
      namespace: spec.namespace,
      uid: computeUid(`${spec.kind}/${spec.namespace}/${spec.name}`),
      generation,
      labels: { ...spec.labels, ...createChartLabels(spec, newVersion) },
    },
    spec: {
      ...(spec.kind === "DaemonSet" ? {} : { replicas: spec.replicas }),
      ...(spec.kind === "StatefulSet" ? { serviceName: spec.name } : {}),
      selector: { matchLabels: { component: spec.name } },
      template: { metadata: { labels: spec.labels }, spec: { containers: [container, ...sidecar] } },
    },
    status: createWorkloadStatus(workload, seen, now),
  };
}

function createWorkloadStatus(
  workload: SimulatedWorkload,
  observedGeneration: number,
  now: SiteTime,
): Record<string, unknown> {
  const { spec, updated, ready, pods, oldVersion, newVersion } = workload;
  if (spec.kind === "DaemonSet") {
    return {
      observedGeneration,
      desiredNumberScheduled: spec.replicas,
      currentNumberScheduled: spec.replicas,
      updatedNumberScheduled: updated,
      numberReady: ready,
      numberAvailable: ready,
      numberUnavailable: spec.replicas - ready,
      numberMisscheduled: 0,
    };
  }
  const counts = {
    observedGeneration,
    replicas: pods.length,
    updatedReplicas: updated,
    readyReplicas: ready,
    availableReplicas: ready,
  };
  if (spec.kind === "Deployment") {
    return { ...counts, unavailableReplicas: pods.length - ready, conditions: createConditions(workload, now) };
  }
  const complete = updated === spec.replicas && ready === spec.replicas;
  const updateRevision = `${spec.name}-${computeTemplateHash(spec, newVersion)}`;
  return {
    ...counts,
    currentReplicas: complete ? spec.replicas : spec.replicas - updated,
    currentRevision: complete ? updateRevision : `${spec.name}-${computeTemplateHash(spec, oldVersion)}`,
    updateRevision,
    collisionCount: 0,
  };
}

function createConditions(workload: SimulatedWorkload, now: SiteTime): Record<string, string>[] {
  const { spec, ready, newVersion, stalledSince } = workload;
  const replicaSet = `${spec.name}-${computeTemplateHash(spec, newVersion)}`;
  const late = stalledSince !== null && now >= stalledSince + progressDeadline;
  const available = ready >= spec.replicas;
  return [
    {
      type: "Available",
      status: available ? "True" : "False",
      reason: available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
      message: available ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
    },
    late
      ? {
          type: "Progressing",
          status: "False",
          reason: "ProgressDeadlineExceeded",
          message: `ReplicaSet "${replicaSet}" has timed out progressing.`,
        }
      : {
          type: "Progressing",
          status: "True",
          reason: "NewReplicaSetAvailable",
          message: `ReplicaSet "${replicaSet}".`,
        },
  ];
}

function createPodObject(workload: SimulatedWorkload, pod: SimulatedPod): KubernetesObject {
  const { spec } = workload;
  const name = formatPodName(workload, pod);
  const main = { name: spec.container, image: formatImageName(spec, pod.version) };
  const containers =
    spec.name === "mongo"
      ? [main, { name: "mongo-metrics", image: `palette-images/mongo-metrics:${pod.version}` }]
      : [main];
  const state =
    pod.waiting === null ? { running: { startedAt: formatIsoSeconds(pod.startedAt) } } : { waiting: pod.waiting };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: spec.namespace,
      uid: computeUid(`pod/${spec.namespace}/${name}/${pod.startedAt}`),
      creationTimestamp: formatIsoSeconds(pod.startedAt),
      labels: { ...spec.labels, ...createChartLabels(spec, pod.version) },
      ownerReferences: [createOwnerReference(spec, pod.version)],
    },
    spec: {
      nodeName: `node-${(pod.index % 3) + 1}`,
      containers,
      ...(spec.name === "mongo"
        ? { volumes: [{ name: "data", persistentVolumeClaim: { claimName: formatMongoClaimName(pod.index) } }] }
        : {}),
    },
    status: {
      phase: pod.waiting === null ? "Running" : "Pending",
      startTime: formatIsoSeconds(pod.startedAt),
      conditions: [{ type: "Ready", status: pod.ready ? "True" : "False" }],
      containerStatuses: containers.map((container) => ({
        ...container,
        imageID: "",
        ready: pod.ready,
        restartCount: 0,
        state,
      })),
    },
  };
}

function createOwnerReference(spec: WorkloadSpec, version: Version): Record<string, unknown> {
  const kind = spec.kind === "Deployment" ? "ReplicaSet" : spec.kind;
  const name = spec.kind === "Deployment" ? `${spec.name}-${computeTemplateHash(spec, version)}` : spec.name;
  return { apiVersion: "apps/v1", kind, name, uid: computeUid(`${kind}/${spec.namespace}/${name}`), controller: true };
}

function createCompletedPod(namespace: string, job: string, now: SiteTime): KubernetesObject {
  const name = `${job}-${computeShortHash(job, 5)}`;
  const terminated = {
    reason: "Completed",
    exitCode: 0,
    startedAt: formatIsoSeconds(now),
    finishedAt: formatIsoSeconds(now),
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      uid: computeUid(`pod/${namespace}/${name}`),
      creationTimestamp: formatIsoSeconds(now),
      labels: { "job-name": job },
      ownerReferences: [
        { apiVersion: "batch/v1", kind: "Job", name: job, uid: computeUid(`job/${job}`), controller: true },
      ],
    },
    spec: { nodeName: "node-1", containers: [{ name: "job", image: "palette-images/job:1" }] },
    status: {
      phase: "Succeeded",
      startTime: formatIsoSeconds(now),
      containerStatuses: [
        {
          name: "job",
          image: "palette-images/job:1",
          imageID: "",
          ready: false,
          restartCount: 0,
          state: { terminated },
        },
      ],
    },
  };
}

/** Name of the volume claim of a MongoDB member. */
export function formatMongoClaimName(ordinal: number): string {
  return `mongo-data-mongo-${ordinal}`;
}

function createChartLabels(spec: WorkloadSpec, version: Version): Record<string, string> {
  if (spec.namespace === "cert-manager") return {};
  return { "app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": `${paletteChart}-${version}` };
}

function computeTemplateHash(spec: WorkloadSpec, version: Version): string {
  return computeShortHash(`${spec.namespace}/${spec.name}/${version}`, 10);
}

function computeShortHash(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

/** A stable UID for a name. */
export function computeUid(text: string): string {
  const hex = computeShortHash(text, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
