import * as z from "zod";
import { InvalidInputError } from "../../base/errors/errors.js";
import { type MeasuredHop } from "../../planning/plan/estimate.js";
import { roles } from "../../planning/rules/types.js";
import { parseVersion, type Version } from "../../planning/version/version.js";
import { type GateSecrets, readGateSecrets, toSecretEntries } from "../../settings/gate-secrets.js";
import { formatGateSettings, type GateSettings, gateSettingsSchema } from "../../settings/gate-settings.js";
import { adviseOnIssue } from "../../settings/settings-faults.js";
import { type GateAcceptances, gateAcceptancesSchema } from "../consent/carried.js";
import { measuredHops } from "../verdict/measured-hops.js";
import { type BegunHop, type HopPair, type PromotedHop, type SettledRevision } from "../verdict/types.js";

/** What a gate is asked. Absent: not recorded, not given, not restricted. */
export interface GateRequest {
  /** The destination; the gate determines the installed version live. */
  to: Version;
  when: "before" | "after";
  settings: GateSettings;
  secrets: GateSecrets;
  /** `to` is installed from nothing. */
  install?: boolean;
  /** Known to the program alone, when a release is about to move: no entry of a process. */
  begun?: BegunHop;
  /** A gateway `tenant/name`, or the name of an own check; absent: all. */
  only?: string;
  /** Agent versions by `tenant/name` as in the stack's outputs. */
  baseline?: Record<string, string>;
  /** What the readiness gate recorded before the hop. */
  readiness?: ReadinessRecord;
  /** Helm's revisions when the installed version was settled. */
  settledRevisions?: SettledRevision[];
  /** Verified hops of the previous stage; absent where there is no previous stage. */
  promoted?: PromotedHop[];
  /** Hops of the route after the one into `to`; absent where there is none. */
  ahead?: HopPair[];
  /** Timed hops of this stack before the one into `to`. */
  measured?: MeasuredHop[];
  /** What people have accepted of this gate for hops into `to`. */
  acceptances?: GateAcceptances;
  /** ISO 8601: when the root domain was proved to lead to the new ingress. */
  ingressProvedAt?: string;
}

const textsSchema = z.record(z.string(), z.string());
const readinessSchema = z.object({
  /** The version that was installed. */
  live: z.string(),
  agents: textsSchema,
  /** Digests of the applied profiles. */
  profiles: textsSchema.default({}),
});

/** Agent versions and digests of profiles, by `tenant/name`, and the version they were taken at. */
type ReadinessRecord = z.infer<typeof readinessSchema>;

export const settledRevisionsSchema = z.array(
  z.object({ role: z.enum(roles), revision: z.number().int(), valuesDigest: z.string() }),
);

export const promotedHopsSchema = z.array(
  z.object({ from: z.string(), to: z.string(), chartDigests: textsSchema.default({}), verifiedAt: z.iso.datetime() }),
);

export const hopPairsSchema = z.array(z.object({ from: z.string(), to: z.string() }));

/** The entries of a gate's process; secret ones are to be wrapped one by one, so that the destination stays plain. */
export interface GateEntries {
  plain: Record<string, string>;
  secret: Record<string, string>;
}

/**
 * Encodes a request as environment entries. What is absent is an empty entry, because a Command inherits the
 * environment of whoever runs the update, and nothing there may take its place. Equal requests have equal entries, and
 * a Command runs again only when its entries change.
 */
export function encodeGateRequest(request: GateRequest): GateEntries {
  const { only, readiness, acceptances } = request;
  const secrets = Object.entries(toSecretEntries(request.secrets));
  const isGateway = only?.includes("/") === true;
  return {
    plain: fillAbsent({
      TO: request.to,
      PHASE: request.when,
      PALETTE_GATE_SETTINGS: formatGateSettings(request.settings),
      INSTALL: request.install === true ? "yes" : undefined,
      PCG: isGateway ? only : undefined,
      CHECK: isGateway ? undefined : only,
      BASELINE: toJson(request.baseline),
      HELD: toJson(request.settledRevisions),
      PROMOTED: toJson(request.promoted),
      AHEAD: toJson(request.ahead),
      MEASURED: toJson(request.measured),
      ACCEPT: toJson(acceptances),
      ...nameLateEntries({
        readiness: toJson(readiness && { observed: readiness }),
        ingressProvedAt: request.ingressProvedAt,
      }),
      ...Object.fromEntries(secrets.filter(([, value]) => value === "")),
    }),
    secret: Object.fromEntries(secrets.filter(([, value]) => value !== "")),
  };
}

/** What a Command gets from other Commands of the same update: the readiness report, and the time of the proof. */
export interface LateValues<T> {
  readiness: T;
  /** Empty where the hop changed no ingress. */
  ingressProvedAt: T;
}

/** Names the environment entries of values that are known only in the update. */
export function nameLateEntries<T>({ readiness, ingressProvedAt }: LateValues<T>): Record<string, T> {
  return { READINESS: readiness, INGRESS_PROVED_AT: ingressProvedAt };
}

/** True in a process that a Command started: the destination is in the environment. */
export function isGateProcess(environment: NodeJS.ProcessEnv): boolean {
  return environment.TO !== undefined;
}

/**
 * Decodes what {@link encodeGateRequest} wrote. An empty entry is an absent one.
 *
 * @throws InvalidInputError `GATE_REQUEST` naming the entry, never the value of a JSON one.
 */
export function decodeGateRequest(environment: NodeJS.ProcessEnv): GateRequest {
  const settings = parseGateSettings(environment.PALETTE_GATE_SETTINGS ?? "", "PALETTE_GATE_SETTINGS");
  const decode = <T>(entry: string, schema: z.ZodType<T>, fault: string): T | undefined =>
    decodeJson(environment[entry], entry, schema, fault);
  return {
    to: parseVersion(environment.TO ?? "", "TO"),
    when: parsePhase(environment.PHASE),
    settings,
    secrets: readGateSecrets(environment, settings.tenants.length),
    install: environment.INSTALL === "yes" ? true : undefined,
    only: environment.CHECK || parseGateway(environment.PCG),
    baseline: decode("BASELINE", textsSchema, 'it is not an object of agent versions by "tenant/name"'),
    readiness: parseReadiness(environment.READINESS),
    settledRevisions: decode(
      "HELD",
      settledRevisionsSchema,
      "it is not a list of revisions with the digests of their values",
    ),
    promoted: decode("PROMOTED", promotedHopsSchema, "it is no list of verified hops"),
    ahead: decode("AHEAD", hopPairsSchema, "it is no list of hops"),
    measured: decode("MEASURED", measuredHops, "it is no list of timed hops"),
    acceptances: decode("ACCEPT", gateAcceptancesSchema, "it is no list of acceptances"),
    ingressProvedAt: parseTime(environment.INGRESS_PROVED_AT),
  };
}

/** @throws InvalidInputError `GATE_REQUEST` naming each key at fault, never its value. */
export function parseGateSettings(text: string, entry: string): GateSettings {
  const parsed = gateSettingsSchema.safeParse(parseJson(text, entry), { error: adviseOnIssue });
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "(whole)"}: ${issue.message}`);
  throw createRequestError(entry, `its settings are not valid (${faults.join("; ")})`);
}

/** Environment entry of a process, never of a Command: longest wait for other people, in seconds. */
export const maxWaitVariable = "PALETTE_PATIENCE_SECONDS";

/** Reads the longest wait for other people; null: until the deadline. @throws InvalidInputError `GATE_REQUEST`. */
export function readMaxWaitSeconds(environment: NodeJS.ProcessEnv): number | null {
  const text = environment[maxWaitVariable];
  if (text === undefined || text === "") return null;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw createRequestError(maxWaitVariable, `found "${text}", expected a number of seconds from 0 on`);
}

function parsePhase(text: string | undefined): GateRequest["when"] {
  if (text === "before" || text === "after") return text;
  const found = text === undefined ? "nothing" : `"${text}"`;
  throw createRequestError("PHASE", `found ${found}, expected "before" or "after"`);
}

function parseGateway(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (/^[^/]+\/[^/]+$/.test(text)) return text;
  throw createRequestError("PCG", `found "${text}", expected "tenant/name"`);
}

function parseTime(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (!Number.isNaN(Date.parse(text))) return text;
  throw createRequestError("INGRESS_PROVED_AT", `found "${text}", expected a time as in 2026-01-31T12:00:00Z`);
}

/** Parses the record in a readiness report; absent in the report of a gate that could not read the gateways. */
function parseReadiness(text: string | undefined): ReadinessRecord | undefined {
  if (text === undefined || text === "") return undefined;
  const parsed = z.object({ observed: readinessSchema }).safeParse(parseJson(text, "READINESS"));
  return parsed.success ? parsed.data.observed : undefined;
}

function decodeJson<T>(text: string | undefined, entry: string, schema: z.ZodType<T>, fault: string): T | undefined {
  if (text === undefined || text === "") return undefined;
  const parsed = schema.safeParse(parseJson(text, entry));
  if (parsed.success) return parsed.data;
  throw createRequestError(entry, fault);
}

function parseJson(text: string, entry: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw createRequestError(entry, text === "" ? "it is missing" : "it is not JSON");
  }
}

function toJson(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

function fillAbsent(entries: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).map(([key, text]) => [key, text ?? ""]));
}

function createRequestError(entry: string, fault: string): InvalidInputError {
  return new InvalidInputError("GATE_REQUEST", `${entry}: ${fault}.`, {
    next: "The program sets these environment entries; to run a gate by hand, see palette-upgrade gate --help.",
  });
}
