import { type SiteFacts } from "../planning/rules/site-facts.js";
import { type GateSettings } from "./gate-settings.js";
import { type Settings } from "./schema.js";

/** Derives the facts of the site from the settings and the releases that are (or were recorded as) installed. */
export function toSiteFacts(settings: Settings, installedRoles: readonly string[]): SiteFacts {
  return {
    // Where tenants are listed, they are asked, whatever `none` says.
    pcgs: !settings.pcg.none || settings.tenants.length > 0,
    reachSystem: installedRoles.includes("reach-system"),
    imageSwap: installedRoles.includes("image-swap"),
    airgap: settings.site.airgap,
    ipBased: settings.site.ipBased,
    externalMongo: settings.mongo.external,
    cloud: settings.site.cloud ?? undefined,
  };
}

/** Derives facts of the site from a gate's settings; a fact that they do not settle is left out. */
export function toGateSiteFacts({ tenants, pcg, mongo }: GateSettings): SiteFacts {
  const pcgs = tenants.length > 0 ? { pcgs: true } : pcg.none ? { pcgs: false } : {};
  return mongo.external ? { ...pcgs, externalMongo: true } : pcgs;
}
