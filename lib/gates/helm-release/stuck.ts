import type { HelmRevision, Pod, Workload } from "../../site/types.js";

/** What runs in the namespaces of the installed version. */
export interface Running {
  workloads: Workload[];
  pods: Pod[];
}

/**
 * What to do about a revision that stays pending. A rollback is named only where it is proved that nothing of the new
 * revision runs; `running` is null where that cannot be told.
 */
export function adviceForStuck(
  stuck: HelmRevision,
  revisions: readonly HelmRevision[],
  running: Running | null,
): string {
  const back = lastDeployed(stuck, revisions);
  const trace = running === null ? "whether anything of it runs cannot be told" : traceOf(stuck, running);
  if (trace === null && back !== null) {
    return (
      `Nothing of it runs: no workload waits for a newer template and no pod was started since. Undo it with ` +
      `"helm rollback ${stuck.name} ${back.revision} --namespace ${stuck.namespace}", then run this again.`
    );
  }
  const why = trace ?? "no earlier revision is deployed";
  return (
    `Never roll it back: ${why}, and data may have been migrated. The way on is forward, to ${stuck.chartVersion}; ` +
    "call the vendor's support before you touch Helm's record."
  );
}

function lastDeployed(stuck: HelmRevision, revisions: readonly HelmRevision[]): HelmRevision | null {
  const earlier = revisions.filter(
    ({ name, namespace, status, revision }) =>
      name === stuck.name && namespace === stuck.namespace && status === "deployed" && revision < stuck.revision,
  );
  return earlier.at(-1) ?? null;
}

/** A sign that the new revision has reached the cluster, or that this cannot be ruled out; null when nothing is left open. */
function traceOf(stuck: HelmRevision, { workloads, pods }: Running): string | null {
  const begun = Date.parse(stuck.lastDeployed);
  if (workloads.length === 0 || pods.length === 0) return "what runs could not be seen";
  const moving = workloads.find(isMoving);
  if (moving !== undefined) return `${moving.kind} ${moving.namespace}/${moving.name} is not at its old revision`;
  const marked = workloads.find((workload) =>
    Object.values(workload.labels).some((label) => label.includes(stuck.chartVersion)),
  );
  if (marked !== undefined)
    return `${marked.kind} ${marked.namespace}/${marked.name} is labelled with ${stuck.chartVersion}`;
  const started = pods
    .filter((pod) => !isScheduled(pod))
    .find(({ startTime }) => startTime === null || Date.parse(startTime) >= begun);
  return started === undefined ? null : `pod ${started.namespace}/${started.name} was started since`;
}

/** A CronJob names its Jobs by the scheduled minute; such a pod comes by the clock, not by a revision. */
function isScheduled({ ownerKind, ownerName }: Pod): boolean {
  return ownerKind === "Job" && /-\d{8}$/.test(ownerName ?? "");
}

function isMoving(workload: Workload): boolean {
  return (
    workload.observedGeneration < workload.generation ||
    workload.updated < workload.desired ||
    workload.currentRevision !== workload.updateRevision
  );
}
