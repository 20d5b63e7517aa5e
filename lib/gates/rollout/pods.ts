import type { Pod, Workload } from "../../site/types.js";

/** Why a pod does not run, and for how long it has been there. */
export interface StuckPod {
  pod: Pod;
  container: string | null;
  /** As Kubernetes names it: `CrashLoopBackOff`, `ImagePullBackOff`, …, or `Pending`. */
  reason: string;
  message: string;
  ageSeconds: number;
}

/** Waiting reasons that do not go away by themselves as a start-up does. */
export const hopelessReasons: ReadonlySet<string> = new Set([
  "CrashLoopBackOff",
  "ImagePullBackOff",
  "ErrImagePull",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
]);

/** Waiting reasons behind which a container has run and may have said why. */
export const crashReasons: ReadonlySet<string> = new Set(["CrashLoopBackOff", "RunContainerError", "Error"]);

/** Pods of a workload: by owner, a Deployment's by way of its ReplicaSets. Pods of Jobs never belong to one. */
export function podsOf(workload: Workload, pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) => pod.namespace === workload.namespace && owns(workload, pod));
}

function owns({ kind, name }: Workload, { ownerKind, ownerName }: Pod): boolean {
  if (kind !== "Deployment") return ownerKind === kind && ownerName === name;
  return ownerKind === "ReplicaSet" && ownerName !== null && ownerName.replace(/-[a-z0-9]+$/, "") === name;
}

/** The pods that keep a workload from being ready, the hopeless ones first. */
export function stuckPods(pods: readonly Pod[], now: Date): StuckPod[] {
  return pods
    .flatMap((pod) => stuckPod(pod, now) ?? [])
    .sort(
      (a, b) => Number(hopelessReasons.has(b.reason)) - Number(hopelessReasons.has(a.reason)) || byName(a.pod, b.pod),
    );
}

function stuckPod(pod: Pod, now: Date): StuckPod | null {
  const ageSeconds = pod.startTime === null ? 0 : (now.getTime() - Date.parse(pod.startTime)) / 1000;
  const waiting = pod.containers.find((container) => container.waiting !== null);
  if (waiting?.waiting) return { pod, container: waiting.name, ...waiting.waiting, ageSeconds };
  const ended = pod.containers.find(({ terminated }) => terminated !== null && terminated.exitCode !== 0);
  if (ended?.terminated) {
    const message = `exit code ${ended.terminated.exitCode}`;
    return { pod, container: ended.name, reason: ended.terminated.reason || "Error", message, ageSeconds };
  }
  if (pod.phase === "Pending") return { pod, container: null, reason: "Pending", message: "", ageSeconds };
  const unready = pod.containers.find(({ ready }) => !ready);
  return unready === undefined
    ? null
    : { pod, container: unready.name, reason: "NotReady", message: "its readiness check does not pass", ageSeconds };
}

function byName(a: Pod, b: Pod): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
