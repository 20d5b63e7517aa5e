import { type HelmRevision } from "../../site/types.js";
import { parseMarker } from "../../site/helm/releases.js";
import { type SettledRevision } from "../verdict/types.js";
import { createNote, type Finding } from "../verdict/findings.js";
import { describeRevision } from "./describe-revision.js";
import { type HelmReleaseFacts } from "./facts.js";

/**
 * Finds revisions that this program did not make since the installed version was settled. With the same values that is
 * a remark; with other values a failure, as stack and cluster no longer agree on the values to keep.
 */
export function judgeDrift({
  settledRevisions,
  installed,
}: Pick<HelmReleaseFacts, "settledRevisions" | "installed">): Finding[] {
  return settledRevisions.flatMap((record) => {
    const deployed = installed.releases.find(({ role }) => role === record.role)?.deployed ?? null;
    return deployed === null ? [] : judgeRelease(record, deployed);
  });
}

function judgeRelease(record: SettledRevision, deployed: HelmRevision): Finding[] {
  // A revision with this program's marker belongs to a hop that was not settled: the checks of that hop judge it.
  if (deployed.revision === record.revision || parseMarker(deployed) !== null) return [];
  const since = `${describeRevision(deployed)} is by another hand (${deployed.lastDeployed}, "${deployed.description}"); revision ${record.revision} was recorded`;
  if (deployed.valuesDigest === record.valuesDigest) {
    return [createNote(`FOREIGN_REVISION: ${since}. Its values are the same.`, deployed.name)];
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
