import type { Pod, Workload } from "../../site/types.js";
import { changeOf, type Change, type Version } from "../../version/version.js";
import { previousVersion, type Hubble } from "../hubble.js";
import { shortfallOf } from "../rollout/judge.js";
import { podsOf } from "../rollout/pods.js";

/** The hop whose agents are to catch up, and when their time began. */
export interface Arrival {
  version: Version;
  /** The version before; equal to `version` where Helm's history holds none. */
  from: Version;
  change: Change | "none";
  /** ISO 8601: when the release that brought it was deployed; what happened to gateways before belongs to another version. */
  deployedAt: string;
  /** ISO 8601; null while the version is not rolled out: the clock has not started. */
  startedAt: string | null;
  /** What keeps the clock from starting; empty otherwise. */
  notYet: string[];
}

export interface ArrivalFacts {
  hubble: Hubble;
  workloads: readonly Workload[];
  pods: readonly Pod[];
  /** When the root domain was proved to lead to a new ingress; null where nobody had to prove it. */
  ingressProvedAt: string | null;
}

/**
 * When agents could first see the installed version: the latest of its deployment, the start of the newest pod of its
 * workloads and the proof of its ingress. All are times of the cluster's, so a driver that starts again restarts nothing.
 */
export function arrivalOf({ hubble, workloads, pods, ingressProvedAt }: ArrivalFacts): Arrival {
  const version = hubble.deployed.chartVersion;
  const from = previousVersion(hubble) ?? version;
  const change = from === version ? "none" : changeOf(from, version);
  const notYet = workloads
    .filter((workload) => shortfallOf(workload) !== null)
    .map(({ namespace, name }) => `${namespace}/${name}`);
  if (workloads.length === 0) notYet.push("no workload was seen");
  const deployedAt = firstDeployed(hubble);
  if (notYet.length > 0) return { version, from, change, deployedAt, startedAt: null, notYet: notYet.sort() };
  const starts = workloads.flatMap((workload) => podsOf(workload, pods)).flatMap(({ startTime }) => startTime ?? []);
  const times = [deployedAt, ingressProvedAt, ...starts].flatMap((time) => (time === null ? [] : Date.parse(time)));
  const latest = Math.max(...times.filter((time) => !Number.isNaN(time)));
  return { version, from, change, deployedAt, startedAt: new Date(latest).toISOString(), notYet: [] };
}

/** The first revision of the unbroken row that brought the installed version: a later change of values is no new hop. */
function firstDeployed({ revisions, deployed }: Hubble): string {
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
