import type {
  V1ContainerStatus,
  V1DaemonSet,
  V1Deployment,
  V1Pod,
  V1PodTemplateSpec,
  V1Service,
  V1StatefulSet,
} from "@kubernetes/client-node";
import type { ExposedService, Pod, Workload } from "../types.js";

type Condition = { type: string; status: string; reason?: string; message?: string };
type Meta = V1Deployment["metadata"];

/** Converts a Deployment to the fields that the gates read. */
export function toDeploymentWorkload(deployment: V1Deployment): Workload {
  return toReplicatedWorkload("Deployment", deployment);
}

/** Converts a StatefulSet, with its revisions. */
export function toStatefulSetWorkload(statefulSet: V1StatefulSet): Workload {
  return {
    ...toReplicatedWorkload("StatefulSet", statefulSet),
    currentRevision: statefulSet.status?.currentRevision ?? null,
    updateRevision: statefulSet.status?.updateRevision ?? null,
  };
}

/** Converts a DaemonSet; `desired` is the number of nodes it should run on. */
export function toDaemonSetWorkload(daemonSet: V1DaemonSet): Workload {
  const { spec, status } = daemonSet;
  return {
    ...toCommonFields("DaemonSet", daemonSet.metadata, spec?.template, status?.observedGeneration, status?.conditions),
    desired: status?.desiredNumberScheduled ?? 0,
    present: status?.currentNumberScheduled ?? 0,
    updated: status?.updatedNumberScheduled ?? 0,
    ready: status?.numberReady ?? 0,
    available: status?.numberAvailable ?? 0,
  };
}

function toReplicatedWorkload(kind: Workload["kind"], workload: V1Deployment | V1StatefulSet): Workload {
  const { metadata, spec, status } = workload;
  return {
    ...toCommonFields(kind, metadata, spec?.template, status?.observedGeneration, status?.conditions),
    desired: spec?.replicas ?? 1,
    present: status?.replicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
  };
}

function toCommonFields(
  kind: Workload["kind"],
  metadata: Meta,
  template: V1PodTemplateSpec | undefined,
  observedGeneration: number | undefined,
  conditions: Condition[] | undefined,
) {
  return {
    kind,
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    generation: metadata?.generation ?? 0,
    observedGeneration: observedGeneration ?? 0,
    currentRevision: null,
    updateRevision: null,
    conditions: (conditions ?? []).filter(shouldReportCondition).map(({ type, status, reason, message }) => ({
      type,
      status,
      reason: reason ?? "",
      message: message ?? "",
    })),
    images: (template?.spec?.containers ?? []).map((container) => container.image ?? ""),
    labels: metadata?.labels ?? {},
  };
}

function shouldReportCondition(condition: Condition): boolean {
  return condition.status === "False" || (condition.type === "ReplicaFailure" && condition.status === "True");
}

/** Converts a pod with its init containers (first) and containers. */
export function toPod(pod: V1Pod): Pod {
  const owner =
    pod.metadata?.ownerReferences?.find(({ controller }) => controller) ?? pod.metadata?.ownerReferences?.[0];
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const claims = (pod.spec?.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []);
  return {
    namespace: pod.metadata?.namespace ?? "",
    name: pod.metadata?.name ?? "",
    phase: pod.status?.phase ?? "Unknown",
    labels: pod.metadata?.labels ?? {},
    ownerKind: owner?.kind ?? null,
    ownerName: owner?.name ?? null,
    nodeName: pod.spec?.nodeName ?? null,
    startTime: pod.status?.startTime?.toISOString() ?? null,
    unreadySince: getUnreadySince(pod),
    unscheduled: findUnscheduledReason(pod),
    containers: statuses.map(toContainer),
    persistentVolumeClaims: claims,
  };
}

function getUnreadySince({ status }: V1Pod): string | null {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return ready === undefined || ready.status === "True" ? null : (ready.lastTransitionTime?.toISOString() ?? null);
}

function findUnscheduledReason({ status }: V1Pod): Pod["unscheduled"] {
  const found = status?.conditions?.find(
    (condition) => condition.type === "PodScheduled" && condition.status === "False",
  );
  return found === undefined ? null : { reason: found.reason ?? "", message: found.message ?? "" };
}

function toContainer(status: V1ContainerStatus): Pod["containers"][number] {
  const { waiting, terminated } = status.state ?? {};
  return {
    name: status.name,
    image: status.image,
    ready: status.ready,
    restarts: status.restartCount,
    waiting: waiting === undefined ? null : { reason: waiting.reason ?? "", message: waiting.message ?? "" },
    terminated: terminated === undefined ? null : { reason: terminated.reason ?? "", exitCode: terminated.exitCode },
  };
}

/** Converts a Service to how it is reached from outside the cluster. */
export function toExposedService({ metadata, spec, status }: V1Service): ExposedService {
  return {
    type: spec?.type ?? "ClusterIP",
    addresses: (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []),
    annotations: metadata?.annotations ?? {},
    loadBalancerIP: spec?.loadBalancerIP ?? null,
    loadBalancerClass: spec?.loadBalancerClass ?? null,
    externalIPs: spec?.externalIPs ?? [],
    sourceRanges: spec?.loadBalancerSourceRanges ?? [],
  };
}
