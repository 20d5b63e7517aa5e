import type { Pod, Workload } from "../../site/types.js";

type Container = Pod["containers"][number];

/** Why a pod does not run, and for how long it has not been ready. */
export interface StuckPod {
  pod: Pod;
  container: string | null;
  /** As Kubernetes names it: `CrashLoopBackOff`, `ImagePullBackOff`, …, or `Pending`. */
  reason: string;
  message: string;
  /** Seconds since it became unready or, if it never was ready, since its start; null: not scheduled on a node yet. */
  unreadySeconds: number | null;
  /** True if its container has run and may have logged why it ended. */
  hasRun: boolean;
}

/** Waiting reasons that, unlike those of a normal start-up, do not go away by themselves. */
export const hopelessReasons: ReadonlySet<string> = new Set([
  "CrashLoopBackOff",
  "ImagePullBackOff",
  "ErrImagePull",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
]);

/** Waiting reasons of a container that has run and may have logged why it ended. */
const crashReasons: ReadonlySet<string> = new Set(["CrashLoopBackOff", "RunContainerError"]);

/** Selects the pods that a workload owns, those of a Deployment through its ReplicaSets. Pods of Jobs never match. */
export function selectWorkloadPods(workload: Workload, pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) => pod.namespace === workload.namespace && isOwner(workload, pod));
}

function isOwner({ kind, name }: Workload, { ownerKind, ownerName }: Pod): boolean {
  if (kind !== "Deployment") return ownerKind === kind && ownerName === name;
  return ownerKind === "ReplicaSet" && ownerName !== null && ownerName.replace(/-[a-z0-9]+$/, "") === name;
}

/** Finds the pods that are not ready, those that will not recover by themselves first. */
export function findStuckPods(pods: readonly Pod[], now: Date): StuckPod[] {
  return pods
    .flatMap((pod) => diagnosePod(pod, now) ?? [])
    .sort(
      (a, b) =>
        Number(hopelessReasons.has(b.reason)) - Number(hopelessReasons.has(a.reason)) || comparePodNames(a.pod, b.pod),
    );
}

function diagnosePod(pod: Pod, now: Date): StuckPod | null {
  const since = pod.unreadySince ?? pod.startTime;
  const unreadySeconds = since === null ? null : (now.getTime() - Date.parse(since)) / 1000;
  const container = findBlockingContainer(pod.containers);
  if (container !== undefined)
    return { pod, container: container.name, ...describeContainerState(container), unreadySeconds };
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

/** Finds the container at fault, preferred over those that only wait for it (init containers come first). */
function findBlockingContainer(containers: readonly Container[]): Container | undefined {
  return (
    containers.find(({ waiting }) => waiting !== null && hopelessReasons.has(waiting.reason)) ??
    containers.find(({ terminated }) => terminated !== null && terminated.exitCode !== 0) ??
    containers.find(({ waiting }) => waiting !== null) ??
    containers.find(({ ready, terminated }) => !ready && terminated !== null)
  );
}

function describeContainerState({ waiting, terminated }: Container): Pick<StuckPod, "reason" | "message" | "hasRun"> {
  if (waiting !== null) return { ...waiting, hasRun: crashReasons.has(waiting.reason) };
  const { reason, exitCode } = terminated ?? { reason: "", exitCode: 0 };
  return { reason: reason || "Error", message: `exit code ${exitCode}`, hasRun: true };
}

function comparePodNames(a: Pod, b: Pod): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
