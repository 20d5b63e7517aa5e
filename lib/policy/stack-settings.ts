import { getErrorMessage } from "../base/errors/errors.js";
import type { OwnRow } from "../planning/plan/types.js";
import { settingsSchema } from "../settings/schema.js";

/** The few settings that the rules need. */
export interface PolicySettings {
  ownRows: OwnRow[];
  /** False only if `palette:pcgs` is `none`. */
  hasGateways: boolean;
}

/** Parses the settings from the configuration of a stack. @throws Error naming the key that cannot be read. */
export function parsePolicySettings(config: Record<string, string>): PolicySettings {
  const text = config["palette:extraRows"] ?? "";
  try {
    const ownRows = settingsSchema.shape.extraRows.parse(text === "" ? [] : JSON.parse(text));
    return { ownRows, hasGateways: config["palette:pcgs"] !== "none" };
  } catch (error) {
    throw new Error(`palette:extraRows cannot be read: ${getErrorMessage(error)}`, { cause: error });
  }
}
