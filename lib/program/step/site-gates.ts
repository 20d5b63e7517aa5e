import { getGateByName } from "../../gates/registry.js";
import { type Gate, type GateName, gateNames } from "../../gates/verdict/types.js";
import { type Edition, type Matrix, type Method } from "../../planning/matrix/types.js";
import { type ExpandContext, findGate } from "../../planning/plan/expand.js";
import { loadRules } from "../../planning/rules/rules.js";
import { type Version } from "../../planning/version/version.js";
import { type Settings } from "../../settings/schema.js";

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
  return gateNames.filter((name) => !gatewayGates.includes(name) && rows.some((row) => row.gate === name));
}

/** Lists the names of the installation's own checks before or after a hop, in order. */
export function listOwnChecks(when: "before" | "after", checks: Settings["checks"]): string[] {
  return checks.filter((check) => check.when === when || check.when === "both").map(({ name }) => name);
}

/** A PCG that the settings list. */
interface ListedGateway {
  /** `tenant-gateway`: its component's name. */
  name: string;
  tenant: string;
  gateway: string;
}

/** What the settings say of PCGs. */
interface GatewayListing {
  tenants: Settings["tenants"];
  pcg: Pick<Settings["pcg"], "none">;
}

/** Lists the configured PCGs, sorted by tenant and name. */
export function listGateways({ pcg, tenants }: GatewayListing): ListedGateway[] {
  if (pcg.none) return [];
  return tenants
    .flatMap((tenant) =>
      tenant.pcgs.map((gateway) => ({ name: `${tenant.name}-${gateway}`, tenant: tenant.name, gateway })),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Formats the name of a PCG in gates. */
export function formatGatewaySubject({ tenant, gateway }: ListedGateway): string {
  return `${tenant}/${gateway}`;
}

/**
 * The extra gate where a tenant lists no PCG, or no tenant is listed: then no component judges it. With
 * `palette:pcg.none` it asks the tenants that are listed whether that is so.
 */
export function listCoverageGates({ pcg, tenants }: GatewayListing): GateName[] {
  if (tenants.length === 0) return pcg.none ? [] : ["pcg-readiness"];
  return tenants.every((tenant) => tenant.pcgs.length > 0) ? [] : ["pcg-readiness"];
}

/** The mandatory gates before a hop, by when they apply: a hook judges them again before a release moves. */
export interface HopGates {
  /** For every release. */
  every: Gate[];
  /** Only before the first release moves. */
  start: Gate[];
}

/** Lists all gates before a fresh install. */
export function listInstallGates(
  { edition, method }: Pick<Matrix, "edition" | "method">,
  checks: Settings["checks"],
): Gate[] {
  return addOwnChecks(listSiteGates("before", edition, method), checks).map(getGateByName);
}

export function listHopGates(from: Version, to: Version, context: ExpandContext, checks: Settings["checks"]): HopGates {
  const named: GateName[] = [...listSiteGates("before", context.edition, context.method), ...gatewayGates];
  const mandatory = named.filter((name) => findGate(name, "before", from, to, context)?.mandatory === true);
  const gates = addOwnChecks(mandatory, checks).map(getGateByName);
  return {
    every: gates.filter(({ recheck }) => recheck === "every-release"),
    start: gates.filter(({ recheck }) => recheck === "start-only"),
  };
}

function addOwnChecks(names: readonly GateName[], checks: Settings["checks"]): GateName[] {
  return listOwnChecks("before", checks).length > 0 ? [...names, "own-check"] : [...names];
}
