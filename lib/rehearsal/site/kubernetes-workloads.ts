import { createHash } from "node:crypto";
import type { Version } from "../../version/version.js";
import { isoSeconds, paletteChart, seconds, type SiteModel, type SiteTime } from "./model.js";
import { imageOf, progressDeadline, workloadsAt, type SimulatedPod, type SimulatedWorkload } from "./roll-out.js";
import { completedJobsOf, type WorkloadSpec } from "./workload-list.js";

/** An object as the Kubernetes API serves it. */
export interface KubernetesObject {
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; [key: string]: unknown };
  [key: string]: unknown;
}

/** Kubernetes' controllers see a change after this long. */
const observedAfter = 2 * seconds;

/** All workloads of one kind, as objects of `apps/v1`. */
export function workloadObjects(model: SiteModel, kind: WorkloadSpec["kind"], now: SiteTime): KubernetesObject[] {
  return workloadsAt(model, now)
    .filter(({ spec }) => spec.kind === kind)
    .map((workload) => workloadObject(model, workload, now));
}

/** All pods, rightly completed ones included. */
export function podObjects(model: SiteModel, now: SiteTime): KubernetesObject[] {
  const running = workloadsAt(model, now).flatMap((workload) => workload.pods.map((pod) => podObject(workload, pod)));
  const version = model.hops.at(-1)?.to ?? model.startVersion;
  const jobs = completedJobsOf(version).map(({ namespace, job }) => completedPod(namespace, job, model.createdAt));
  return [...running, ...jobs];
}

/** Name of a pod of a workload. */
export function podName({ spec }: SimulatedWorkload, pod: SimulatedPod): string {
  if (spec.kind === "StatefulSet") return `${spec.name}-${pod.index}`;
  const suffix = shortHash(`${spec.name}/${pod.version}/${pod.index}`, 5);
  return spec.kind === "DaemonSet"
    ? `${spec.name}-${suffix}`
    : `${spec.name}-${templateHash(spec, pod.version)}-${suffix}`;
}

function workloadObject(model: SiteModel, workload: SimulatedWorkload, now: SiteTime): KubernetesObject {
  const { spec, generation, newVersion } = workload;
  const hopAt = model.hops.at(-1)?.at;
  const seen = hopAt === undefined || now >= hopAt + observedAfter ? generation : generation - 1;
  const container = { name: spec.container, image: imageOf(spec, newVersion) };
  const sidecar =
    spec.name === "mongo" ? [{ name: "mongo-metrics", image: `palette-images/mongo-metrics:${newVersion}` }] : [];
  return {
    apiVersion: "apps/v1",
    kind: spec.kind,
    metadata: {
      name: spec.name,
      namespace: spec.namespace,
      uid: uid(`${spec.kind}/${spec.namespace}/${spec.name}`),
      generation,
      labels: { ...spec.labels, ...chartLabels(spec, newVersion) },
    },
    spec: {
      ...(spec.kind === "DaemonSet" ? {} : { replicas: spec.replicas }),
      ...(spec.kind === "StatefulSet" ? { serviceName: spec.name } : {}),
      selector: { matchLabels: { component: spec.name } },
      template: { metadata: { labels: spec.labels }, spec: { containers: [container, ...sidecar] } },
    },
    status: workloadStatus(workload, seen, now),
  };
}

function workloadStatus(
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
    return { ...counts, unavailableReplicas: pods.length - ready, conditions: conditions(workload, now) };
  }
  const complete = updated === spec.replicas && ready === spec.replicas;
  const updateRevision = `${spec.name}-${templateHash(spec, newVersion)}`;
  return {
    ...counts,
    currentReplicas: complete ? spec.replicas : spec.replicas - updated,
    currentRevision: complete ? updateRevision : `${spec.name}-${templateHash(spec, oldVersion)}`,
    updateRevision,
    collisionCount: 0,
  };
}

function conditions(workload: SimulatedWorkload, now: SiteTime): Record<string, string>[] {
  const { spec, ready, newVersion, stalledSince } = workload;
  const replicaSet = `${spec.name}-${templateHash(spec, newVersion)}`;
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

function podObject(workload: SimulatedWorkload, pod: SimulatedPod): KubernetesObject {
  const { spec } = workload;
  const name = podName(workload, pod);
  const main = { name: spec.container, image: imageOf(spec, pod.version) };
  const containers =
    spec.name === "mongo"
      ? [main, { name: "mongo-metrics", image: `palette-images/mongo-metrics:${pod.version}` }]
      : [main];
  const state = pod.waiting === null ? { running: { startedAt: isoSeconds(pod.startedAt) } } : { waiting: pod.waiting };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: spec.namespace,
      uid: uid(`pod/${spec.namespace}/${name}/${pod.startedAt}`),
      creationTimestamp: isoSeconds(pod.startedAt),
      labels: { ...spec.labels, ...chartLabels(spec, pod.version) },
      ownerReferences: [owner(spec, pod.version)],
    },
    spec: {
      nodeName: `node-${(pod.index % 3) + 1}`,
      containers,
      ...(spec.name === "mongo"
        ? { volumes: [{ name: "data", persistentVolumeClaim: { claimName: mongoClaim(pod.index) } }] }
        : {}),
    },
    status: {
      phase: pod.waiting === null ? "Running" : "Pending",
      startTime: isoSeconds(pod.startedAt),
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

function owner(spec: WorkloadSpec, version: Version): Record<string, unknown> {
  const kind = spec.kind === "Deployment" ? "ReplicaSet" : spec.kind;
  const name = spec.kind === "Deployment" ? `${spec.name}-${templateHash(spec, version)}` : spec.name;
  return { apiVersion: "apps/v1", kind, name, uid: uid(`${kind}/${spec.namespace}/${name}`), controller: true };
}

function completedPod(namespace: string, job: string, now: SiteTime): KubernetesObject {
  const name = `${job}-${shortHash(job, 5)}`;
  const terminated = { reason: "Completed", exitCode: 0, startedAt: isoSeconds(now), finishedAt: isoSeconds(now) };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      uid: uid(`pod/${namespace}/${name}`),
      creationTimestamp: isoSeconds(now),
      labels: { "job-name": job },
      ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: job, uid: uid(`job/${job}`), controller: true }],
    },
    spec: { nodeName: "node-1", containers: [{ name: "job", image: "palette-images/job:1" }] },
    status: {
      phase: "Succeeded",
      startTime: isoSeconds(now),
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
export function mongoClaim(ordinal: number): string {
  return `mongo-data-mongo-${ordinal}`;
}

function chartLabels(spec: WorkloadSpec, version: Version): Record<string, string> {
  if (spec.namespace === "cert-manager") return {};
  return { "app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": `${paletteChart}-${version}` };
}

function templateHash(spec: WorkloadSpec, version: Version): string {
  return shortHash(`${spec.namespace}/${spec.name}/${version}`, 10);
}

function shortHash(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

/** A stable UID for a name. */
export function uid(text: string): string {
  const hex = shortHash(text, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
