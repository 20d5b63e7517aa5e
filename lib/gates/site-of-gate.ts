import type { SiteFacts } from "../plan/types.js";
import type { GateSettings } from "../stack/gate-settings.js";

/** Derives facts of the site from a gate's settings; a fact that they do not settle is left out. */
export function toSiteFacts({ tenants, pcgsNone, mongo }: GateSettings): SiteFacts {
  const pcgs = tenants.length > 0 ? { pcgs: true } : pcgsNone ? { pcgs: false } : {};
  return mongo.external ? { ...pcgs, externalMongo: true } : pcgs;
}
