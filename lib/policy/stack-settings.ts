import type { OwnRow } from "../planning/plan/types.js";
import { parseSettingsGroup } from "../settings/settings.js";

/** The few settings that the rules need. */
export interface PolicySettings {
  ownRows: OwnRow[];
  /** False only if `palette:pcg.none` is true. */
  hasGateways: boolean;
}

/** Parses the settings from the configuration of a stack. @throws InvalidInputError `SETTINGS_INVALID`. */
export function parsePolicySettings(config: Record<string, string>): PolicySettings {
  const route = parseSettingsGroup("route", parseJson(config["palette:route"]));
  const pcg = parseSettingsGroup("pcg", parseJson(config["palette:pcg"]));
  return { ownRows: route.extraRows, hasGateways: !pcg.none };
}

/** Text that is no JSON stays text, which no group is. */
function parseJson(text: string | undefined): unknown {
  if (text === undefined || text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
