import { formatDuration } from "../../base/time/duration.js";
import type { Pod, Workload } from "../../site/types.js";
import type { Version } from "../../planning/version/version.js";
import type { Finding } from "../verdict/findings.js";
import { hopelessReasons, selectWorkloadPods, findStuckPods, type StuckPod } from "./pods.js";

/** Seconds a pod may be unready before it counts as stuck: image pulls and first crashes often resolve themselves. */
export const stuckGraceSeconds = 300;

export interface RolloutFacts {
  version: Version;
  /** Namespaces that this version must have ready. */
  namespaces: readonly string[];
  workloads: readonly Workload[];
  pods: readonly Pod[];
  /** Last log line by `namespace/pod/container`, of pods that crash. */
  logs: Readonly<Record<string, string>>;
  now: Date;
}

/** Judges whether every workload of the version is rolled out, by its own status; pods only explain why one is not. */
export function judgeRollout(facts: RolloutFacts): Finding[] {
  const empty = facts.namespaces.filter((name) => !facts.workloads.some(({ namespace }) => namespace === name));
  const unready = facts.workloads.filter((workload) => describeShortfall(workload) !== null);
  return [
    ...empty.map((name) => createEmptyNamespaceFinding(name, facts.version)),
    ...unready.map((workload) => judgeWorkload(workload, facts)),
  ];
}

/** Describes what a workload lacks; null when it is rolled out. */
export function describeShortfall(workload: Workload): string | null {
  const { generation, observedGeneration, desired, present, updated, ready, available } = workload;
  if (observedGeneration < generation) return `generation ${generation} is not yet observed (${observedGeneration})`;
  if (updated < desired) return `${updated} of ${desired} pods are of the new revision`;
  // Otherwise an old pod that still serves would be taken for a new one that never became ready.
  if (workload.kind === "Deployment" && present > updated) {
    return `${present - updated} of ${present} pods are still of the old revision`;
  }
  if (workload.kind === "StatefulSet" && workload.currentRevision !== workload.updateRevision) {
    return `revision ${workload.updateRevision ?? "?"} has not replaced ${workload.currentRevision ?? "?"}`;
  }
  if (ready < desired) return `${ready} of ${desired} pods are ready`;
  if (available < desired) return `${available} of ${desired} pods are available`;
  return null;
}

function judgeWorkload(workload: Workload, facts: RolloutFacts): Finding {
  const name = `${workload.namespace}/${workload.name}`;
  const stuck = findStuckPods(selectWorkloadPods(workload, facts.pods), facts.now);
  const pods = stuck.slice(0, 3).map((pod) => describeStuckPod(pod, facts.logs));
  const seen = [`${workload.kind} ${name}: ${describeShortfall(workload)}`, ...pods].join("; ");
  const late = workload.conditions.find(({ reason }) => reason === "ProgressDeadlineExceeded");
  const hopeless = stuck.some(
    ({ reason, unreadySeconds }) => hopelessReasons.has(reason) && (unreadySeconds ?? 0) > stuckGraceSeconds,
  );
  if (late === undefined && !hopeless) {
    return {
      outcome: "wait",
      code: "ROLLOUT_PENDING",
      member: name,
      message: `${seen}. Expected at ${facts.version}: all ready.`,
    };
  }
  const exceeded = late === undefined ? "" : " Kubernetes reports ProgressDeadlineExceeded.";
  return {
    outcome: "fail",
    code: "ROLLOUT_STUCK",
    member: name,
    message:
      `${seen}.${exceeded} It does not settle by itself: fix what the pod names ` +
      `("kubectl --namespace ${workload.namespace} describe ${workload.kind.toLowerCase()} ${workload.name}"), then run this again.`,
  };
}

function describeStuckPod(
  { pod, container, reason, message, unreadySeconds }: StuckPod,
  logs: RolloutFacts["logs"],
): string {
  const where = container === null ? `pod ${pod.name}` : `pod ${pod.name}, container ${container}`;
  const log = container === null ? undefined : logs[formatLogKey(pod, container)];
  return (
    `${where}: ${reason}${unreadySeconds === null ? "" : `, not ready for ${formatDuration(unreadySeconds)}`}` +
    `${message === "" ? "" : ` (${shorten(message)})`}${log === undefined ? "" : `, last log line "${shorten(log)}"`}`
  );
}

/** Returns the key of a container's last log line. */
export function formatLogKey(pod: Pod, container: string): string {
  return `${pod.namespace}/${pod.name}/${container}`;
}

function shorten(text: string): string {
  const line = text.trim().replace(/\s+/g, " ").replace(/\.$/, "");
  return line.length > 240 ? `${line.slice(0, 239)}…` : line;
}

function createEmptyNamespaceFinding(namespace: string, version: Version): Finding {
  return {
    outcome: "wait",
    code: "NAMESPACE_EMPTY",
    member: namespace,
    message: `Namespace ${namespace} holds no workload; Palette ${version} has some there. Wait until the release has made them.`,
  };
}
