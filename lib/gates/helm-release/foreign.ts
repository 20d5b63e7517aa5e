import { isNewerVersion } from "../../planning/version/loose-version.js";
import { type HelmRevision } from "../../site/types.js";
import { type Finding } from "../verdict/findings.js";
import { describeRevision } from "./describe-revision.js";

/** A release beside Palette's own, with what the destination would put in its place. */
export interface MovingRelease {
  deployed: HelmRevision;
  /** Version of the destination's chart. */
  nextVersion: string;
  /** Paths of its stored values; null where they could not be read. */
  keys: readonly string[] | null;
}

/** Why a release is not to be replaced by the destination's chart; null where nothing speaks against it. */
export function findForeignSign(
  { chartVersion }: Pick<HelmRevision, "chartVersion">,
  nextVersion: string,
): "newer" | "form" | null {
  if (isNewerVersion(chartVersion, nextVersion)) return "newer";
  return chartVersion.startsWith("v") && !nextVersion.startsWith("v") ? "form" : null;
}

/**
 * Refuses a hop that would replace a release by an older chart, or by one that is not of its kind: it would be
 * downgraded, and its values dropped. Pure.
 */
export function judgeMovingRelease({ deployed, nextVersion, keys }: MovingRelease): Finding[] {
  const sign = findForeignSign(deployed, nextVersion);
  if (sign === null) return [];
  const { name, chart, chartVersion } = deployed;
  const why =
    sign === "newer"
      ? `is newer than the ${nextVersion} that the hop brings: it would be downgraded`
      : `is not the vendor's chart by its version's form (${chartVersion}, the hop brings ${nextVersion})`;
  const values = keys === null ? "its values, which could not be read," : `its values (${keys.join(", ")})`;
  const dropped = keys?.length === 0 ? "" : ` The hop would drop ${values} for the vendor's own.`;
  const vendor =
    chart === "cert-manager"
      ? " The vendor requires a cluster without a cert-manager of its own; Palette brings it (prerequisites of the self-hosted installation)."
      : "";
  return [
    {
      outcome: "fail",
      code: sign === "newer" ? "RELEASE_NEWER" : "RELEASE_FOREIGN",
      member: name,
      message: `${describeRevision(deployed)} ${why}.${dropped}${vendor} Settle with the vendor's support whose release it is before anything moves.`,
    },
  ];
}
