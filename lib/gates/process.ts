import { z } from "zod";
import { InvalidInputError } from "../errors.js";
import type { Clock } from "../site/clock.js";
import type { Site } from "../site/types.js";
import { secretsFrom, secretTexts, type GateSecrets } from "../stack/gate-secrets.js";
import { gateSettingsSchema, type GateSettings } from "../stack/gate-settings.js";
import { parseVersion, type Version } from "../version/version.js";
import { guarded, type Needs } from "./guarded.js";
import { runGate, type GateProgress } from "./runner.js";
import type { Gate, GateReport } from "./types.js";

/** Environment entries of a gate's process; secrets in entries of their own. */
export interface GateRequest {
  to: Version;
  when: "before" | "after";
  settings: GateSettings;
  secrets: GateSecrets;
  baseline: Record<string, string>;
  only: string | null;
  ingressProvedAt: string | null;
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
}

/** Runs one gate against a live site: where it is and whether the hop needs it is found out live. */
export async function runGateRequest(
  gate: Gate,
  request: GateRequest,
  { connect, clock, needs }: GateProcessDeps,
  options: GateProcessOptions = {},
): Promise<GateReport> {
  const { settings, secrets, when, to, baseline, only, ingressProvedAt } = request;
  const located = guarded(gate, needs);
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
      ...(only === null ? {} : { only }),
      ...(ingressProvedAt === null ? {} : { ingressProvedAt }),
    },
    { ...options, secrets: secretTexts(secrets) },
  );
  return { ...report, from: located.edge()?.from ?? report.from };
}

/** 0 for a pass, 3 for a fail or unknown (design 8). */
export function exitCodeOf(report: GateReport): 0 | 3 {
  return report.outcome === "pass" ? 0 : 3;
}

/** True in a process that a Command started: the destination is in the environment. */
export function isGateProcess(environment: NodeJS.ProcessEnv): boolean {
  return environment.TO !== undefined;
}

/**
 * Reads what a Command passes to a gate. TO: the destination. PHASE: `before` or `after`. PALETTE_GATE_SETTINGS: JSON.
 * BASELINE: JSON, agent versions by `tenant/name`. READINESS: the report of the readiness before the hop, whose record of
 * agents counts when it was taken at another version than TO. PCG: `tenant/name`. INGRESS_PROVED_AT: ISO 8601.
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
    baseline: { ...baselineOf(environment.BASELINE), ...readinessBaseline(environment.READINESS, to) },
    only: pcgOf(environment.PCG),
    ingressProvedAt: timeOf(environment.INGRESS_PROVED_AT),
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
const readiness = z.object({ observed: z.object({ live: z.string(), agents }) });

function baselineOf(text: string | undefined): Record<string, string> {
  if (text === undefined || text === "") return {};
  const parsed = agents.safeParse(jsonOf(text, "BASELINE"));
  if (parsed.success) return parsed.data;
  throw invalid("BASELINE", 'it is not an object of agent versions by "tenant/name"');
}

/** A report that holds no record of agents, or one taken when TO was installed already, says nothing of before the hop. */
function readinessBaseline(text: string | undefined, to: Version): Record<string, string> {
  if (text === undefined || text === "") return {};
  const parsed = readiness.safeParse(jsonOf(text, "READINESS"));
  return parsed.success && parsed.data.observed.live !== to ? parsed.data.observed.agents : {};
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
