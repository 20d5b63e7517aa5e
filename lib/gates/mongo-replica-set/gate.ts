import { defaultGateSettings } from "../../stack/gate-settings.js";
import type { Gate, Observed, Verdict } from "../types.js";
import { judgeLive } from "./judge-live.js";
import { mongoReads, probeMongo } from "./probe.js";

const { deadlineSeconds, intervalSeconds, samples } = defaultGateSettings.mongo;

/** Whether MongoDB's replica set is safe to take down member by member. Rules: reference table G01 to G16. */
export const mongoReplicaSetGate: Gate = {
  name: "mongo-replica-set",
  timing: { deadlineSeconds, intervalSeconds, samples },
  recheck: "every-release",
  reads: mongoReads,
  async sample(input, signal) {
    return judgeLive(await probeMongo(input, signal), input.settings, input.resuming);
  },
  stableKey: stableKeyOf,
};

/** G15: samples count together while primary, term and configuration stay the same. */
export function stableKeyOf({ observed }: Verdict): string {
  const fields = isRecord(observed) ? observed : {};
  return JSON.stringify([fields["primary"] ?? null, fields["term"] ?? null, fields["configVersion"] ?? null]);
}

function isRecord(observed: Observed): observed is { [key: string]: Observed } {
  return typeof observed === "object" && observed !== null && !Array.isArray(observed);
}
