import type { Pod, Workload } from "../../site/types.js";

type Container = Pod["containers"][number];

/** Why a pod does not run, and for how long it has not been ready. */
export interface StuckPod {
  pod: Pod;
  container: string | null;
  /** As Kubernetes names it: `CrashLoopBackOff`, `ImagePullBackOff`, …, or `Pending`. */
  reason: string;
  message: string;
  /** Of a pod that has never been ready, since its start; null: no node has taken it yet. */
  unreadySeconds: number | null;
  /** Its container has run and may have said why it ended. */
  hasRun: boolean;
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
const crashReasons: ReadonlySet<string> = new Set(["CrashLoopBackOff", "RunContainerError"]);

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
  const since = pod.unreadySince ?? pod.startTime;
  const unreadySeconds = since === null ? null : (now.getTime() - Date.parse(since)) / 1000;
  const container = holdingUp(pod.containers);
  if (container !== undefined) return { pod, container: container.name, ...stateOf(container), unreadySeconds };
  if (pod.phase === "Pending") {
    const { reason, message } = pod.unscheduled ?? { reason: "", message: "" };
    return { pod, container: null, reason: reason || "Pending", message, unreadySeconds, hasRun: false };
  }
  const unready = pod.containers.find(({ ready }) => !ready);
  const message = "its readiness check does not pass";
  return unready === undefined
    ? null
    : { pod, container: unready.name, reason: "NotReady", message, unreadySeconds, hasRun: false };
}

/** The container that is at fault, before those that only wait for it (init containers come first). */
function holdingUp(containers: readonly Container[]): Container | undefined {
  return (
    containers.find(({ waiting }) => waiting !== null && hopelessReasons.has(waiting.reason)) ??
    containers.find(({ terminated }) => terminated !== null && terminated.exitCode !== 0) ??
    containers.find(({ waiting }) => waiting !== null) ??
    containers.find(({ ready, terminated }) => !ready && terminated !== null)
  );
}

function stateOf({ waiting, terminated }: Container): Pick<StuckPod, "reason" | "message" | "hasRun"> {
  if (waiting !== null) return { ...waiting, hasRun: crashReasons.has(waiting.reason) };
  const { reason, exitCode } = terminated ?? { reason: "", exitCode: 0 };
  return { reason: reason || "Error", message: `exit code ${exitCode}`, hasRun: true };
}

function byName(a: Pod, b: Pod): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
