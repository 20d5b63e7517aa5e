import { hubbleChart } from "../../site/helm/releases.js";
import { getImageName } from "../image-name.js";
import type { HelmRevision, Pod, Workload } from "../../site/types.js";

/**
 * What runs in the namespaces of the installed version, and the images that tell the stuck revision from the deployed
 * one.
 */
export interface RunningObjects {
  workloads: Workload[];
  pods: Pod[];
  /** Images in the manifests of the stuck revision and of the deployed one; null where they could not be read. */
  images: { stuck: readonly string[]; deployed: readonly string[] } | null;
}

/**
 * Describes what to do about a revision that stays pending. A rollback is named only where it is proved that nothing of
 * the new revision runs; `running` is null where that is not known.
 */
export function describeStuckRemedy(
  stuck: HelmRevision,
  revisions: readonly HelmRevision[],
  running: RunningObjects | null,
): string {
  const rollbackTarget = findLastDeployed(stuck, revisions);
  const trace = running === null ? "whether anything of it runs cannot be determined" : findTrace(stuck, running);
  if (trace === null && rollbackTarget !== null) {
    const own = listOwnImages(running!.images!).length;
    return (
      `Nothing of it runs: none of the ${own} images that only it names, no workload waits for a newer template and no pod was ` +
      `started since. Undo it with ` +
      `"helm rollback ${stuck.name} ${rollbackTarget.revision} --namespace ${stuck.namespace}", then run this again. ${describeRollbackFallback(stuck)}`
    );
  }
  const why = rollbackTarget === null ? "no earlier revision is deployed" : trace;
  const forward = stuck.chart === hubbleChart ? stuck.chartVersion : `${stuck.chart} ${stuck.chartVersion}`;
  return (
    `Never roll it back: ${why}, and data may have been migrated. The way on is forward, to ${forward}; ` +
    "call the vendor's support before you touch Helm's record. Once that says failed, run this again: it takes the hop up."
  );
}

/**
 * Helm cannot roll back where an object exists that the stuck revision's manifest no longer names: says what to do
 * then.
 */
function describeRollbackFallback({ name, namespace, revision }: HelmRevision): string {
  const records = `owner=helm,name=${name},version in (${revision},${revision + 1})`;
  return (
    `Where Helm refuses that with "no … with the name … found", take the records away instead, which touches nothing that ` +
    `runs: kubectl delete secrets --namespace ${namespace} --selector "${records}".`
  );
}

/** Finds the revision of the same release that a rollback would lead to. */
export function findLastDeployed(stuck: HelmRevision, revisions: readonly HelmRevision[]): HelmRevision | null {
  const earlier = revisions.filter(
    ({ name, namespace, status, revision }) =>
      name === stuck.name && namespace === stuck.namespace && status === "deployed" && revision < stuck.revision,
  );
  return earlier.at(-1) ?? null;
}

/**
 * Finds a sign that the new revision has reached the cluster, or that this cannot be ruled out; null when it is ruled
 * out.
 */
function findTrace(stuck: HelmRevision, { workloads, pods, images }: RunningObjects): string | null {
  const startedAt = Date.parse(stuck.lastDeployed);
  if (workloads.length === 0 || pods.length === 0) return "what runs could not be seen";
  const own = new Set(images === null ? [] : listOwnImages(images));
  // The member that runs the new image says more than that its workload moves.
  const running = findImageTrace(own, workloads, pods);
  if (running !== null) return running;
  const moving = workloads.find(isMoving);
  if (moving !== undefined) return `${moving.kind} ${moving.namespace}/${moving.name} is not at its old revision`;
  const marked = workloads.find((workload) =>
    Object.values(workload.labels).some((label) => label.includes(stuck.chartVersion)),
  );
  if (marked !== undefined)
    return `${marked.kind} ${marked.namespace}/${marked.name} is labelled with ${stuck.chartVersion}`;
  if (images === null) return "the images of its manifest could not be read";
  if (own.size === 0) return "its manifest names no image that what was there before lacks";
  if (stuck.chart !== hubbleChart && !isSeen(images.deployed, workloads))
    return "what ran of it before could not be found";
  const started = pods
    .filter((pod) => !isScheduled(pod))
    .find(({ startTime }) => startTime === null || Date.parse(startTime) >= startedAt);
  return started === undefined ? null : `pod ${started.namespace}/${started.name} was started since`;
}

/** Whether an image of the deployed revision was found running: if not, the new ones may run elsewhere too. */
function isSeen(deployed: readonly string[], workloads: readonly Workload[]): boolean {
  const before = new Set(deployed.map(getImageName));
  return workloads.some(({ images }) => images.some((image) => before.has(getImageName(image))));
}

/** Lists images that only the stuck revision names; none where the images of the deployed revision are not known. */
function listOwnImages({ stuck, deployed }: NonNullable<RunningObjects["images"]>): string[] {
  if (deployed.length === 0) return [];
  const before = new Set(deployed.map(getImageName));
  return [...new Set(stuck.map(getImageName))].filter((image) => !before.has(image));
}

/**
 * Finds an own image of the revision that runs or ran: a pod that has ended counts, as a hook may have migrated data.
 */
function findImageTrace(own: ReadonlySet<string>, workloads: readonly Workload[], pods: readonly Pod[]): string | null {
  for (const { namespace, name, phase, containers } of pods) {
    const found = containers.find(({ image }) => own.has(getImageName(image)));
    const verb = phase === "Succeeded" || phase === "Failed" ? "ran" : "runs";
    if (found !== undefined) return `pod ${namespace}/${name} ${verb} its image ${getImageName(found.image)}`;
  }
  for (const { kind, namespace, name, images } of workloads) {
    const image = images.find((candidate) => own.has(getImageName(candidate)));
    if (image !== undefined) return `${kind} ${namespace}/${name} is at its image ${getImageName(image)}`;
  }
  return null;
}

/**
 * True for a pod of a CronJob, whose Jobs are named by the scheduled minute: it is started by time, not by a revision.
 */
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
