import { SiteError } from "../site/types.js";
import { messageOf } from "../errors.js";
import type { GateName, Observed, Outcome, Reason, Verdict } from "./types.js";

/** One thing a judge found, and what it means for the outcome. */
export interface Finding extends Reason {
  outcome: Outcome;
  /** An `unknown` that may be gone when asked again. */
  transient?: boolean;
}

/** Gravest first: a proved fault outweighs what could not be seen, and that outweighs what may still settle. */
const gravity: Record<Outcome, number> = { fail: 0, unknown: 1, wait: 2, pass: 3 };

/** The verdict of all findings, gravest first; none is a pass. The order among equals is kept. */
export function verdictOf(gate: GateName, findings: readonly Finding[], observed: Observed): Verdict {
  const sorted = [...findings].sort((a, b) => gravity[a.outcome] - gravity[b.outcome]);
  const outcome = sorted[0]?.outcome ?? "pass";
  const unknowns = sorted.filter((finding) => finding.outcome === "unknown");
  const transient = outcome === "unknown" && unknowns.every((finding) => finding.transient === true);
  return {
    gate,
    outcome,
    reasons: sorted.map(({ code, member, message }) => ({ code, member, message })),
    observed,
    ...(transient ? { transient } : {}),
  };
}

/** A remark that goes with a pass. */
export function note(message: string, member: string | null = null): Finding {
  return { outcome: "pass", code: "NOTE", member, message };
}

/** A gate that only warns on this hop: what it found is told, each with its code, and nothing is held up. */
export function softened(verdict: Verdict): Verdict {
  if (verdict.outcome === "pass") return verdict;
  const findings = verdict.reasons.map((reason) => softenFinding({ ...reason, outcome: verdict.outcome }));
  return verdictOf(verdict.gate, findings, verdict.observed);
}

/** A finding as a remark that keeps its code in its words. */
export function softenFinding({ code, member, message }: Finding): Finding {
  return note(code === "NOTE" ? message : `${code}: ${message}`, member);
}

const siteCodes: Record<SiteError["kind"], string> = {
  network: "SITE_UNREACHABLE",
  untrusted: "SITE_UNTRUSTED",
  server: "SITE_ERROR",
  throttled: "SITE_THROTTLED",
  unauthorized: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  "not-found": "NOT_FOUND",
  malformed: "ANSWER_MALFORMED",
};

/** True for what asking again may mend. */
export function isTransient(kind: SiteError["kind"]): boolean {
  return kind === "network" || kind === "server" || kind === "throttled";
}

/** An error of a client as a finding that blocks; anything else a client throws is no answer either. */
export function findingOfError(thrown: unknown, member: string | null, what: string): Finding {
  if (!(thrown instanceof SiteError)) {
    return { outcome: "unknown", code: "GATE_ERROR", member, message: `${what}: ${messageOf(thrown)}` };
  }
  return {
    outcome: "unknown",
    code: siteCodes[thrown.kind],
    member,
    message: `${what}: ${thrown.message}`,
    transient: isTransient(thrown.kind),
  };
}

/** The answer to one question, or why there is none: what a probe hands to its judge. */
export type Reading<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** Asks and keeps an error as an answer; an abort is passed on. */
export async function read<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<Reading<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    signal?.throwIfAborted();
    return { ok: false, error };
  }
}
