import { inWords } from "../duration.js";
import type { Pod, Workload } from "../../site/types.js";
import type { Version } from "../../version/version.js";
import type { Finding } from "../verdict.js";
import { hopelessReasons, podsOf, stuckPods, type StuckPod } from "./pods.js";

/** A pod may be unready this long before it counts as stuck, in seconds: image pulls and first crashes settle. */
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

/** Every workload of the version is rolled out, judged by its own status; pods only tell why one is not. */
export function judgeRollout(facts: RolloutFacts): Finding[] {
  const empty = facts.namespaces.filter((name) => !facts.workloads.some(({ namespace }) => namespace === name));
  const unready = facts.workloads.filter((workload) => shortfallOf(workload) !== null);
  return [
    ...empty.map((name) => emptyNamespace(name, facts.version)),
    ...unready.map((workload) => judge(workload, facts)),
  ];
}

/** What a workload lacks, in words; null when it is rolled out. */
export function shortfallOf(workload: Workload): string | null {
  const { generation, observedGeneration, desired, present, updated, ready, available } = workload;
  if (observedGeneration < generation) return `generation ${generation} is not yet observed (${observedGeneration})`;
  if (updated < desired) return `${updated} of ${desired} pods are of the new revision`;
  // Else an old pod that still serves would pass for a new one that never became ready.
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

function judge(workload: Workload, facts: RolloutFacts): Finding {
  const name = `${workload.namespace}/${workload.name}`;
  const stuck = stuckPods(podsOf(workload, facts.pods), facts.now);
  const pods = stuck.slice(0, 3).map((pod) => describe(pod, facts.logs));
  const seen = [`${workload.kind} ${name}: ${shortfallOf(workload)}`, ...pods].join("; ");
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
      `${seen}.${exceeded} It does not settle by itself: mend what the pod names ` +
      `("kubectl --namespace ${workload.namespace} describe ${workload.kind.toLowerCase()} ${workload.name}"), then run this again.`,
  };
}

function describe({ pod, container, reason, message, unreadySeconds }: StuckPod, logs: RolloutFacts["logs"]): string {
  const where = container === null ? `pod ${pod.name}` : `pod ${pod.name}, container ${container}`;
  const log = container === null ? undefined : logs[logKey(pod, container)];
  return (
    `${where}: ${reason}${unreadySeconds === null ? "" : `, not ready for ${inWords(unreadySeconds)}`}` +
    `${message === "" ? "" : ` (${shorten(message)})`}${log === undefined ? "" : `, last log line "${shorten(log)}"`}`
  );
}

/** Key of a container's last log line. */
export function logKey(pod: Pod, container: string): string {
  return `${pod.namespace}/${pod.name}/${container}`;
}

function shorten(text: string): string {
  const line = text.trim().replace(/\s+/g, " ").replace(/\.$/, "");
  return line.length > 240 ? `${line.slice(0, 239)}…` : line;
}

function emptyNamespace(namespace: string, version: Version): Finding {
  return {
    outcome: "wait",
    code: "NAMESPACE_EMPTY",
    member: namespace,
    message: `Namespace ${namespace} holds no workload; Palette ${version} has some there. Wait until the release has made them.`,
  };
}
