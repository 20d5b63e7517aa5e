import type { Version } from "../planning/version/version.js";
import type { Hubble } from "../site/installation.js";
import type { Finding } from "./verdict/findings.js";

/** Creates the finding of a check after a hop that has not reached its version. */
export function createNotReachedFinding(to: Version, { name, deployed, newest }: Hubble): Finding {
  const newer = newest.revision > deployed.revision ? `; its revision ${newest.revision} is ${newest.status}` : "";
  return {
    outcome: "fail",
    code: "VERSION_NOT_REACHED",
    member: name,
    message:
      `Helm release "${name}" has ${deployed.chartVersion} deployed (revision ${deployed.revision}${newer}), expected ${to}. ` +
      `Finish the hop to ${to} first; its checks come after it.`,
  };
}
