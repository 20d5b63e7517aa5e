import { type SiteFacts } from "../plan/types.js";
import { type Settings } from "./settings-schema.js";

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
