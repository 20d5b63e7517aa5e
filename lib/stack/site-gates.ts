import { isImplemented } from "../gates/registry.js";
import { gateNames, type GateName } from "../gates/types.js";
import { type Edition, type Method } from "../matrix/types.js";
import { rulesOf } from "../plan/rules.js";
import { type Settings } from "./settings-schema.js";

/** PCG gates are the PrivateCloudGateway components' own. */
const ofGateways: readonly GateName[] = ["pcg-readiness", "pcg-catch-up"];

/**
 * The gates of a site for one moment of a stack update, fixed per site: one that an edge does not need passes as
 * not-applicable, so that the set never changes from hop to hop.
 */
export function siteGates(when: "before" | "after", edition: Edition, method: Method): GateName[] {
  const rows = rulesOf("gates").filter(
    (row) => row.when === when && row.editions.includes(edition) && row.methods.includes(method),
  );
  return gateNames.filter(
    (name) => isImplemented(name) && !ofGateways.includes(name) && rows.some((row) => row.gate === name),
  );
}

/** Names of the installation's own checks of one moment, in their order. */
export function ownChecks(when: "before" | "after", checks: Settings["checks"]): string[] {
  return checks.filter((check) => check.when === when || check.when === "both").map(({ name }) => name);
}
