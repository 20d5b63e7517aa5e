import type { KubernetesSite, Pod } from "../../site/types.js";
import { getReadinessRequirements } from "../../planning/rules/rules.js";
import type { Version } from "../../planning/version/version.js";
import { formatLogKey, describeShortfall, type RolloutFacts } from "./judge.js";
import { selectWorkloadPods, findStuckPods } from "./pods.js";

const logLines = 5;

/** Reads the facts about a version's roll-out; pods and logs only if some workload is not ready. Throws SiteError. */
export async function probeRollout(kubernetes: KubernetesSite, version: Version, now: Date): Promise<RolloutFacts> {
  const { namespaces, kinds } = getReadinessRequirements(version);
  const workloads = (await kubernetes.workloads(namespaces)).filter(({ kind }) => kinds.includes(kind));
  const unready = workloads.filter((workload) => describeShortfall(workload) !== null);
  const unreadyNamespaces = [...new Set(unready.map(({ namespace }) => namespace))].sort();
  const pods = (await Promise.all(unreadyNamespaces.map((namespace) => kubernetes.pods(namespace)))).flat();
  const crashed = findStuckPods(
    unready.flatMap((workload) => selectWorkloadPods(workload, pods)),
    now,
  ).filter(({ hasRun }) => hasRun);
  const logs: Record<string, string> = {};
  for (const { pod, container } of crashed.slice(0, 5)) {
    if (container === null) continue;
    const line = await readLastLogLine(kubernetes, pod, container);
    if (line !== null) logs[formatLogKey(pod, container)] = line;
  }
  return { version, namespaces, workloads, pods, logs, now };
}

/** Reads the last non-empty log line; null if the log cannot be read, which does not affect the verdict. */
async function readLastLogLine(kubernetes: KubernetesSite, pod: Pod, container: string): Promise<string | null> {
  try {
    const text = await kubernetes.podLog(pod.namespace, pod.name, container, logLines);
    return text.split(/\r?\n/).findLast((line) => line.trim() !== "") ?? null;
  } catch {
    return null;
  }
}
