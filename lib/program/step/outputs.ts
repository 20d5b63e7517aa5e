import { type PromotedHop } from "../../gates/verdict/types.js";
import { type Plan } from "../../planning/plan/types.js";
import { type Observation } from "../../site/types.js";
import { type SettledRelease, type Recorded, type VerifiedHop } from "./recorded.js";
import { formatMarker } from "../../site/helm/releases.js";
import { type Step } from "./step.js";
import { type Version } from "../../planning/version/version.js";

/** The part of a gate's report that the program reads; its Command prints the report as one line of JSON. */
export interface Evidence {
  gate: string;
  /** The gateway or own check that alone was judged; absent: all. */
  subject?: string;
  finishedAt: string;
  reasons: { code: string }[];
  observed: { agents?: Record<string, string> } | null;
}

/** Parses the report; null for a line that is no JSON. */
export function parseEvidence(line: string): Evidence | null {
  try {
    return JSON.parse(line) as Evidence;
  } catch {
    return null;
  }
}

/** Lists the evidence that an earlier run has left; what bears no time counts as such. Pure. */
export function listEarlierEvidence(evidence: readonly Evidence[], startedAt: Date): Evidence[] {
  return evidence.filter(({ finishedAt }) => !(Date.parse(finishedAt) >= startedAt.getTime()));
}

/** When the ingress gate proved that the root domain leads to the new ingress; empty where the hop changed none. */
export function findIngressProofTime(evidence: readonly Evidence[]): string {
  const check = evidence.find(({ gate }) => gate === "ingress");
  const judged = check?.reasons.every(({ code }) => code !== "NOT_APPLICABLE");
  return judged === true ? check!.finishedAt : "";
}

export interface StackOutputsInput {
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
  /** What the previous stage has verified of this hop. */
  promoted: PromotedHop[] | null;
  /** Helm's deployed revision of each release now that its checks have passed. */
  settledRevisions: SettledRelease[];
  /** When the first release moved to the destination, ISO 8601; null where that is not known. */
  movedAt: string | null;
}

/**
 * Creates the stack outputs. They depend on the destination only, so that the run after the last hop changes nothing.
 */
export function createStackOutputs(input: StackOutputsInput): Record<string, unknown> {
  const { step, recorded, remaining } = input;
  const agents = Object.assign({}, ...input.evidence.map((e) => e.observed?.agents ?? {})) as Record<string, string>;
  return {
    clusterUid: input.clusterUid,
    observedVersion: step.destination,
    appliedVersion: step.destination,
    targetVersion: remaining?.to ?? input.target,
    remaining: remaining?.hops.map((hop) => hop.to) ?? [],
    releases: input.releases,
    adopted: step.declareReleases,
    agents: Object.keys(agents).length > 0 ? agents : recorded.agents,
    agentBaseline: input.baseline,
    installedBaseline: input.installedBaseline,
    verifiedHops: listVerifiedHops(input),
    ...(step.kind === "install" ? { installedFresh: step.destination } : {}),
    ...(step.kind === "done" && recorded.installedFresh !== undefined
      ? { installedFresh: recorded.installedFresh }
      : {}),
    ...selectSettledRevisions(input),
    ...(input.promoted === null ? {} : { promoted: input.promoted }),
    plan: remaining === null ? null : summarisePlan(remaining),
    fingerprint: remaining?.fingerprint ?? null,
  };
}

/**
 * Takes the new revisions when something was proved; a settled stack keeps the old ones, so that drift is not recorded.
 */
function selectSettledRevisions({
  step,
  recorded,
  settledRevisions,
}: StackOutputsInput): Pick<Recorded, "held" | "heldBefore"> {
  const keeps = step.kind === "done" && recorded.held.length > 0;
  if (keeps) return { held: recorded.held, heldBefore: recorded.heldBefore };
  return {
    held: settledRevisions,
    heldBefore: recorded.appliedVersion === step.destination ? recorded.heldBefore : recorded.held,
  };
}

/** Lists the deployed revision of every release, by role. */
export function listDeployedRevisions({ releases }: Pick<Observation, "releases">): SettledRelease[] {
  return releases.flatMap(({ role, deployed }) =>
    deployed === null ? [] : [{ role, revision: deployed.revision, valuesDigest: deployed.valuesDigest }],
  );
}

/** Finds when the first release with the destination's marker was deployed; null where there is none. */
export function findMovedAt({ releases }: Pick<Observation, "releases">, destination: Version): string | null {
  const times = releases.flatMap(({ deployed }) =>
    deployed?.description === formatMarker(destination) ? [deployed.lastDeployed] : [],
  );
  return times.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
}

function listVerifiedHops({
  step,
  recorded,
  evidence,
  matrix,
  chartDigests,
  movedAt,
}: StackOutputsInput): VerifiedHop[] {
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

/** Summarises the plan without what changes from day to day, or a settled stack would have a diff every day. */
function summarisePlan(plan: Plan): Record<string, unknown> {
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
