import { z } from "zod";

/**
 * What gates need to know of a site, without any secret: passed to a gate's process as one JSON environment entry.
 * Secrets (API keys) go beside it, each in an entry of its own: `PALETTE_API_KEY_<index of the tenant>`.
 */
export const gateSettingsSchema = z.strictObject({
  edition: z.enum(["palette", "vertex"]),
  releaseNamespace: z.string(),
  /** Path of the kubeconfig; null: KUBECONFIG or the default place. */
  kubeconfig: z.string().nullable(),
  context: z.string().nullable(),
  /** UID of namespace `kube-system` as enrolled; null before. */
  clusterUid: z.string().nullable(),
  rootDomain: z.string().nullable(),
  apiUrl: z.string().nullable(),
  /** PEM file of a private CA of the Palette API; null: system trust. */
  apiCaFile: z.string().nullable(),
  /** `[]` with `pcgsNone: true` means: this installation has no PCG. */
  tenants: z.array(z.strictObject({ name: z.string(), pcgs: z.array(z.string()) })),
  pcgsNone: z.boolean(),
  mongo: z.strictObject({
    namespace: z.string(),
    statefulSet: z.string(),
    container: z.string(),
    maxLagSeconds: z.number(),
    samples: z.number().int(),
    intervalSeconds: z.number(),
    deadlineSeconds: z.number(),
  }),
  pcg: z.strictObject({
    heartbeatMaxAgeSeconds: z.number(),
    pollSeconds: z.number(),
    unchangedSeconds: z.number(),
    deadlineSeconds: z.number(),
    intervalSeconds: z.number(),
  }),
  rollout: z.strictObject({ deadlineSeconds: z.number(), intervalSeconds: z.number() }),
  /** Helm's time limit for one release: a younger pending revision is somebody upgrading now. */
  releaseTimeoutSeconds: z.number(),
});

export type GateSettings = z.infer<typeof gateSettingsSchema>;

/** The documented defaults (durations in seconds): reference mongo-gate.md section 3, design 6. */
export const defaultGateSettings: GateSettings = {
  edition: "palette",
  releaseNamespace: "default",
  kubeconfig: null,
  context: null,
  clusterUid: null,
  rootDomain: null,
  apiUrl: null,
  apiCaFile: null,
  tenants: [],
  pcgsNone: false,
  mongo: {
    namespace: "hubble-system",
    statefulSet: "mongo",
    container: "mongo",
    maxLagSeconds: 10,
    samples: 3,
    intervalSeconds: 10,
    deadlineSeconds: 15 * 60,
  },
  pcg: {
    heartbeatMaxAgeSeconds: 5 * 60,
    pollSeconds: 15 * 60,
    unchangedSeconds: 30 * 60,
    deadlineSeconds: 60 * 60,
    intervalSeconds: 60,
  },
  rollout: { deadlineSeconds: 30 * 60, intervalSeconds: 10 },
  releaseTimeoutSeconds: 3600,
};
