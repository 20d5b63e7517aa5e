import { isNotApplicable } from "../../gates/verdict/not-now.js";
import { type BegunHop, type GateName, type GateReport } from "../../gates/verdict/types.js";
import { type Matrix } from "../../planning/matrix/types.js";
import { type ExpandContext, findGate, listGates } from "../../planning/plan/expand.js";
import { type Version } from "../../planning/version/version.js";
import { type Prepared } from "../step/prepare.js";
import { type PreviewedGate } from "./report.js";
import { type Settings } from "../../settings/schema.js";
import {
  formatGatewaySubject,
  listCoverageGates,
  listGateways,
  listOwnChecks,
  listSiteGates,
} from "../step/site-gates.js";

/** A gate of this update, and whether it can be judged before the update. */
export interface GateToPreview {
  gate: GateName;
  /** A gateway `tenant/name` or the name of an own check; null where the gate is about the whole. */
  subject: string | null;
  when: "before" | "after";
  mandatory: boolean;
  /** Why it can be judged only in the update; null where it can be judged now. */
  later: string | null;
}

type MatrixScope = Pick<Matrix, "edition" | "method">;
type NamedGate = Pick<GateToPreview, "gate" | "when" | "mandatory">;

/**
 * Lists the gates of this update in order, one entry a gateway. For a hop: those that it needs; its checks after it
 * cannot be judged in advance. While nothing moves: the checks of what is installed.
 */
export function listGatesToPreview(settings: Settings, prepared: Prepared, scope: MatrixScope): GateToPreview[] {
  const { step, hop, facts, observation } = prepared;
  const moves = step.kind === "hop" || step.kind === "install";
  const unseen = observation === null ? "the cluster cannot be read from here" : null;
  const named = ((): NamedGate[] => {
    if (step.kind === "done") return [];
    if (hop !== null)
      return (["before", "after"] as const).flatMap((when) => [
        ...hop.gates
          .filter((planned) => planned.when === when)
          .map(({ name, mandatory }) => ({ gate: name, when, mandatory })),
        { gate: "own-check" as const, when, mandatory: true },
      ]);
    const context = { edition: scope.edition, method: scope.method, facts };
    if (step.kind === "install") return listInstallGates(step.destination, context);
    const from = step.kind === "settle" ? step.from : step.destination;
    return listChecks(from, step.destination, context);
  })();
  return named
    .flatMap((entry) => listSubjects(entry, settings).map((subject) => ({ ...entry, subject })))
    .map((entry) => ({ ...entry, later: moves && entry.when === "after" ? `after the ${step.kind}` : unseen }));
}

/**
 * Lists the gates before a release that moves where no hop begins or goes on: those of the hop or install that it
 * belongs to.
 */
export function listMovingGates(
  settings: Settings,
  { step, facts }: Pick<Prepared, "step" | "facts">,
  { edition, method }: MatrixScope,
  begun: BegunHop | undefined,
): GateToPreview[] {
  const to = step.destination;
  const context = { edition, method, facts };
  const hopGates = listGates(begun?.from ?? to, to, context).filter(({ when }) => when === "before");
  const named: NamedGate[] = [
    ...hopGates.map(({ name, mandatory }) => ({ gate: name, when: "before" as const, mandatory })),
    { gate: "own-check", when: "before", mandatory: true },
  ];
  return named.flatMap((entry) => listSubjects(entry, settings).map((subject) => ({ ...entry, subject, later: null })));
}

/**
 * All gates before an install decide themselves whether they apply; after it, gates that only concern hops are left
 * out.
 */
function listInstallGates(to: Version, context: ExpandContext): NamedGate[] {
  const before = [...listSiteGates("before", context.edition, context.method), "own-check" as const];
  const after = listChecks(to, to, context).filter(
    ({ gate }) => gate === "own-check" || findGate(gate, "after", to, to, context) !== null,
  );
  return [...before.map((gate) => ({ gate, when: "before" as const, mandatory: true })), ...after];
}

function listChecks(from: Version, to: Version, context: ExpandContext): NamedGate[] {
  const names: GateName[] = [
    ...listSiteGates("after", context.edition, context.method),
    ...(context.facts.pcgs === false ? [] : (["pcg-catch-up"] as const)),
  ];
  const own: NamedGate = { gate: "own-check", when: "after", mandatory: true };
  return [
    ...names.map((gate) => ({
      gate,
      when: "after" as const,
      mandatory: findGate(gate, "after", from, to, context)?.mandatory ?? false,
    })),
    own,
  ];
}

function listSubjects({ gate, when }: NamedGate, settings: Settings): (string | null)[] {
  if (gate === "own-check") return listOwnChecks(when, settings.checks);
  if (gate !== "pcg-readiness" && gate !== "pcg-catch-up") return [null];
  const uncovered = listCoverageGates(settings).some((name) => name === gate) ? [null] : [];
  return [...listGateways(settings).map(formatGatewaySubject), ...uncovered];
}

/** Judges one gate once. */
type AskGate = (gate: GateToPreview, signal: AbortSignal) => Promise<GateReport>;

/** Judges all possible gates at once; one that has not answered when `signal` aborts is left to the update. */
export async function askGates(
  gates: readonly GateToPreview[],
  ask: AskGate,
  signal: AbortSignal,
  limitSeconds: number,
): Promise<{ gates: PreviewedGate[]; reports: GateReport[] }> {
  const answers = await Promise.all(
    gates.map(async (entry) => {
      if (entry.later !== null) return { shown: createUncheckedGate(entry, entry.later), report: null };
      try {
        const report = await ask(entry, signal);
        return { shown: toPreviewedGate(entry, report), report };
      } catch (error) {
        if (!signal.aborted) throw error;
        return { shown: createUncheckedGate(entry, `it did not answer within ${limitSeconds} s`), report: null };
      }
    }),
  );
  return {
    gates: answers.map(({ shown }) => shown),
    reports: answers.flatMap(({ report }) => (report === null ? [] : [report])),
  };
}

function createUncheckedGate({ gate, subject, when, mandatory }: GateToPreview, why: string): PreviewedGate {
  return { gate, subject, when, mandatory, outcome: "will-check", reasons: [], why };
}

/** Shows a single sample that may still pass as a wait; for a hook it is a failure. */
function toPreviewedGate({ gate, subject, when, mandatory }: GateToPreview, report: GateReport): PreviewedGate {
  const outcome = isNotYet(report) ? "wait" : isNotApplicable(report) ? "not-applicable" : report.outcome;
  const reasons = report.reasons.filter(({ code }) => code !== "NOT_YET");
  return { gate, subject, when, mandatory, outcome, reasons, why: null };
}

function isNotYet({ reasons }: GateReport): boolean {
  return reasons.some(({ code }) => code === "NOT_YET");
}
