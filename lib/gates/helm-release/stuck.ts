import { hubbleChart } from "../hubble.js";
import { imageName } from "../image-name.js";
import type { HelmRevision, Pod, Workload } from "../../site/types.js";

/** What runs in the namespaces of the installed version, and what tells a stuck revision's from what was there. */
export interface Running {
  workloads: Workload[];
  pods: Pod[];
  /** Images in the manifests of the stuck revision and of the deployed one; null where they could not be read. */
  images: { stuck: readonly string[]; deployed: readonly string[] } | null;
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
    const own = imagesOfItsOwn(running!.images!).length;
    return (
      `Nothing of it runs: none of the ${own} images that only it names, no workload waits for a newer template and no pod was ` +
      `started since. Undo it with ` +
      `"helm rollback ${stuck.name} ${back.revision} --namespace ${stuck.namespace}", then run this again. ${whereHelmRefuses(stuck)}`
    );
  }
  const why = back === null ? "no earlier revision is deployed" : trace;
  const forward = stuck.chart === hubbleChart ? stuck.chartVersion : `${stuck.chart} ${stuck.chartVersion}`;
  return (
    `Never roll it back: ${why}, and data may have been migrated. The way on is forward, to ${forward}; ` +
    "call the vendor's support before you touch Helm's record. Once that says failed, run this again: it takes the hop up."
  );
}

/** Helm cannot roll back over an object that is there and that the stuck revision's manifest no longer names. */
function whereHelmRefuses({ name, namespace, revision }: HelmRevision): string {
  const records = `owner=helm,name=${name},version in (${revision},${revision + 1})`;
  return (
    `Where Helm refuses that with "no … with the name … found", take the records away instead, which touches nothing that ` +
    `runs: kubectl delete secrets --namespace ${namespace} --selector "${records}".`
  );
}

/** Names a release among all. */
export function releaseKey({ namespace, name }: Pick<HelmRevision, "namespace" | "name">): string {
  return `${namespace}/${name}`;
}

/** The revision of the same release that a rollback would lead to. */
export function lastDeployed(stuck: HelmRevision, revisions: readonly HelmRevision[]): HelmRevision | null {
  const earlier = revisions.filter(
    ({ name, namespace, status, revision }) =>
      name === stuck.name && namespace === stuck.namespace && status === "deployed" && revision < stuck.revision,
  );
  return earlier.at(-1) ?? null;
}

/** A sign that the new revision has reached the cluster, or that this cannot be ruled out; null when nothing is left open. */
function traceOf(stuck: HelmRevision, { workloads, pods, images }: Running): string | null {
  const begun = Date.parse(stuck.lastDeployed);
  if (workloads.length === 0 || pods.length === 0) return "what runs could not be seen";
  const moving = workloads.find(isMoving);
  if (moving !== undefined) return `${moving.kind} ${moving.namespace}/${moving.name} is not at its old revision`;
  const marked = workloads.find((workload) =>
    Object.values(workload.labels).some((label) => label.includes(stuck.chartVersion)),
  );
  if (marked !== undefined)
    return `${marked.kind} ${marked.namespace}/${marked.name} is labelled with ${stuck.chartVersion}`;
  if (images === null) return "the images of its manifest could not be read";
  const own = new Set(imagesOfItsOwn(images));
  if (own.size === 0) return "its manifest names no image that would tell it from what was there";
  const running = imageTrace(own, workloads, pods);
  if (running !== null) return running;
  if (stuck.chart !== hubbleChart && !isSeen(images.deployed, workloads))
    return "what ran of it before could not be found";
  const started = pods
    .filter((pod) => !isScheduled(pod))
    .find(({ startTime }) => startTime === null || Date.parse(startTime) >= begun);
  return started === undefined ? null : `pod ${started.namespace}/${started.name} was started since`;
}

/** Whether any image of what was there before runs where was looked: else the new ones may run elsewhere too. */
function isSeen(deployed: readonly string[], workloads: readonly Workload[]): boolean {
  const before = new Set(deployed.map(imageName));
  return workloads.some(({ images }) => images.some((image) => before.has(imageName(image))));
}

/** Images that only the stuck revision names. Without what was there before, nothing could be told apart. */
function imagesOfItsOwn({ stuck, deployed }: NonNullable<Running["images"]>): string[] {
  if (deployed.length === 0) return [];
  const before = new Set(deployed.map(imageName));
  return [...new Set(stuck.map(imageName))].filter((image) => !before.has(image));
}

/** A pod that has ended counts too: a hook of the revision may have migrated data. */
function imageTrace(own: ReadonlySet<string>, workloads: readonly Workload[], pods: readonly Pod[]): string | null {
  for (const { kind, namespace, name, images } of workloads) {
    const image = images.find((candidate) => own.has(imageName(candidate)));
    if (image !== undefined) return `${kind} ${namespace}/${name} is at its image ${imageName(image)}`;
  }
  for (const { namespace, name, containers } of pods) {
    const found = containers.find(({ image }) => own.has(imageName(image)));
    if (found !== undefined) return `pod ${namespace}/${name} has its image ${imageName(found.image)}`;
  }
  return null;
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
