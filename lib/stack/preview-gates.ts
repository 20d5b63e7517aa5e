import { isNotApplicable } from "../gates/not-applicable.js";
import { isImplemented } from "../gates/registry.js";
import { type GateName, type GateReport } from "../gates/types.js";
import { gateFor, type ExpandContext } from "../plan/expand.js";
import { type Matrix } from "../matrix/types.js";
import { type Version } from "../version/version.js";
import { type Prepared } from "./prepare.js";
import { type PreviewedGate } from "./preview-report.js";
import { type Settings } from "./settings-schema.js";
import { ownChecks, siteGates } from "./site-gates.js";
import { coverageGate, listedGateways, subjectOf } from "./site-gateways.js";

/** A gate of this update, and whether it can be asked before it. */
export interface GateToPreview {
  gate: GateName;
  /** A gateway `tenant/name` or the name of an own check; null where the gate is about the whole. */
  subject: string | null;
  when: "before" | "after";
  mandatory: boolean;
  /** Why it can be asked only in the update; null where it can be asked now. */
  later: string | null;
}

type Where = Pick<Matrix, "edition" | "method">;
type Named = Pick<GateToPreview, "gate" | "when" | "mandatory">;

/**
 * The gates of this update in their order, one line a gateway. Before a hop: those that the hop needs, its checks after it
 * cannot be asked before it. While nothing moves: the checks of what is installed.
 */
export function gatesToPreview(settings: Settings, prepared: Prepared, where: Where): GateToPreview[] {
  const { step, hop, facts, observation } = prepared;
  const moves = step.kind === "hop" || step.kind === "install";
  const unseen = observation === null ? "the cluster cannot be read from here" : null;
  const named = ((): Named[] => {
    if (step.kind === "done") return [];
    if (hop !== null)
      return (["before", "after"] as const).flatMap((when) => [
        ...hop.gates
          .filter((planned) => planned.when === when)
          .map(({ name, mandatory }) => ({ gate: name, when, mandatory })),
        { gate: "own-check" as const, when, mandatory: true },
      ]);
    const context = { edition: where.edition, method: where.method, facts };
    if (step.kind === "install") return installGates(step.destination, context);
    const from = step.kind === "settle" ? step.from : step.destination;
    return checksOf(from, step.destination, context);
  })();
  return named
    .filter(({ gate }) => isImplemented(gate))
    .flatMap((entry) => subjectsOf(entry, settings).map((subject) => ({ ...entry, subject })))
    .map((entry) => ({ ...entry, later: moves && entry.when === "after" ? `after the ${step.kind}` : unseen }));
}

/** Before an install every gate says whether it has anything to judge; after it those of the hops alone have nothing. */
function installGates(to: Version, context: ExpandContext): Named[] {
  const before = [...siteGates("before", context.edition, context.method), "own-check" as const];
  const after = checksOf(to, to, context).filter(
    ({ gate }) => gate === "own-check" || gateFor(gate, "after", to, to, context) !== null,
  );
  return [...before.map((gate) => ({ gate, when: "before" as const, mandatory: true })), ...after];
}

function checksOf(from: Version, to: Version, context: ExpandContext): Named[] {
  const names: GateName[] = [
    ...siteGates("after", context.edition, context.method),
    ...(context.facts.pcgs === false ? [] : (["pcg-catch-up"] as const)),
  ];
  const own: Named = { gate: "own-check", when: "after", mandatory: true };
  return [
    ...names.map((gate) => ({
      gate,
      when: "after" as const,
      mandatory: gateFor(gate, "after", from, to, context)?.mandatory ?? false,
    })),
    own,
  ];
}

function subjectsOf({ gate, when }: Named, settings: Settings): (string | null)[] {
  if (gate === "own-check") return ownChecks(when, settings.checks);
  if (gate !== "pcg-readiness" && gate !== "pcg-catch-up") return [null];
  const uncovered = coverageGate(settings).some((name) => name === gate) ? [null] : [];
  return [...listedGateways(settings).map(subjectOf), ...uncovered];
}

/** Looks at one gate once. */
export type Ask = (gate: GateToPreview, signal: AbortSignal) => Promise<GateReport>;

/** Asks all that can be asked now, at once; what has not answered when `signal` ends is said to be checked in the update. */
export async function askForPreview(
  gates: readonly GateToPreview[],
  ask: Ask,
  signal: AbortSignal,
  limitSeconds: number,
): Promise<{ gates: PreviewedGate[]; reports: GateReport[] }> {
  const answers = await Promise.all(
    gates.map(async (entry) => {
      if (entry.later !== null) return { shown: willCheck(entry, entry.later), report: null };
      try {
        const report = await ask(entry, signal);
        return { shown: shownOf(entry, report), report };
      } catch (error) {
        if (!signal.aborted) throw error;
        return { shown: willCheck(entry, `it did not answer within ${limitSeconds} s`), report: null };
      }
    }),
  );
  return {
    gates: answers.map(({ shown }) => shown),
    reports: answers.flatMap(({ report }) => (report === null ? [] : [report])),
  };
}

function willCheck({ gate, subject, when, mandatory }: GateToPreview, why: string): PreviewedGate {
  return { gate, subject, when, mandatory, outcome: "will-check", reasons: [], why };
}

/** A single look that may still pass is a wait, not the failure that it is for a hook. */
function shownOf({ gate, subject, when, mandatory }: GateToPreview, report: GateReport): PreviewedGate {
  const outcome = isNotYet(report) ? "wait" : isNotApplicable(report) ? "not-applicable" : report.outcome;
  const reasons = report.reasons.filter(({ code }) => code !== "NOT_YET");
  return { gate, subject, when, mandatory, outcome, reasons, why: null };
}

function isNotYet({ reasons }: GateReport): boolean {
  return reasons.some(({ code }) => code === "NOT_YET");
}
