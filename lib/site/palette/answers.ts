import { createHash } from "node:crypto";
import * as z from "zod";
import type { ClusterProfile } from "../types.js";

/*
 * Answers of the Palette API, reduced to what this project reads (data/palette-api.json lists where each field is in
 * the vendor's API description). The API omits empty fields, so only identities are required.
 */

const listMetaSchema = z.object({ continue: z.string().nullish() }).nullish();

const overlordSchema = z.object({
  metadata: z.object({ uid: z.string(), name: z.string() }),
  spec: z.object({
    isSelfHosted: z.boolean().default(false),
    isSystem: z.boolean().default(false),
    spectroClusterUid: z.string().default(""),
  }),
  status: z.object({
    state: z.string().default(""),
    notifications: z
      .object({
        isAvailable: z.boolean().default(false),
        isTemplateVariableResolutionPending: z.boolean().default(false),
      })
      .nullish(),
    health: z
      .object({
        state: z.string().default(""),
        agentVersion: z.string().default(""),
        lastHeartBeatTimestamp: z.string().nullish(),
      })
      .nullish(),
  }),
});
export type OverlordAnswer = z.infer<typeof overlordSchema>;
export const overlordsSchema = z.object({ items: z.array(overlordSchema).nullish(), listmeta: listMetaSchema });

const packSchema = z.object({
  name: z.string(),
  layer: z.string().default(""),
  tag: z.string().default(""),
  version: z.string().default(""),
  digest: z.string().default(""),
  type: z.string().optional(),
  packUid: z.string().optional(),
  registryUid: z.string().optional(),
  /** May hold secrets: compared by digest, never shown. */
  values: z.string().default(""),
  manifests: z.array(z.object({ name: z.string().default(""), uid: z.string().default("") })).nullish(),
});
const profileSchema = z.object({
  uid: z.string().default(""),
  name: z.string(),
  profileVersion: z.string().default(""),
  packs: z.array(packSchema).nullish(),
});
export type ProfileAnswer = z.infer<typeof profileSchema>;

const packStatusSchema = z.object({
  name: z.string().default(""),
  version: z.string().default(""),
  condition: z.object({ type: z.string(), status: z.string() }).nullish(),
});

export const clusterSchema = z.object({
  metadata: z.object({ uid: z.string(), annotations: z.record(z.string(), z.string()).nullish() }),
  spec: z.object({ clusterProfileTemplates: z.array(profileSchema).nullish() }).nullish(),
  status: z.object({ packs: z.array(packStatusSchema).nullish() }).nullish(),
});
export const profileUpdatesSchema = z.object({ profiles: z.array(profileSchema).nullish() });
export const upgradeSettingsSchema = z.object({ spectroComponents: z.enum(["lock", "unlock", ""]).nullish() });
export const eventsSchema = z.object({
  items: z
    .array(
      z.object({
        message: z.string().default(""),
        reason: z.string().default(""),
        metadata: z.object({ creationTimestamp: z.string() }),
      }),
    )
    .nullish(),
  listmeta: listMetaSchema,
});
export const notificationsSchema = z.object({
  items: z
    .array(
      z.object({
        metadata: z.object({ creationTimestamp: z.string(), lastModifiedTimestamp: z.string().nullish() }),
        action: z.object({ actionType: z.string().default("") }).nullish(),
      }),
    )
    .nullish(),
});

/** Converts a profile to the part that may be shown: its packs with digests, no values. */
export function toProfile({ uid, name, profileVersion, packs }: ProfileAnswer): ClusterProfile {
  return {
    uid,
    name,
    version: profileVersion,
    packs: (packs ?? []).map((pack) => ({
      name: pack.name,
      layer: pack.layer,
      version: pack.tag || pack.version,
      digest: pack.digest,
      valuesDigest: pack.values === "" ? "" : createHash("sha256").update(pack.values).digest("hex"),
    })),
  };
}
