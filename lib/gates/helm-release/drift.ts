import type { HelmRevision } from "../../site/types.js";
import { hubbleChart, markOf } from "../hubble.js";
import type { HeldRevision } from "../types.js";
import { note, type Finding } from "../verdict.js";
import { isOfSet, what, type HelmReleaseFacts } from "./judge.js";

/**
 * Revisions by another hand since the installed version was settled: with the same values a remark, with other values a
 * failure, as the stack and the cluster no longer agree on what is to be kept.
 */
export function judgeDrift({
  held,
  revisions,
  hubble,
}: Pick<HelmReleaseFacts, "held" | "revisions" | "hubble">): Finding[] {
  const set = revisions.filter((revision) => revision.status === "deployed" && isOfSet(revision, hubble));
  return held.flatMap((record) => {
    const chart = record.role === "hubble" ? hubbleChart : record.role;
    const deployed = set.filter((revision) => revision.chart === chart).at(-1);
    return deployed === undefined ? [] : judgeRelease(record, deployed);
  });
}

function judgeRelease(record: HeldRevision, deployed: HelmRevision): Finding[] {
  // A revision with our mark is a hop of ours that was not settled: its own checks judge it.
  if (deployed.revision === record.revision || markOf(deployed) !== null) return [];
  const since = `${what(deployed)} is by another hand (${deployed.lastDeployed}, "${deployed.description}"); revision ${record.revision} was recorded`;
  if (deployed.valuesDigest === record.valuesDigest) {
    return [note(`FOREIGN_REVISION: ${since}. Its values are the same.`, deployed.name)];
  }
  const { name, namespace, revision } = deployed;
  const kept =
    record.role === "hubble" || record.role === "image-swap" || record.role === "reach-system"
      ? "The hop would carry the changed values on"
      : "The hop would drop them, as it takes the values that come with the new chart";
  const compare = `helm get values ${name} --namespace ${namespace} --revision`;
  return [
    {
      outcome: "fail",
      code: "VALUES_DRIFTED",
      member: name,
      message:
        `${since} with other values. ${kept}. Compare "${compare} ${record.revision}" with "${compare} ${revision}"; put what is ` +
        "to stay into palette:values or undo it, or accept this reason by name for the hop.",
    },
  ];
}
