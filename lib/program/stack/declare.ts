import { type local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { readMaxWaitSeconds } from "../../gates/run/codec.js";
import { progressVariable, reportProgress } from "../../gates/run/progress-file.js";
import { type GateReport, type PromotedHop } from "../../gates/verdict/types.js";
import { type DeclaredRelease } from "../step/releases/declared-release.js";
import { findBegunHop } from "../step/guard/begun.js";
import { createJudgeContext } from "../step/judge.js";
import { prepareGateRequests } from "./gate-requests.js";
import { guardInstall } from "../step/guard/guard-install.js";
import { type GuardedRun, guardRelease, refuseUnpassed } from "../step/guard/guard.js";
import { judgeInProgram } from "../../gates/run/in-process.js";
import {
  createStackOutputs,
  type Evidence,
  findIngressProofTime,
  findMovedAt,
  listEarlierEvidence,
  listDeployedRevisions,
  parseEvidence,
} from "../step/outputs.js";
import { PaletteInstallation } from "./palette-installation.js";
import { requireInstalled } from "../step/observe.js";
import { type Prepared } from "../step/prepare.js";
import { PrivateCloudGateway } from "./private-cloud-gateway.js";
import { type Baselines, type Recorded, selectBaselines, type SettledRelease } from "../step/recorded.js";
import {
  listCoverageGates,
  listGateways,
  listHopGates,
  listInstallGates,
  listOwnChecks,
  listSiteGates,
} from "../step/site-gates.js";
import { type Update } from "../step/update.js";

/** The update, and what of it is to be declared. */
interface DeclareInput extends Update {
  prepared: Prepared;
  releases: readonly DeclaredRelease[];
  /** sha256 by role of the charts of the destination. */
  chartDigests: Record<string, string>;
  /** What the previous stage has verified of this hop; null without `palette:promotion.stack`. */
  promoted: PromotedHop[] | null;
  /** Adds to a preview the gates before a release that a step would move though no hop begins or goes on in it. */
  showMovingGates: () => Promise<void>;
  /** Judges the gateways' catch-up in a preview by the time at which an earlier update proved the ingress. */
  showCatchUps: (ingressProvedAt: string) => Promise<void>;
}

/** What this run knows of its gates. */
interface RunEvidence extends GuardedRun {
  startedAt: Date;
  passedAt: string | null;
}

/** Declares the resources of one step and returns the stack's outputs. */
export async function declareStep(input: DeclareInput): Promise<Record<string, unknown>> {
  const { settings, matrix, recorded, prepared, releases, promoted } = input;
  const { step } = prepared;
  const request = prepareGateRequests(input, prepared, promoted);
  const { baseline, installedBaseline } = selectBaselines(recorded, step.destination);
  const gatesBefore = [...listSiteGates("before", matrix.edition, matrix.method), ...listCoverageGates(settings)];
  const evidence: RunEvidence = { startedAt: await input.clock.now(), passedAt: null, hasJudgedAll: false };
  const checksAfter = listSiteGates("after", matrix.edition, matrix.method);
  const palette = new PaletteInstallation("palette", {
    from: step.kind === "hop" ? step.from : step.destination,
    destination: step.destination,
    edition: settings.edition,
    matrix: matrix.id,
    clusterIdentifier: settings.clusterIdentifier,
    kubeconfig: settings.kubernetes.kubeconfig ?? "",
    context: settings.kubernetes.context ?? "",
    releaseTimeoutSeconds: settings.helm.timeoutSeconds,
    gatesBefore,
    checksAfter,
    ownBefore: listOwnChecks("before", settings.checks),
    ownAfter: listOwnChecks("after", settings.checks),
    request,
    guard: input.isPreview ? () => input.showMovingGates() : createGuard(input, evidence),
    guardsPreview: input.isPreview && step.kind !== "hop" && step.kind !== "install",
  });

  const rollout = palette.gates.filter((_, index) => gatesBefore[index] === "rollout");
  const gateways = listGateways(settings).map(
    ({ name, ...gateway }) => new PrivateCloudGateway(name, { ...gateway, request }, rollout),
  );
  const gates = [...palette.gates, ...gateways.flatMap((gateway) => gateway.gates)];
  // While a hop settles its Commands judge the destination; a release that still moves for the hop is held to the hop's gates.
  if (step.kind !== "settle") recordPasses(gates, evidence);
  const adopts = step.kind === "hop" || step.kind === "enrol";
  if (adopts && releases.length > 0 && !recorded.adopted && !input.isPreview)
    await judgeBeforeImport(input, gates, evidence);
  const moved = palette.declareReleases(releases, gates);
  const checks = palette.declareChecks(moved);
  // Of this check alone: a preview knows its time where an earlier update has passed it, whatever failed after it.
  const provedAt = pulumi
    .all(checks.filter((_, index) => checksAfter[index] === "ingress").map((check) => check.stdout))
    .apply((lines) => findIngressProofTime(parseEvidenceLines(lines)))
    .apply(async (time) => {
      if (input.isPreview) await input.showCatchUps(time);
      return time;
    });
  const proved = [...checks, ...gateways.map((gateway) => gateway.declareCatchUp(checks.slice(-1), provedAt))];
  if (!input.isPreview && step.kind !== "done") await judgeEarlierChecks(input, proved, evidence.startedAt);
  return createOutputs(input, proved, { baseline, installedBaseline }, mergeIdentities(prepared.installed, releases));
}

/** Merges installed releases with those that this update adds. */
function mergeIdentities(
  installed: Recorded["releases"],
  declared: readonly Recorded["releases"][number][],
): Recorded["releases"] {
  const added = declared.filter(({ role }) => !installed.some((release) => release.role === role));
  return [...installed, ...added].map(({ role, name, namespace }) => ({ role, name, namespace }));
}

/** Judges before the import: a refusal between import and update would leave values in clear text in the state. */
async function judgeBeforeImport(input: DeclareInput, gates: local.Command[], evidence: RunEvidence): Promise<void> {
  await Promise.all(gates.map((gate) => awaitOutput(gate.stdout)));
  await createGuard(input, evidence)("the first to be adopted");
}

/**
 * Judges the checks again that an earlier run has passed: their Commands do not run again, and what held days ago need not
 * hold now.
 *
 * @throws RefusedError `GATE_REFUSED` naming what does not hold; the destination then stays unsettled.
 */
async function judgeEarlierChecks(input: DeclareInput, checks: local.Command[], startedAt: Date): Promise<void> {
  const evidence = parseEvidenceLines(await Promise.all(checks.map((check) => awaitOutput(check.stdout))));
  const ingressProvedAt = findIngressProofTime(evidence) || undefined;
  const earlier = listEarlierEvidence(evidence, startedAt);
  const reports = await Promise.all(
    earlier.map(({ gate: name, subject: only }) => judgeAgain(input, { name, when: "after", only, ingressProvedAt })),
  );
  refuseUnpassed(reports, `${input.prepared.step.destination} is not settled`);
}

function createGuard(input: DeclareInput, evidence: RunEvidence): (release: string) => Promise<void> {
  const { prepared, settings, matrix, clock } = input;
  const { step, clusterUid, facts } = prepared;
  const to = step.destination;
  const getPassedAt = (): string | null => evidence.passedAt;
  if (step.kind === "install") {
    const gates = listInstallGates(matrix, settings.checks);
    return (release) =>
      guardInstall(release, {
        ...input,
        run: evidence,
        destination: to,
        clusterUid,
        gates,
        judge: (gate) => judgeAgain(input, { name: gate.name, when: "before", release }),
        getPassedAt,
      });
  }
  const context = { edition: matrix.edition, method: matrix.method, facts };
  const begun = findBegunHop(step, input.recorded);
  return (release) =>
    guardRelease(release, {
      run: evidence,
      from: step.kind === "hop" ? step.from : to,
      destination: to,
      clusterUid,
      isSupported: input.isSupported,
      observe: input.observe,
      gates: listHopGates(begun?.from ?? to, to, context, settings.checks),
      judge: (gate, single) => judgeAgain(input, { name: gate.name, when: "before", release, single }),
      getPassedAt,
      recordPass: (at) => void (evidence.passedAt = at.toISOString()),
      now: () => clock.now(),
    });
}

interface GateAgain {
  name: string;
  when: "before" | "after";
  /** The gateway or own check that is judged alone; absent: all. */
  only?: string | undefined;
  /** The release that is about to move; absent where none is. */
  release?: string;
  /** Decides on one sample; else the gate is sampled until it passes or its deadline, as in its Command. */
  single?: boolean;
  ingressProvedAt?: string | undefined;
}

/** Judges a gate again and reports it like a gate's process does, so that the journal has it too. */
async function judgeAgain(input: DeclareInput, { release, single = false, ...again }: GateAgain): Promise<GateReport> {
  const { prepared, promoted, environment } = input;
  const { step } = prepared;
  const report = await judgeInProgram(
    {
      ...again,
      to: step.destination,
      single,
      install: step.kind === "install",
      begun: findBegunHop(step, input.recorded),
      maxWaitSeconds: readMaxWaitSeconds(environment),
    },
    { ...createJudgeContext(input, prepared, again.when), promoted: promoted ?? undefined },
  );
  const { gate, when } = report;
  reportProgress(environment[progressVariable], { gate, when, pcg: again.only ?? null, report, release });
  return report;
}

/** Records when the oldest gate of this hop passed in this run; a pass that an earlier run left does not count. */
function recordPasses(gates: local.Command[], evidence: RunEvidence): void {
  pulumi.all(gates.map((gate) => gate.stdout)).apply((lines) => {
    const oldest = lines.map((line) => parseEvidence(line)?.finishedAt ?? "").sort()[0] ?? "";
    evidence.passedAt = Date.parse(oldest) >= evidence.startedAt.getTime() ? oldest : null;
  });
}

function createOutputs(
  input: DeclareInput,
  proved: local.Command[],
  baselines: Omit<Baselines, "settledRevisions">,
  releases: Recorded["releases"],
): Record<string, unknown> {
  const { prepared, settings, matrix, recorded, chartDigests, promoted } = input;
  const toOutputs = (evidence: Evidence[], { settledRevisions, movedAt }: ProvenState): Record<string, unknown> =>
    createStackOutputs({
      step: prepared.step,
      clusterUid: prepared.clusterUid,
      releases,
      recorded,
      ...baselines,
      evidence,
      remaining: prepared.remaining,
      target: settings.target,
      matrix,
      chartDigests,
      promoted,
      settledRevisions,
      movedAt,
    });
  // Read after every check has passed, so it is the state that they proved.
  const readProvenState = async (): Promise<ProvenState> => {
    if (prepared.step.kind === "done" && recorded.held.length > 0)
      return { settledRevisions: recorded.held, movedAt: null };
    const seen = requireInstalled(await input.observe());
    return { settledRevisions: listDeployedRevisions(seen), movedAt: findMovedAt(seen, prepared.step.destination) };
  };
  const proven = pulumi
    .all(proved.map((check) => check.stdout))
    .apply(async (lines) => toOutputs(parseEvidenceLines(lines), await readProvenState()));
  // A failed update saves the outputs that are resolved, so all of them wait for every check. A preview saves none.
  const plain = Object.entries(toOutputs([], { settledRevisions: recorded.held, movedAt: null }));
  const entries = plain.map(([key, value]) => [
    key,
    pulumi.runtime.isDryRun() && !knownOnlyAfter.has(key) ? value : proven.apply((values) => values[key]),
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** What Helm's records say once the checks have passed. */
interface ProvenState {
  settledRevisions: SettledRelease[];
  movedAt: string | null;
}

/** Outputs whose value a preview cannot know. */
const knownOnlyAfter: ReadonlySet<string> = new Set(["appliedVersion", "agents", "held", "verifiedHops"]);

function parseEvidenceLines(lines: string[]): Evidence[] {
  return lines.flatMap((line) => parseEvidence(line) ?? []);
}

/** Waits for the value of an output in an update; never settles if its resource fails, which ends the program. */
function awaitOutput<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply((value) => resolve(value));
  });
}
