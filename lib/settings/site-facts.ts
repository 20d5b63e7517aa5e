import { type SiteFacts } from "../planning/rules/site-facts.js";
import { type GateSettings } from "./gate-settings.js";
import { type Settings } from "./schema.js";

/** Derives the facts of the site from the settings and the releases that are (or were recorded as) installed. */
export function toSiteFacts(settings: Settings, installedRoles: readonly string[]): SiteFacts {
  return {
    pcgs: settings.pcgs !== "none",
    reachSystem: installedRoles.includes("reach-system"),
    imageSwap: installedRoles.includes("image-swap"),
    airgap: settings.airgap,
    ipBased: settings.ipBased,
    externalMongo: settings.externalMongo,
    cloud: settings.cloud === "" ? undefined : settings.cloud,
  };
}

/** Derives facts of the site from a gate's settings; a fact that they do not settle is left out. */
export function toGateSiteFacts({ tenants, pcgsNone, mongo }: GateSettings): SiteFacts {
  const pcgs = tenants.length > 0 ? { pcgs: true } : pcgsNone ? { pcgs: false } : {};
  return mongo.external ? { ...pcgs, externalMongo: true } : pcgs;
}
