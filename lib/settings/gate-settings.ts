import { z } from "zod";
import { type Settings } from "./schema.js";

/**
 * What gates need to know of a site, without any secret: passed to a gate's process as one JSON environment entry.
 * Secrets go beside it, each in an entry of its own (lib/settings/gate-secrets.ts).
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
    samples: z.number().int().positive(),
    intervalSeconds: z.number(),
    deadlineSeconds: z.number(),
    /** An external MongoDB is read by connection string, which is passed beside the settings (`PALETTE_MONGO_URI`). */
    external: z.boolean(),
    caFile: z.string().nullable(),
    /** Room to roll (rule G16) blocks instead of warning. */
    strict: z.boolean(),
    /** How long a member may be away during the hop; the oplog must reach further back. */
    downtimeSeconds: z.number(),
  }),
  pcg: z.strictObject({
    heartbeatMaxAgeSeconds: z.number(),
    pollSeconds: z.number(),
    unchangedSeconds: z.number(),
    deadlineSeconds: z.number(),
    intervalSeconds: z.number(),
    samples: z.number().int().positive(),
  }),
  /** Kubeconfigs of gateways' own clusters, where the Palette API is not available. */
  pcgClusters: z.array(z.strictObject({ pcg: z.string(), kubeconfig: z.string(), context: z.string().nullable() })),
  /** Where charts come from (lib/site/charts); credentials come beside the settings (`PALETTE_CHARTS_PASSWORD`). */
  charts: z.strictObject({
    location: z.string(),
    user: z.string(),
    caFile: z.string().nullable(),
    pins: z.string().nullable(),
  }),
  /** PEM file of a private CA of the image registry; null: system trust. */
  imageRegistryCaFile: z.string().nullable(),
  /** Dotted key paths that `palette:values` sets, by role; the values themselves may be secret and stay out. */
  overriddenKeys: z.record(z.string(), z.array(z.string())),
  backup: z.strictObject({
    maxAgeHours: z.number(),
    command: z.array(z.string()),
    /** How long one run of the command may take. */
    timeoutSeconds: z.number().positive(),
  }),
  windows: z.array(z.strictObject({ days: z.array(z.string()), from: z.string(), to: z.string(), zone: z.string() })),
  promotion: z.strictObject({
    /** `organization/project/stack`; null: none. */
    stack: z.string().nullable(),
    /** Signed file of verified hops; null: none. */
    file: z.string().nullable(),
    /** PEM file of the public key it is signed with. */
    key: z.string().nullable(),
    hours: z.number(),
  }),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      when: z.enum(["before", "after", "both"]),
      command: z.array(z.string()),
      timeoutSeconds: z.number(),
    }),
  ),
  rollout: z.strictObject({
    deadlineSeconds: z.number(),
    intervalSeconds: z.number(),
    samples: z.number().int().positive(),
  }),
  /** For gates that have no setting of their own; null: the gate's default. */
  gates: z.strictObject({
    deadlineSeconds: z.number().positive().nullable(),
    intervalSeconds: z.number().positive().nullable(),
    samples: z.number().int().positive().nullable(),
  }),
  /** Helm's time limit for one release: a younger pending revision is an upgrade in progress. */
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
    external: false,
    caFile: null,
    strict: false,
    downtimeSeconds: 3600,
  },
  pcg: {
    heartbeatMaxAgeSeconds: 5 * 60,
    pollSeconds: 15 * 60,
    unchangedSeconds: 30 * 60,
    deadlineSeconds: 60 * 60,
    intervalSeconds: 60,
    samples: 1,
  },
  pcgClusters: [],
  charts: { location: "charts/release-{version}", user: "", caFile: null, pins: null },
  imageRegistryCaFile: null,
  overriddenKeys: {},
  backup: { maxAgeHours: 24, command: [], timeoutSeconds: 120 },
  windows: [],
  promotion: { stack: null, file: null, key: null, hours: 24 },
  checks: [],
  rollout: { deadlineSeconds: 30 * 60, intervalSeconds: 10, samples: 2 },
  gates: { deadlineSeconds: null, intervalSeconds: null, samples: null },
  releaseTimeoutSeconds: 3600,
};

/** Returns the vendor's periods, divided by the pace of a rehearsal's gateways. */
export function getGatewayPeriods({ rehearsalPace: pace }: Pick<Settings, "rehearsalPace">): GateSettings["pcg"] {
  const { heartbeatMaxAgeSeconds, pollSeconds, unchangedSeconds, ...own } = defaultGateSettings.pcg;
  return {
    ...own,
    heartbeatMaxAgeSeconds: heartbeatMaxAgeSeconds / pace,
    pollSeconds: pollSeconds / pace,
    unchangedSeconds: unchangedSeconds / pace,
  };
}
