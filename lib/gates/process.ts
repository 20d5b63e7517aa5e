import { z } from "zod";
import { InvalidInputError } from "../errors.js";
import type { Clock } from "../site/clock.js";
import type { Site } from "../site/types.js";
import { secretsFrom, secretTexts, type GateSecrets } from "../stack/gate-secrets.js";
import { gateSettingsSchema, type GateSettings } from "../stack/gate-settings.js";
import { type MeasuredHop } from "../plan/estimate.js";
import { changes, parseVersion, type Version } from "../version/version.js";
import { applyAcceptances } from "../accept/apply.js";
import { acceptVariable, noAcceptances, parseAccept, type CarriedAcceptances } from "../accept/carried.js";
import { runnerNames } from "../accept/runner-names.js";
import { roles } from "../plan/rules-types.js";
import { guarded, type GuardedGate, type Needs } from "./guarded.js";
import { isNotNow } from "./not-now.js";
import { runGate, type GateProgress } from "./runner.js";
import type { Gate, GateReport, HeldRevision, PromotedHop, Verdict } from "./types.js";

/** Environment entries of a gate's process; secrets in entries of their own. */
export interface GateRequest {
  to: Version;
  when: "before" | "after";
  settings: GateSettings;
  secrets: GateSecrets;
  baseline: Record<string, string>;
  /** Digests of profiles recorded before the hop; absent where none were. */
  profileBaseline?: Record<string, string>;
  /** What Helm held when the installed version was settled; default: nothing was recorded. */
  held?: HeldRevision[];
  only: string | null;
  ingressProvedAt: string | null;
  /** What people have accepted of this gate for hops into `to`; default: nothing. */
  acceptances?: CarriedAcceptances;
  /** Verified hops of the stage before; default: none are told. */
  promoted?: PromotedHop[] | null;
  /** Timed hops of this stack before the one into `to`; default: none is told. */
  measured?: MeasuredHop[];
  /** `to` is installed from nothing. */
  install?: boolean;
  /** Every name of the one who runs, for four eyes. */
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
  /** How long to wait where only other people are waited for; null or absent: until the deadline. */
  patienceSeconds?: number | null;
}

/** Runs one gate against a live site: where it is and whether the hop needs it is found out live. */
export async function runGateRequest(
  gate: Gate,
  request: GateRequest,
  { connect, clock, needs }: GateProcessDeps,
  options: GateProcessOptions = {},
): Promise<GateReport> {
  const { settings, secrets, when, to, baseline, profileBaseline, held, only, ingressProvedAt, promoted, measured } =
    request;
  const located = guarded(gate, needs);
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
      ...(profileBaseline === undefined ? {} : { profileBaseline }),
      ...(held === undefined ? {} : { held }),
      ...(only === null ? {} : { only }),
      ...(ingressProvedAt === null ? {} : { ingressProvedAt }),
      ...(request.install === true ? { install: true } : {}),
      ...(promoted === null || promoted === undefined ? {} : { promoted }),
      ...(measured === undefined ? {} : { measured }),
    },
    { ...options, secrets: secretTexts(secrets), accept: acceptor(located, request, today) },
  );
  return { ...report, from: located.edge()?.from ?? report.from };
}

/** What people have accepted for the hop that is seen live, as the runner asks for it. */
function acceptor(
  located: GuardedGate,
  { acceptances = noAcceptances, runners = [] }: GateRequest,
  today: string,
): <V extends Verdict>(verdict: V) => V {
  return (verdict) =>
    applyAcceptances(verdict, acceptances.entries, {
      hop: located.edge(),
      today,
      runners,
      fourEyes: acceptances.fourEyes,
      resuming: located.resuming(),
    });
}

/** 0 for a pass, 5 where only time or somebody else is waited for, 3 for any other fail or unknown (design 8). */
export function exitCodeOf(report: GateReport): 0 | 3 | 5 {
  if (report.outcome === "pass") return 0;
  return isNotNow(report) ? 5 : 3;
}

/** True in a process that a Command started: the destination is in the environment. */
export function isGateProcess(environment: NodeJS.ProcessEnv): boolean {
  return environment.TO !== undefined;
}

/**
 * Reads what a Command passes to a gate. TO: the destination. PHASE: `before` or `after`. INSTALL: `yes` where TO is installed
 * from nothing. PALETTE_GATE_SETTINGS: JSON. HELD: JSON, what Helm held when the installed version was settled. BASELINE: JSON,
 * agent versions by `tenant/name`. READINESS: the report of the readiness before the hop, whose record of
 * agents and profiles counts when it was taken at another version than TO. PCG: `tenant/name`. CHECK: name of an own check.
 * INGRESS_PROVED_AT: ISO 8601. PROMOTED: JSON, verified hops of the stage before. MEASURED: JSON, timed hops of this stack. ACCEPT: JSON, what people have accepted of
 * this gate for hops into TO; who runs is told by PALETTE_ACTOR, the CI system and this machine.
 *
 * @throws InvalidInputError `GATE_REQUEST` naming the entry.
 */
export function gateRequestOf(environment: NodeJS.ProcessEnv): GateRequest {
  const to = parseVersion(environment.TO ?? "", "TO");
  const settings = parseGateSettings(environment.PALETTE_GATE_SETTINGS ?? "", "PALETTE_GATE_SETTINGS");
  return {
    to,
    when: phaseOf(environment.PHASE),
    settings,
    secrets: secretsFrom(environment, settings.tenants.length),
    baseline: { ...baselineOf(environment.BASELINE), ...readinessRecord(environment.READINESS, to).agents },
    profileBaseline: readinessRecord(environment.READINESS, to).profiles,
    held: heldOf(environment.HELD),
    only: checkOf(environment.CHECK) ?? pcgOf(environment.PCG),
    ingressProvedAt: timeOf(environment.INGRESS_PROVED_AT),
    acceptances: parseAccept(environment[acceptVariable]),
    promoted: promotedOf(environment.PROMOTED),
    ...measuredOf(environment.MEASURED),
    runners: runnerNames(environment),
    install: environment.INSTALL === "yes",
  };
}

/** @throws InvalidInputError `GATE_REQUEST` naming each key at fault, never its value. */
export function parseGateSettings(text: string, entry: string): GateSettings {
  const parsed = gateSettingsSchema.safeParse(jsonOf(text, entry));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "(whole)"}: ${issue.message}`);
  throw invalid(entry, `its settings are not valid (${faults.join("; ")})`);
}

const agents = z.record(z.string(), z.string());
const readiness = z.object({
  observed: z.object({ live: z.string(), agents, profiles: z.record(z.string(), z.string()).default({}) }),
});

function baselineOf(text: string | undefined): Record<string, string> {
  if (text === undefined || text === "") return {};
  const parsed = agents.safeParse(jsonOf(text, "BASELINE"));
  if (parsed.success) return parsed.data;
  throw invalid("BASELINE", 'it is not an object of agent versions by "tenant/name"');
}

const heldSchema = z.array(z.object({ role: z.enum(roles), revision: z.number().int(), valuesDigest: z.string() }));

function heldOf(text: string | undefined): HeldRevision[] {
  if (text === undefined || text === "") return [];
  const parsed = heldSchema.safeParse(jsonOf(text, "HELD"));
  if (parsed.success) return parsed.data;
  throw invalid("HELD", "it is not a list of revisions with the digests of their values");
}

/** A report that holds no record, or one taken when TO was installed already, says nothing of before the hop. */
function readinessRecord(
  text: string | undefined,
  to: Version,
): { agents: Record<string, string>; profiles: Record<string, string> } {
  const none = { agents: {}, profiles: {} };
  if (text === undefined || text === "") return none;
  const parsed = readiness.safeParse(jsonOf(text, "READINESS"));
  return parsed.success && parsed.data.observed.live !== to ? parsed.data.observed : none;
}

function phaseOf(text: string | undefined): "before" | "after" {
  if (text === "before" || text === "after") return text;
  throw invalid("PHASE", `found ${text === undefined ? "nothing" : `"${text}"`}, expected "before" or "after"`);
}

function pcgOf(text: string | undefined): string | null {
  if (text === undefined || text === "") return null;
  if (/^[^/]+\/[^/]+$/.test(text)) return text;
  throw invalid("PCG", `found "${text}", expected "tenant/name"`);
}

function checkOf(text: string | undefined): string | null {
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

function promotedOf(text: string | undefined): PromotedHop[] | null {
  if (text === undefined || text === "") return null;
  const parsed = promotedHops.safeParse(jsonOf(text, "PROMOTED"));
  if (parsed.success) return parsed.data;
  throw invalid("PROMOTED", "it is no list of verified hops");
}

/** As a Command hands them over, and a record keeps them. */
export const measuredHops = z.array(z.object({ change: z.enum(changes), minutes: z.number().nonnegative() }));

function measuredOf(text: string | undefined): { measured?: MeasuredHop[] } {
  if (text === undefined || text === "") return {};
  const parsed = measuredHops.safeParse(jsonOf(text, "MEASURED"));
  if (parsed.success) return { measured: parsed.data };
  throw invalid("MEASURED", "it is no list of timed hops");
}

/** Environment entry of a process, never of a Command: how long to wait for other people, in seconds. */
export const patienceVariable = "PALETTE_PATIENCE_SECONDS";

/** @throws InvalidInputError `GATE_REQUEST`. Null: until the deadline. */
export function patienceOf(environment: NodeJS.ProcessEnv): number | null {
  const text = environment[patienceVariable];
  if (text === undefined || text === "") return null;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw invalid(patienceVariable, `found "${text}", expected a number of seconds from 0 on`);
}

function timeOf(text: string | undefined): string | null {
  if (text === undefined || text === "") return null;
  if (!Number.isNaN(Date.parse(text))) return text;
  throw invalid("INGRESS_PROVED_AT", `found "${text}", expected a time as in 2026-01-31T12:00:00Z`);
}

function jsonOf(text: string, entry: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalid(entry, text === "" ? "it is missing" : "it is not JSON");
  }
}

function invalid(entry: string, fault: string): InvalidInputError {
  return new InvalidInputError("GATE_REQUEST", `${entry}: ${fault}.`, {
    next: "The program sets these environment entries; to run a gate by hand, see palette-upgrade gate --help.",
  });
}
