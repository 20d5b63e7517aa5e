import * as z from "zod";
import { listKeyPaths } from "../base/text/value-paths.js";
import { createDuration, createGroup, createOptionalText } from "./fields.js";
import { type GateSecrets } from "./gate-secrets.js";
import { gateKeys, mongoDurations, mongoFields, pcgDurations, pcgFields } from "./gate-keys.js";
import { settingsSchema, type Settings } from "./schema.js";

const { edition, kubernetes, helm, site } = settingsSchema.shape;

/** Keys that gates read as the stack's configuration has them. */
const sharedKeys = { ...gateKeys, edition, kubernetes, helm, site };

/**
 * What gates need to know of a site, without any secret: the part of the settings that they read, and facts of the
 * product that a stack cannot set. Passed to a gate's process as one JSON environment entry, written as in a stack's
 * configuration; secrets go beside it, each in an entry of its own (lib/settings/gate-secrets.ts).
 */
export const gateSettingsSchema = z.strictObject({
  ...sharedKeys,
  mongo: createGroup(mongoDurations, {
    ...mongoFields,
    namespace: z.string().default("hubble-system"),
    statefulSet: z.string().default("mongo"),
    container: z.string().default("mongo"),
  }),
  pcg: createGroup(
    {
      ...pcgDurations,
      heartbeatMaxAge: createDuration().default(5 * 60),
      poll: createDuration().default(15 * 60),
      unchanged: createDuration().default(30 * 60),
    },
    pcgFields,
  ),
  /** UID of namespace `kube-system` as enrolled; null before. */
  clusterUid: createOptionalText(),
  /** Dotted key paths that `palette:values` sets, by role; the values themselves may be secret and stay out. */
  overriddenKeys: z.record(z.string(), z.array(z.string())).default({}),
});

export type GateSettings = z.output<typeof gateSettingsSchema>;

/** The documented defaults: reference mongo-gate.md section 3, design 6. */
export const defaultGateSettings: GateSettings = gateSettingsSchema.parse({});

/** Selects the settings that gates read. `clusterUid` is the enrolled (or about to be enrolled) one. */
export function toGateSettings(settings: Settings, clusterUid: string | null): GateSettings {
  const { mongo, pcg } = defaultGateSettings;
  const shared = Object.fromEntries(Object.entries(settings).filter(([key]) => key in sharedKeys)) as Pick<
    Settings,
    keyof typeof sharedKeys
  >;
  return {
    ...shared,
    tenants: settings.tenants.map(({ name, pcgs }) => ({ name, pcgs: [...pcgs].sort() })),
    mongo: { ...mongo, ...settings.mongo },
    pcg: { ...scalePeriods(pcg, settings.rehearsal.pace), ...settings.pcg },
    clusterUid,
    overriddenKeys: Object.fromEntries(
      Object.entries(settings.values).map(([role, values]) => [role, listKeyPaths(values)]),
    ),
  };
}

/** The vendor's periods, divided by the pace of a rehearsal's gateways. */
function scalePeriods(pcg: GateSettings["pcg"], pace: number): GateSettings["pcg"] {
  const { heartbeatMaxAgeSeconds, pollSeconds, unchangedSeconds } = pcg;
  return {
    ...pcg,
    heartbeatMaxAgeSeconds: heartbeatMaxAgeSeconds / pace,
    pollSeconds: pollSeconds / pace,
    unchangedSeconds: unchangedSeconds / pace,
  };
}

/** Writes gate settings as JSON that {@link gateSettingsSchema} reads. */
export function formatGateSettings(settings: GateSettings): string {
  return JSON.stringify(z.encode(gateSettingsSchema, settings));
}

/** Selects the secrets of gates, which must never be shown. */
export function toGateSecrets({ tenants, secrets }: Settings): GateSecrets {
  const { apiKeys, mongoUri, chartsPassword } = secrets;
  return { apiKeys: tenants.map(({ name }) => apiKeys[name] ?? ""), mongoUri, chartsPassword };
}
