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

/** Lists the configured PCGs, sorted by tenant and name. */
export function listGateways({ pcgs, tenants }: Listing): ListedGateway[] {
  if (pcgs === "none") return [];
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

/** The extra gate where a tenant lists no PCG, or no tenant is listed: then no component judges it. */
export function listCoverageGates({ pcgs, tenants }: Listing): GateName[] {
  const covered = tenants.length > 0 && tenants.every((tenant) => tenant.pcgs.length > 0);
  return pcgs === "none" || covered ? [] : ["pcg-readiness"];
}
