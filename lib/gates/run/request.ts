import { z } from "zod";
import { applyAcceptances } from "../consent/apply.js";
import { acceptVariable, type GateAcceptances, noAcceptances, parseAcceptances } from "../consent/carried.js";
import { listRunnerNames } from "../consent/runner-names.js";
import { InvalidInputError } from "../../base/errors/errors.js";
import { roles } from "../../planning/rules/types.js";
import { type MeasuredHop } from "../../planning/rules/measured-hop.js";
import { type Clock } from "../../base/time/clock.js";
import { type Site } from "../../site/types.js";
import { type GateSecrets, listSecretTexts, readGateSecrets } from "../../settings/gate-secrets.js";
import { type GateSettings, gateSettingsSchema } from "../../settings/gate-settings.js";
import { parseVersion, type Version } from "../../planning/version/version.js";
import { type GuardedGate, guardGate, type Needs } from "./guarded.js";
import { isNotNow } from "../verdict/not-now.js";
import { type GateProgress, runGate } from "./runner.js";
import { type Gate, type GateReport, type PromotedHop, type SettledRevision, type Verdict } from "../verdict/types.js";
import { measuredHops } from "../verdict/measured-hops.js";

/** The request to a gate, from the environment entries of its process; secrets have entries of their own. */
export interface GateRequest {
  to: Version;
  when: "before" | "after";
  settings: GateSettings;
  secrets: GateSecrets;
  baseline: Record<string, string>;
  /** Digests of profiles recorded before the hop; absent where none were. */
  profileBaseline?: Record<string, string>;
  /** The releases recorded when the installed version was settled; default: none were recorded. */
  held?: SettledRevision[];
  only: string | null;
  ingressProvedAt: string | null;
  /** What people have accepted of this gate for hops into `to`; default: nothing. */
  acceptances?: GateAcceptances;
  /** Verified hops of the previous stage; default: none are passed. */
  promoted?: PromotedHop[] | null;
  /** Timed hops of this stack before the one into `to`; default: none are passed. */
  measured?: MeasuredHop[];
  /** `to` is installed from nothing. */
  install?: boolean;
  /** Every name of the person who runs the gate, for the four-eyes rule. */
  runners?: readonly string[];
}

export interface GateProcessDeps {
  connect: (settings: GateSettings, secrets: GateSecrets) => Site;
  clock: Clock;
  /** Default: what data/ says. */
  needs?: Needs;
}

export interface GateProcessOptions {
  signal?: AbortSignal;
  onProgress?: (progress: GateProgress) => void;
  single?: boolean;
  /** Longest wait where only other people are waited for; null or absent: until the deadline. */
  maxWaitSeconds?: number | null;
}

/** Runs one gate against a live site; the edge, and whether it needs the gate, are determined live. */
export async function runGateRequest(
  gate: Gate,
  request: GateRequest,
  { connect, clock, needs }: GateProcessDeps,
  options: GateProcessOptions = {},
): Promise<GateReport> {
  const { settings, secrets, when, to, baseline, profileBaseline, held, only, ingressProvedAt, promoted, measured } =
    request;
  const located = guardGate(gate, needs);
  const today = (await clock.now()).toISOString().slice(0, 10);
  const report = await runGate(
    located,
    {
      when,
      edge: { from: to, to, change: "none" },
      resuming: false,
      settings,
      site: connect(settings, secrets),
      clock,
      baseline,
      profileBaseline,
      settledRevisions: held,
      ...(only === null ? {} : { only }),
      ...(ingressProvedAt === null ? {} : { ingressProvedAt }),
      ...(request.install === true ? { install: true } : {}),
      ...(promoted === null || promoted === undefined ? {} : { promoted }),
      measured,
    },
    { ...options, secrets: listSecretTexts(secrets), accept: createAcceptor(located, request, today) },
  );
  return { ...report, from: located.getEdge()?.from ?? report.from };
}

/** Creates the runner's function that applies what people have accepted for the hop that was read live. */
function createAcceptor(
  located: GuardedGate,
  { acceptances = noAcceptances, runners = [] }: GateRequest,
  today: string,
): <V extends Verdict>(verdict: V) => V {
  return (verdict) =>
    applyAcceptances(verdict, acceptances.entries, {
      hop: located.getEdge(),
      today,
      runners,
      fourEyes: acceptances.fourEyes,
      resuming: located.isResuming(),
    });
}

/** Returns the exit code: 0 for a pass, 5 where only time or other people are waited for, else 3 (design 8). */
export function toExitCode(report: GateReport): 0 | 3 | 5 {
  if (report.outcome === "pass") return 0;
  return isNotNow(report) ? 5 : 3;
}

/** True in a process that a Command started: the destination is in the environment. */
export function isGateProcess(environment: NodeJS.ProcessEnv): boolean {
  return environment.TO !== undefined;
}

/**
 * Reads what a Command passes to a gate:
 *
 * - TO: the destination
 * - PHASE: `before` or `after`
 * - INSTALL: `yes` where TO is installed from nothing
 * - PALETTE_GATE_SETTINGS: JSON
 * - HELD: JSON, the releases recorded when the installed version was settled
 * - BASELINE: JSON, agent versions by `tenant/name`
 * - READINESS: the readiness report from before the hop; its record of agents and profiles counts when it was taken at
 *   another version than TO
 * - PCG: `tenant/name`
 * - CHECK: name of an own check
 * - INGRESS_PROVED_AT: ISO 8601
 * - PROMOTED: JSON, verified hops of the previous stage
 * - MEASURED: JSON, timed hops of this stack
 * - ACCEPT: JSON, what people have accepted of this gate for hops into TO
 *
 * The names of the person who runs come from PALETTE_ACTOR, the CI system and this machine.
 *
 * @throws InvalidInputError `GATE_REQUEST` naming the entry.
 */
export function parseGateRequest(environment: NodeJS.ProcessEnv): GateRequest {
  const to = parseVersion(environment.TO ?? "", "TO");
  const settings = parseGateSettings(environment.PALETTE_GATE_SETTINGS ?? "", "PALETTE_GATE_SETTINGS");
  return {
    to,
    when: parsePhase(environment.PHASE),
    settings,
    secrets: readGateSecrets(environment, settings.tenants.length),
    baseline: { ...parseBaseline(environment.BASELINE), ...parseReadinessRecord(environment.READINESS, to).agents },
    profileBaseline: parseReadinessRecord(environment.READINESS, to).profiles,
    held: parseSettledRevisions(environment.HELD),
    only: parseCheckName(environment.CHECK) ?? parsePcg(environment.PCG),
    ingressProvedAt: parseTime(environment.INGRESS_PROVED_AT),
    acceptances: parseAcceptances(environment[acceptVariable]),
    promoted: parsePromotedHops(environment.PROMOTED),
    ...parseMeasuredHops(environment.MEASURED),
    runners: listRunnerNames(environment),
    install: environment.INSTALL === "yes",
  };
}

/** @throws InvalidInputError `GATE_REQUEST` naming each key at fault, never its value. */
export function parseGateSettings(text: string, entry: string): GateSettings {
  const parsed = gateSettingsSchema.safeParse(parseJson(text, entry));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "(whole)"}: ${issue.message}`);
  throw createRequestError(entry, `its settings are not valid (${faults.join("; ")})`);
}

const agents = z.record(z.string(), z.string());
const readiness = z.object({
  observed: z.object({ live: z.string(), agents, profiles: z.record(z.string(), z.string()).default({}) }),
});

function parseBaseline(text: string | undefined): Record<string, string> {
  if (text === undefined || text === "") return {};
  const parsed = agents.safeParse(parseJson(text, "BASELINE"));
  if (parsed.success) return parsed.data;
  throw createRequestError("BASELINE", 'it is not an object of agent versions by "tenant/name"');
}

const settledRevisionsSchema = z.array(
  z.object({ role: z.enum(roles), revision: z.number().int(), valuesDigest: z.string() }),
);

function parseSettledRevisions(text: string | undefined): SettledRevision[] {
  if (text === undefined || text === "") return [];
  const parsed = settledRevisionsSchema.safeParse(parseJson(text, "HELD"));
  if (parsed.success) return parsed.data;
  throw createRequestError("HELD", "it is not a list of revisions with the digests of their values");
}

/** Parses the record of a readiness report; empty where it has none or was taken when TO was installed already. */
function parseReadinessRecord(
  text: string | undefined,
  to: Version,
): { agents: Record<string, string>; profiles: Record<string, string> } {
  const none = { agents: {}, profiles: {} };
  if (text === undefined || text === "") return none;
  const parsed = readiness.safeParse(parseJson(text, "READINESS"));
  return parsed.success && parsed.data.observed.live !== to ? parsed.data.observed : none;
}

function parsePhase(text: string | undefined): "before" | "after" {
  if (text === "before" || text === "after") return text;
  throw createRequestError(
    "PHASE",
    `found ${text === undefined ? "nothing" : `"${text}"`}, expected "before" or "after"`,
  );
}

function parsePcg(text: string | undefined): string | null {
  if (text === undefined || text === "") return null;
  if (/^[^/]+\/[^/]+$/.test(text)) return text;
  throw createRequestError("PCG", `found "${text}", expected "tenant/name"`);
}

function parseCheckName(text: string | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}

const promotedHops = z.array(
  z.object({
    from: z.string(),
    to: z.string(),
    chartDigests: z.record(z.string(), z.string()).default({}),
    verifiedAt: z.iso.datetime(),
  }),
);

function parsePromotedHops(text: string | undefined): PromotedHop[] | null {
  if (text === undefined || text === "") return null;
  const parsed = promotedHops.safeParse(parseJson(text, "PROMOTED"));
  if (parsed.success) return parsed.data;
  throw createRequestError("PROMOTED", "it is no list of verified hops");
}

function parseMeasuredHops(text: string | undefined): { measured?: MeasuredHop[] } {
  if (text === undefined || text === "") return {};
  const parsed = measuredHops.safeParse(parseJson(text, "MEASURED"));
  if (parsed.success) return { measured: parsed.data };
  throw createRequestError("MEASURED", "it is no list of timed hops");
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

function parseTime(text: string | undefined): string | null {
  if (text === undefined || text === "") return null;
  if (!Number.isNaN(Date.parse(text))) return text;
  throw createRequestError("INGRESS_PROVED_AT", `found "${text}", expected a time as in 2026-01-31T12:00:00Z`);
}

function parseJson(text: string, entry: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw createRequestError(entry, text === "" ? "it is missing" : "it is not JSON");
  }
}

function createRequestError(entry: string, fault: string): InvalidInputError {
  return new InvalidInputError("GATE_REQUEST", `${entry}: ${fault}.`, {
    next: "The program sets these environment entries; to run a gate by hand, see palette-upgrade gate --help.",
  });
}
