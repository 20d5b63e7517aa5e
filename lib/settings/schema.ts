import { z } from "zod";
import { gateNames } from "../planning/rules/gate-names.js";
import { isZone } from "../base/time/time-zone.js";
import { editions } from "../planning/matrix/types.js";
import { strategies } from "../planning/rules/site-facts.js";
import { isVersion } from "../planning/version/version.js";

const version = z.string().refine(isVersion, {
  error: (issue) => `"${String(issue.input)}" is not a Palette version; write three numbers in quotes, e.g. "4.6.41"`,
});
const optionalText = z.string().default("");
const positiveSeconds = z.number().positive();
const positiveCount = z.number().int().positive();
const hop = z.string().regex(/^\d+\.\d+\.\d+->\d+\.\d+\.\d+$/, 'write the hop as "4.6.41->4.7.20"');

/** Last day of something, `YYYY-MM-DD`; without quotes YAML reads a time, which the engine passes on in Go's format. */
const day = z.preprocess(
  (given) => (typeof given === "string" ? given.replace(/ 00:00:00 \+0000 UTC$/, "") : given),
  z.iso.date({ error: 'write the day in quotes, e.g. "2026-12-31"' }),
);

export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** One tenant whose PCGs are watched; an API key sees one tenant only. */
const tenant = z.strictObject({
  name: z.string().min(1),
  /** Secret: `pulumi config set --secret --path 'palette:tenants[0].apiKey'`. Empty only where `palette:pcgClusters` has every PCG. */
  apiKey: z.string().default(""),
  pcgs: z.array(z.string().min(1)),
});

/** A person's statement that an act of the plan is done, bound to one hop. */
const acknowledgement = z.strictObject({
  act: z.string().min(1),
  hop,
  by: z.string().min(1),
  because: z.string().min(1),
  ticket: z.string().optional(),
  /** Last day it counts, `YYYY-MM-DD`. */
  until: day.optional(),
});

/** An extra row of the site beside the vendor's, with who approved it. */
const extraRow = z.strictObject({
  from: version,
  to: version,
  approvedBy: z.string().min(1),
  link: z.url(),
  because: z.string().min(1),
});

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write the time of day as "22:00"');

/** When updates may begin; a hop in progress is never interrupted. */
const updateWindow = z.strictObject({
  days: z.array(z.enum(weekdays)).min(1),
  from: clockTime,
  /** At or before `from`: the next day. */
  to: clockTime,
  /** IANA name, e.g. "Europe/Berlin". */
  zone: z.string().refine(isZone, 'this zone is not known here; write an IANA name, e.g. "Europe/Berlin"'),
});

/** A check of the installation's own: a command that exits 0 for a pass. */
const ownCheck = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "write it in lower-case letters, digits and dashes"),
  when: z.enum(["before", "after", "both"]),
  /** Argument vector; nothing secret in it. */
  command: z.array(z.string().min(1)).min(1),
  timeoutSeconds: z.number().positive(),
});

/** A named reason of one gate that somebody accepts for one hop. */
export const acceptanceSchema = z.strictObject({
  gate: z.enum(gateNames),
  /** The member, gateway, pod, release, … of the reason; "*" for a reason about the whole. */
  subject: z.string().min(1),
  code: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'write the code as the gate shows it, e.g. "LAG"'),
  hop,
  because: z.string().min(1),
  ticket: z.string().min(1),
  by: z.string().min(1),
  /** Last day it counts, `YYYY-MM-DD`. */
  until: day,
});

/** A gateway's own cluster, for gates where the Palette API is not available. */
const gatewayCluster = z.strictObject({
  /** `tenant/name` as in `palette:tenants`. */
  pcg: z.string().regex(/^[^/]+\/[^/]+$/, 'write it as "tenant/name"'),
  kubeconfig: z.string().min(1),
  context: z.string().default(""),
});

/**
 * Every `palette:` key of a stack's configuration. `Pulumi.yaml` describes the same keys for `pulumi config`; a test
 * holds the two together. Durations carry their unit in the name.
 */
export const settingsSchema = z.strictObject({
  target: z.string().min(1),
  matrix: z.string().min(1),
  clusterIdentifier: z.string().min(1),
  edition: z.enum(editions).default("palette"),
  strategy: z.enum(strategies).default("guideline"),
  via: z.array(version).default([]),
  avoid: z.array(version).default([]),
  extraRows: z.array(extraRow).default([]),
  releaseNamespace: z.string().min(1).default("default"),
  kubeconfig: optionalText,
  context: optionalText,
  charts: z.string().min(1).default("charts/release-{version}"),
  rootDomain: optionalText,
  apiUrl: z.union([z.literal(""), z.url()]).default(""),
  apiCaFile: optionalText,
  tenants: z.array(tenant).default([]),
  pcgs: z.enum(["", "none"]).default(""),
  expectedVersion: z.union([z.literal(""), version]).default(""),
  acceptVersion: z.union([z.literal(""), version]).default(""),
  airgap: z.boolean().default(false),
  ipBased: z.boolean().default(false),
  externalMongo: z.boolean().default(false),
  cloud: z.enum(["", "eks", "gke", "aks", "other"]).default(""),
  values: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  acknowledge: z.array(acknowledgement).default([]),
  mongoMaxLagSeconds: positiveSeconds.default(10),
  mongoDeadlineSeconds: positiveSeconds.default(900),
  mongoIntervalSeconds: positiveSeconds.default(10),
  pcgDeadlineSeconds: positiveSeconds.default(3600),
  pcgIntervalSeconds: positiveSeconds.default(60),
  pcgSamples: positiveCount.default(1),
  rolloutDeadlineSeconds: positiveSeconds.default(1800),
  rolloutIntervalSeconds: positiveSeconds.default(10),
  rolloutSamples: positiveCount.default(2),
  /** For gates that have none of their own; 0: the gate's default. */
  gateDeadlineSeconds: z.number().nonnegative().default(0),
  gateIntervalSeconds: z.number().nonnegative().default(0),
  gateSamples: z.number().int().nonnegative().default(0),
  releaseTimeoutSeconds: z.number().int().positive().default(3600),
  mongoSamples: positiveCount.default(3),
  mongoStrict: z.boolean().default(false),
  mongoDowntimeSeconds: positiveSeconds.default(3600),
  /** Secret: connection string of an external MongoDB (`palette:externalMongo`). */
  mongoUri: optionalText,
  mongoCaFile: optionalText,
  pcgClusters: z.array(gatewayCluster).default([]),
  chartsUser: optionalText,
  /** Secret: password or token of the chart registry. */
  chartsPassword: optionalText,
  chartsCaFile: optionalText,
  chartPins: optionalText,
  imageRegistryCaFile: optionalText,
  install: z.boolean().default(false),
  checks: z.array(ownCheck).default([]),
  backupMaxAgeHours: z.number().positive().default(24),
  backupCommand: z.array(z.string().min(1)).default([]),
  backupTimeoutSeconds: positiveSeconds.default(120),
  windows: z.array(updateWindow).default([]),
  promotionStack: optionalText,
  promotionFile: optionalText,
  promotionKey: optionalText,
  promotionHours: z.number().nonnegative().default(24),
  accept: z.array(acceptanceSchema).default([]),
  fourEyes: z.boolean().default(false),
  requireApproval: z.boolean().default(false),
  journal: optionalText,
  rehearsal: z.boolean().default(false),
  /** Factor by which a rehearsal's gateways on a real cluster are faster than the vendor's, so that gates wait less. */
  rehearsalPace: z.number().int().positive().default(1),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Keys whose values are versions or version ranges: a YAML number there has lost digits (4.10 is read as 4.1). */
export const versionKeys = ["target", "via", "avoid", "expectedVersion", "acceptVersion"] as const;
