import * as z from "zod";
import { type AppliedProfiles, type Overlord } from "../types.js";

/** Overlords and profiles as this program wrote them: nothing is left out, and nothing has a default. */
export const overlordListSchema: z.ZodType<Overlord[]> = z.array(
  z.strictObject({
    uid: z.string(),
    name: z.string(),
    isSelfHosted: z.boolean(),
    isSystem: z.boolean(),
    spectroClusterUid: z.string(),
    state: z.string(),
    health: z.string(),
    agentVersion: z.string(),
    lastHeartbeat: z.string().nullable(),
    updateAvailable: z.boolean(),
    variablesPending: z.boolean(),
    paused: z.boolean(),
  }),
);

const text = z.string();
const pack = z.strictObject({ name: text, layer: text, version: text, digest: text, valuesDigest: text });

export const appliedProfilesSchema: z.ZodType<AppliedProfiles> = z.strictObject({
  profiles: z.array(z.strictObject({ uid: text, name: text, version: text, packs: z.array(pack) })),
  packs: z.array(z.strictObject({ name: text, version: text, ready: z.boolean() })),
});
