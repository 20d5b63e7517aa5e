import { type SiteFacts } from "../plan/types.js";
import { type Settings } from "./settings-schema.js";

/** What is known of the site: from the settings, and from which releases are installed (or were, as recorded). */
export function siteFacts(settings: Settings, installedRoles: readonly string[]): SiteFacts {
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
