import { defaultGateSettings } from "../../settings/gate-settings.js";
import type { Site } from "../../site/types.js";
import type { Gate, Observed, Verdict } from "../verdict/types.js";
import { judgeLive, membershipCodes } from "./judge-live.js";
import { probeMongo } from "./probe/probe.js";

const { deadlineSeconds, intervalSeconds, samples } = defaultGateSettings.mongo;

/** Checks that MongoDB's replica set can be taken down safely member by member. Rules: reference table G01 to G16. */
export const mongoReplicaSetGate: Gate = {
  name: "mongo-replica-set",
  timing: { deadlineSeconds, intervalSeconds, samples },
  recheck: "every-release",
  async sample(input, signal) {
    const { settings, resuming, site, clock } = input;
    const probe = await probeMongo(input, signal);
    const now = await clock.now();
    const since = unexpectedSince.get(site) ?? now;
    const secondsUnexpected = (now.getTime() - since.getTime()) / 1000;
    const verdict = judgeLive(probe, settings, { resuming, secondsUnexpected });
    if (isUnexpected(verdict)) unexpectedSince.set(site, since);
    else unexpectedSince.delete(site);
    return verdict;
  },
  stableKey: computeStableKey,
};

/** Since when a site, in this process, has shown other members than expected (G04 waits one interval, then fails). */
const unexpectedSince = new WeakMap<Site, Date>();

function isUnexpected({ reasons }: Verdict): boolean {
  return reasons.some(({ code }) => membershipCodes.has(code));
}

/** G15: computes the key of a sample; samples are consecutive while primary, term and configuration stay the same. */
export function computeStableKey({ observed }: Verdict): string {
  const fields = isRecord(observed) ? observed : {};
  return JSON.stringify([fields["primary"] ?? null, fields["term"] ?? null, fields["configVersion"] ?? null]);
}

function isRecord(observed: Observed): observed is { [key: string]: Observed } {
  return typeof observed === "object" && observed !== null && !Array.isArray(observed);
}
