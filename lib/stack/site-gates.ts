import { isImplemented } from "../gates/registry.js";
import { gateNames, type GateName } from "../gates/types.js";
import { type Edition, type Method } from "../matrix/types.js";
import { loadRules } from "../plan/rules.js";
import { type Settings } from "./settings-schema.js";

/** PCG gates, which belong to the PrivateCloudGateway components. */
const gatewayGates: readonly GateName[] = ["pcg-readiness", "pcg-catch-up"];

/**
 * Lists the gates of a site before or after a hop. The list is fixed per site and never changes from hop to hop: a gate
 * that an edge does not need passes as not-applicable.
 */
export function listSiteGates(when: "before" | "after", edition: Edition, method: Method): GateName[] {
  const rows = loadRules("gates").filter(
    (row) => row.when === when && row.editions.includes(edition) && row.methods.includes(method),
  );
  return gateNames.filter(
    (name) => isImplemented(name) && !gatewayGates.includes(name) && rows.some((row) => row.gate === name),
  );
}

/** Lists the names of the installation's own checks before or after a hop, in order. */
export function listOwnChecks(when: "before" | "after", checks: Settings["checks"]): string[] {
  return checks.filter((check) => check.when === when || check.when === "both").map(({ name }) => name);
}
