import type { SiteFacts } from "../plan/types.js";
import type { GateSettings } from "../stack/gate-settings.js";

/** What a gate's settings tell of the site; what they do not tell stays open. */
export function factsOfGate({ tenants, pcgsNone, mongo }: GateSettings): SiteFacts {
  const pcgs = tenants.length > 0 ? { pcgs: true } : pcgsNone ? { pcgs: false } : {};
  return mongo.external ? { ...pcgs, externalMongo: true } : pcgs;
}
