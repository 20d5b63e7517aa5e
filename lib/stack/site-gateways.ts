import { type GateName } from "../gates/types.js";
import { type Settings } from "./settings-schema.js";

/** A PCG that the settings list. */
export interface ListedGateway {
  /** `tenant-gateway`: its component's name. */
  name: string;
  tenant: string;
  gateway: string;
}

type Listing = Pick<Settings, "pcgs" | "tenants">;

/** PCGs as configured, by tenant and name. */
export function listedGateways({ pcgs, tenants }: Listing): ListedGateway[] {
  if (pcgs === "none") return [];
  return tenants
    .flatMap((tenant) =>
      tenant.pcgs.map((gateway) => ({ name: `${tenant.name}-${gateway}`, tenant: tenant.name, gateway })),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** How gates name a PCG. */
export function subjectOf({ tenant, gateway }: ListedGateway): string {
  return `${tenant}/${gateway}`;
}

/** Where a tenant lists no PCG, or no tenant is listed, no component judges that: a gate of its own does. */
export function coverageGate({ pcgs, tenants }: Listing): GateName[] {
  const covered = tenants.length > 0 && tenants.every((tenant) => tenant.pcgs.length > 0);
  return pcgs === "none" || covered ? [] : ["pcg-readiness"];
}
