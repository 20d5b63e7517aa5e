import type { KubernetesSite, Pod } from "../../site/types.js";
import { readyAt } from "../../plan/rules.js";
import type { Version } from "../../version/version.js";
import { logKey, shortfallOf, type RolloutFacts } from "./judge.js";
import { podsOf, stuckPods } from "./pods.js";

const logLines = 5;

/** Reads what a version's roll-out is judged by; pods and logs only where some workload is not ready. Throws SiteError. */
export async function probeRollout(kubernetes: KubernetesSite, version: Version, now: Date): Promise<RolloutFacts> {
  const { namespaces, kinds } = readyAt(version);
  const workloads = (await kubernetes.workloads(namespaces)).filter(({ kind }) => kinds.includes(kind));
  const unready = workloads.filter((workload) => shortfallOf(workload) !== null);
  const troubled = [...new Set(unready.map(({ namespace }) => namespace))].sort();
  const pods = (await Promise.all(troubled.map((namespace) => kubernetes.pods(namespace)))).flat();
  const crashed = stuckPods(
    unready.flatMap((workload) => podsOf(workload, pods)),
    now,
  ).filter(({ hasRun }) => hasRun);
  const logs: Record<string, string> = {};
  for (const { pod, container } of crashed.slice(0, 5)) {
    if (container === null) continue;
    const line = await lastLine(kubernetes, pod, container);
    if (line !== null) logs[logKey(pod, container)] = line;
  }
  return { version, namespaces, workloads, pods, logs, now };
}

/** A log that cannot be read takes nothing from the verdict. */
async function lastLine(kubernetes: KubernetesSite, pod: Pod, container: string): Promise<string | null> {
  try {
    const text = await kubernetes.podLog(pod.namespace, pod.name, container, logLines);
    return text.split(/\r?\n/).findLast((line) => line.trim() !== "") ?? null;
  } catch {
    return null;
  }
}
