import { messageOf } from "../errors.js";
import type { OwnRow } from "../plan/types.js";
import { settingsSchema } from "../stack/settings-schema.js";

/** The few settings that the rules need. */
export interface PolicySettings {
  ownRows: OwnRow[];
  /** False only where `palette:pcgs` says that there are none. */
  hasGateways: boolean;
}

/** Reads them from a stack's configuration as an engine hands it over. @throws Error naming the key that cannot be read. */
export function policySettings(config: Record<string, string>): PolicySettings {
  const text = config["palette:extraRows"] ?? "";
  try {
    const ownRows = settingsSchema.shape.extraRows.parse(text === "" ? [] : JSON.parse(text));
    return { ownRows, hasGateways: config["palette:pcgs"] !== "none" };
  } catch (error) {
    throw new Error(`palette:extraRows cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
