import { type PromotedHop } from "../gates/types.js";
import { type Plan } from "../plan/types.js";
import { type Observation } from "../site/types.js";
import { type HeldRelease, type Recorded, type VerifiedHop } from "./recorded.js";
import { descriptionFor, type Step } from "./step.js";
import { type Version } from "../version/version.js";

/** What a gate's Command printed: its report as one line of JSON, trimmed to what the program reads of it. */
export interface Evidence {
  gate: string;
  finishedAt: string;
  reasons: { code: string }[];
  observed: { agents?: Record<string, string> } | null;
}

/** Null for a line that is no evidence. */
export function parseEvidence(line: string): Evidence | null {
  try {
    return JSON.parse(line) as Evidence;
  } catch {
    return null;
  }
}

/** When the root domain was proved to lead to the new ingress; empty where the hop changed none. */
export function ingressProvedAt(evidence: readonly Evidence[]): string {
  const check = evidence.find(({ gate }) => gate === "ingress");
  const judged = check?.reasons.every(({ code }) => code !== "NOT_APPLICABLE");
  return judged === true ? check!.finishedAt : "";
}

export interface OutputsQuestion {
  step: Step;
  clusterUid: string;
  releases: { role: string; name: string; namespace: string }[];
  recorded: Recorded;
  baseline: Record<string, string>;
  installedBaseline: Record<string, string>;
  /** Evidence of the checks after the releases, in order. */
  evidence: Evidence[];
  /** The plan from the destination on: what remains once this update has succeeded. */
  remaining: Plan | null;
  target: string;
  matrix: { id: string; sha256: string };
  /** sha256 by role of the charts of the destination. */
  chartDigests: Record<string, string>;
  /** What the stage before has verified of this hop. */
  promoted: PromotedHop[] | null;
  /** What Helm holds of each release now that its checks have passed. */
  held: HeldRelease[];
  /** When the first release moved to the destination, ISO 8601; null where that is not known. */
  movedAt: string | null;
}

/** Stack outputs after a successful update. A function of the destination, so that the run after the last hop is quiet. */
export function stackOutputs(question: OutputsQuestion): Record<string, unknown> {
  const { step, recorded, remaining } = question;
  const agents = Object.assign({}, ...question.evidence.map((e) => e.observed?.agents ?? {})) as Record<string, string>;
  return {
    clusterUid: question.clusterUid,
    observedVersion: step.destination,
    appliedVersion: step.destination,
    targetVersion: remaining?.to ?? question.target,
    remaining: remaining?.hops.map((hop) => hop.to) ?? [],
    releases: question.releases,
    adopted: step.declareReleases,
    agents: Object.keys(agents).length > 0 ? agents : recorded.agents,
    agentBaseline: question.baseline,
    installedBaseline: question.installedBaseline,
    verifiedHops: verifiedHops(question),
    ...(step.kind === "install" ? { installedFresh: step.destination } : {}),
    ...(step.kind === "done" && recorded.installedFresh !== undefined
      ? { installedFresh: recorded.installedFresh }
      : {}),
    ...heldOf(question),
    ...(question.promoted === null ? {} : { promoted: question.promoted }),
    plan: remaining === null ? null : summary(remaining),
    fingerprint: remaining?.fingerprint ?? null,
  };
}

/** Taken anew when something was proved; a settled stack keeps what it has, so that a drift is never recorded as right. */
function heldOf({ step, recorded, held }: OutputsQuestion): Pick<Recorded, "held" | "heldBefore"> {
  const keeps = step.kind === "done" && recorded.held.length > 0;
  if (keeps) return { held: recorded.held, heldBefore: recorded.heldBefore };
  return { held, heldBefore: recorded.appliedVersion === step.destination ? recorded.heldBefore : recorded.held };
}

/** Of every release its deployed revision, by role. */
export function heldNow({ releases }: Pick<Observation, "releases">): HeldRelease[] {
  return releases.flatMap(({ role, deployed }) =>
    deployed === null ? [] : [{ role, revision: deployed.revision, valuesDigest: deployed.valuesDigest }],
  );
}

/** When the first release that bears the destination's mark was deployed; null where none does. */
export function movedAt({ releases }: Pick<Observation, "releases">, destination: Version): string | null {
  const times = releases.flatMap(({ deployed }) =>
    deployed?.description === descriptionFor(destination) ? [deployed.lastDeployed] : [],
  );
  return times.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
}

function verifiedHops({ step, recorded, evidence, matrix, chartDigests, movedAt }: OutputsQuestion): VerifiedHop[] {
  const done = recorded.verifiedHops;
  const moved = step.kind === "hop" || (step.kind === "settle" && step.ours);
  if (!moved || step.from === step.destination) return done;
  const hop = { from: step.from, to: step.destination };
  if (done.some((entry) => entry.from === hop.from && entry.to === hop.to)) return done;
  const verifiedAt =
    evidence
      .map((e) => e.finishedAt)
      .sort()
      .at(-1) ?? "";
  const minutes = movedAt === null ? NaN : Math.ceil((Date.parse(verifiedAt) - Date.parse(movedAt)) / 60_000);
  const verified = { ...hop, matrix: matrix.id, matrixSha256: matrix.sha256, chartDigests, verifiedAt };
  return [...done, minutes >= 0 ? { ...verified, minutes } : verified];
}

/** The plan without what changes by the day, else a settled stack would show a new output every morning. */
function summary(plan: Plan): Record<string, unknown> {
  const hops = plan.hops.map(({ from, to, change, skips }) => ({ from, to, change, skips }));
  const warnings = plan.warnings.map((warning) => warning.code);
  return {
    outcome: plan.outcome,
    from: plan.from,
    to: plan.to,
    strategy: plan.strategy,
    hops,
    warnings,
    matrix: plan.matrix.id,
  };
}
