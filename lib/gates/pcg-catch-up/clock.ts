import type { Pod, Workload } from "../../site/types.js";
import { classifyChange } from "../../planning/version/version.js";
import { findPreviousVersion, type Hubble } from "../../site/installation.js";
import type { Arrival } from "../verdict/run-memory.js";
import { describeShortfall } from "../rollout/judge.js";
import { selectWorkloadPods } from "../rollout/pods.js";

interface ArrivalFacts {
  hubble: Hubble;
  workloads: readonly Workload[];
  pods: readonly Pod[];
  /** When the root domain was proved to lead to a new ingress; null if no proof was needed. */
  ingressProvedAt: string | null;
}

/**
 * Computes when agents could first see the installed version: the latest of its deployment, the start of the newest pod
 * of its workloads and the proof of its ingress. All are the cluster's times, so restarting the driver restarts
 * nothing.
 */
export function computeArrival({ hubble, workloads, pods, ingressProvedAt }: ArrivalFacts): Arrival {
  const version = hubble.deployed.chartVersion;
  const from = findPreviousVersion(hubble) ?? version;
  const change = from === version ? "none" : classifyChange(from, version);
  const notYet = workloads
    .filter((workload) => describeShortfall(workload) !== null)
    .map(({ namespace, name }) => `${namespace}/${name}`);
  if (workloads.length === 0) notYet.push("no workload was seen");
  const deployedAt = findFirstDeployedAt(hubble);
  if (notYet.length > 0) return { version, from, change, deployedAt, startedAt: null, notYet: notYet.sort() };
  const starts = workloads
    .flatMap((workload) => selectWorkloadPods(workload, pods))
    .flatMap(({ startTime }) => startTime ?? []);
  const times = [deployedAt, ingressProvedAt, ...starts].flatMap((time) => (time === null ? [] : Date.parse(time)));
  const latest = Math.max(...times.filter((time) => !Number.isNaN(time)));
  return { version, from, change, deployedAt, startedAt: new Date(latest).toISOString(), notYet: [] };
}

/** Finds when the current run of revisions at the installed version began; a later change of values is no new hop. */
function findFirstDeployedAt({ revisions, deployed }: Hubble): string {
  const others = revisions.filter(
    ({ revision, status, chartVersion }) =>
      revision < deployed.revision && status === "superseded" && chartVersion !== deployed.chartVersion,
  );
  const after = others.at(-1)?.revision ?? 0;
  const first = revisions.find(
    ({ revision, status, chartVersion }) =>
      revision > after && status === "superseded" && chartVersion === deployed.chartVersion,
  );
  return (first ?? deployed).lastDeployed;
}
