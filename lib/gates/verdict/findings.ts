import { SiteError } from "../../base/errors/site-error.js";
import { isAccessFault } from "../../site/kubernetes/errors.js";
import { getErrorMessage } from "../../base/errors/errors.js";
import { type Edge, type GateName, type Observed, type Outcome, type Reason, type Verdict } from "./types.js";

/** One reason that a judge found, and its outcome. */
export interface Finding extends Reason {
  outcome: Outcome;
  /** True for an `unknown` that may disappear when sampled again. */
  transient?: boolean;
}

/** Order of gravity: a proved fault comes before what could not be judged, and that before what may still pass. */
const gravity: Record<Outcome, number> = { fail: 0, unknown: 1, wait: 2, pass: 3 };

/**
 * Creates the verdict of all findings, gravest first; no finding is a pass. Findings of equal gravity keep their order.
 */
export function createVerdict(gate: GateName, findings: readonly Finding[], observed: Observed): Verdict {
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

/** Creates a remark, which does not block. */
export function createNote(message: string, member: string | null = null): Finding {
  return { outcome: "pass", code: "NOTE", member, message };
}

/** Turns the verdict of a gate that only warns on this hop into a pass whose remarks keep their codes. */
export function softenVerdict(verdict: Verdict): Verdict {
  if (verdict.outcome === "pass") return verdict;
  const findings = verdict.reasons.map((reason) => softenFinding({ ...reason, outcome: verdict.outcome }));
  return createVerdict(verdict.gate, findings, verdict.observed);
}

/** Turns a finding into a remark that names the code in its message. */
export function softenFinding({ code, member, message }: Finding): Finding {
  return createNote(code === "NOTE" ? message : `${code}: ${message}`, member);
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

/** True for errors that may disappear when asked again. */
function isTransient(kind: SiteError["kind"]): boolean {
  return kind === "network" || kind === "server" || kind === "throttled";
}

/** Turns an error of a client, or anything else that was thrown, into a finding that blocks. */
export function toErrorFinding(thrown: unknown, member: string | null, what: string): Finding {
  if (!(thrown instanceof SiteError)) {
    return { outcome: "unknown", code: "GATE_ERROR", member, message: `${what}: ${getErrorMessage(thrown)}` };
  }
  return {
    outcome: "unknown",
    code: siteCodes[thrown.kind],
    member,
    message: `${what}: ${thrown.message}`,
    transient: isTransient(thrown.kind),
  };
}

/** What a probe hands to its judge: the answer of one request, or its error. */
export type Reading<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** Runs one request and returns its error as a result; rethrows an abort, and a fault that no waiting mends. */
export async function read<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<Reading<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    signal?.throwIfAborted();
    if (isAccessFault(error)) throw error;
    return { ok: false, error };
  }
}

/** Creates the passing verdict of a gate whose setting is empty. `why` is a clause. */
export function createNotConfiguredVerdict(gate: GateName, why: string, { from, to }: Edge): Verdict {
  const where = from === to ? `for ${to}` : `on the hop ${from} -> ${to}`;
  const message = `${why}, so the gate ${gate} has nothing to judge ${where}.`;
  return {
    gate,
    outcome: "pass",
    reasons: [{ code: "NOT_APPLICABLE", member: null, message }],
    observed: { live: from, configured: false },
  };
}
