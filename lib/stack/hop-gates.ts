import { gateByName } from "../gates/registry.js";
import { type Gate, type GateName } from "../gates/types.js";
import { gateFor, type ExpandContext } from "../plan/expand.js";
import { type Version } from "../version/version.js";
import { type Settings } from "./settings-schema.js";
import { ownChecks, siteGates } from "./site-gates.js";

/** The mandatory gates before a hop, by when they hold: what a hook judges again before a release moves. */
export interface HopGates {
  /** For every release. */
  every: Gate[];
  /** For the hop's beginning: once a release has moved, the hop is in flight and they are behind it. */
  start: Gate[];
}

export function hopGates(from: Version, to: Version, context: ExpandContext, checks: Settings["checks"]): HopGates {
  const named: GateName[] = [...siteGates("before", context.edition, context.method), "pcg-readiness"];
  const mandatory = named.filter((name) => gateFor(name, "before", from, to, context)?.mandatory === true);
  const own: GateName[] = ownChecks("before", checks).length > 0 ? ["own-check"] : [];
  const gates = [...mandatory, ...own].map(gateByName);
  return {
    every: gates.filter(({ recheck }) => recheck === "every-release"),
    start: gates.filter(({ recheck }) => recheck === "start-only"),
  };
}
