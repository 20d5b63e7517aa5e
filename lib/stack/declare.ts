import type { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { patienceOf } from "../gates/process.js";
import { progressVariable, tellProgress } from "../gates/progress-file.js";
import { type Gate, type GateReport, type PromotedHop } from "../gates/types.js";
import { baselinesOf, type Baselines } from "./baselines.js";
import { gateEnvironment, gateSettingsOf } from "./gate-environment.js";
import { guardInstall } from "./guard-install.js";
import { guardRelease } from "./guard.js";
import { judgeInProgram } from "./judge-in-program.js";
import { hopGates, installGates } from "./hop-gates.js";
import { inProgram } from "./look.js";
import { heldNow, ingressProvedAt, movedAt, parseEvidence, stackOutputs, type Evidence } from "./outputs.js";
import { PaletteInstallation, type DeclaredRelease } from "./palette-installation.js";
import { type Prepared } from "./prepare.js";
import { PrivateCloudGateway } from "./private-cloud-gateway.js";
import { measuredBefore, type HeldRelease, type Recorded } from "./recorded.js";
import { ownChecks, siteGates } from "./site-gates.js";
import { coverageGate, listedGateways } from "./site-gateways.js";
import { type Update } from "./update.js";

/** What of this update is declared. */
export interface DeclareQuestion extends Update {
  prepared: Prepared;
  releases: readonly DeclaredRelease[];
  /** sha256 by role of the charts of the destination. */
  chartDigests: Record<string, string>;
  /** What the stage before has verified of this hop; null where no stack is promoted from. */
  promoted: PromotedHop[] | null;
}

/** Declares the resources of one step and returns the stack's outputs. */
export async function declare(question: DeclareQuestion): Promise<Record<string, unknown>> {
  const { settings, matrix, recorded, prepared, releases, promoted } = question;
  const { step } = prepared;
  const gateSettings = gateSettingsOf(settings, prepared.clusterUid);
  const install = step.kind === "install" || (step.kind === "done" && recorded.installedFresh === step.destination);
  const before = gateEnvironment(settings, gateSettings, "before", step.destination, install);
  const after = gateEnvironment(settings, gateSettings, "after", step.destination);
  const { baseline, installedBaseline, held } = baselinesOf(recorded, step.destination);

  const measured = measuredBefore(recorded.verifiedHops, step.destination);
  const gatesBefore = [...siteGates("before", matrix.edition, matrix.method), ...coverageGate(settings)];
  const evidence: { passedAt: string | null } = { passedAt: null };
  const palette = new PaletteInstallation("palette", {
    from: step.kind === "hop" ? step.from : step.destination,
    destination: step.destination,
    edition: settings.edition,
    matrix: matrix.id,
    clusterIdentifier: settings.clusterIdentifier,
    kubeconfig: settings.kubeconfig,
    context: settings.context,
    releaseTimeoutSeconds: settings.releaseTimeoutSeconds,
    gatesBefore,
    checksAfter: siteGates("after", matrix.edition, matrix.method),
    ownBefore: ownChecks("before", settings.checks),
    ownAfter: ownChecks("after", settings.checks),
    extra: {
      "helm-release": { HELD: JSON.stringify(held) },
      ...(promoted === null ? {} : { promotion: { PROMOTED: JSON.stringify(promoted) } }),
      ...(settings.windows.length === 0 || measured.length === 0
        ? {}
        : { window: { MEASURED: JSON.stringify(measured) } }),
    },
    before,
    after,
    guard: guardOf(question, evidence),
  });

  const rollout = palette.gates.filter((_, index) => gatesBefore[index] === "rollout");
  const gateways = listedGateways(settings).map(
    ({ name, ...gateway }) =>
      new PrivateCloudGateway(
        name,
        {
          ...gateway,
          before,
          after,
          baseline: JSON.stringify(baseline),
          installedBaseline: JSON.stringify(installedBaseline),
        },
        rollout,
      ),
  );
  const gates = [...palette.gates, ...gateways.flatMap((gateway) => gateway.gates)];
  notePasses(gates, evidence);
  const adopts = step.kind === "hop" || step.kind === "enrol";
  if (adopts && releases.length > 0 && !recorded.adopted && !question.isPreview)
    await beforeImport(question, gates, evidence);
  const moved = palette.declareReleases(releases, gates);
  const checks = palette.declareChecks(moved);
  const provedAt = pulumi.all(checks.map((check) => check.stdout)).apply((lines) => ingressProvedAt(evidenceIn(lines)));
  const proved = [...checks, ...gateways.map((gateway) => gateway.catchUpAfter(checks.slice(-1), provedAt))];
  return outputsOf(question, proved, { baseline, installedBaseline }, identities(prepared.installed, releases));
}

/** Installed releases, with those that this update adds. */
function identities(
  installed: Recorded["releases"],
  declared: readonly Recorded["releases"][number][],
): Recorded["releases"] {
  const added = declared.filter(({ role }) => !installed.some((release) => release.role === role));
  return [...installed, ...added].map(({ role, name, namespace }) => ({ role, name, namespace }));
}

/** A refusal between import and update would leave values in clear in the state: so the same judgement comes before. */
async function beforeImport(
  question: DeclareQuestion,
  gates: local.Command[],
  evidence: { passedAt: string | null },
): Promise<void> {
  await Promise.all(gates.map((gate) => valueOf(gate.stdout)));
  await guardOf(question, evidence)("the first to be adopted");
}

function guardOf(question: DeclareQuestion, evidence: { passedAt: string | null }): (release: string) => Promise<void> {
  const { prepared, settings, matrix, clock } = question;
  const { step, clusterUid, facts } = prepared;
  const to = step.destination;
  const passedAt = (): string | null => evidence.passedAt;
  if (step.kind === "install") {
    const gates = installGates(matrix, settings.checks);
    return (release) =>
      guardInstall(release, {
        ...question,
        destination: to,
        clusterUid,
        gates,
        judge: (gate) => judgeAgain(question, gate, { release, single: false, install: true }),
        passedAt,
      });
  }
  const from = step.kind === "hop" ? step.from : step.destination;
  return (release) =>
    guardRelease(release, {
      from,
      destination: to,
      clusterUid,
      isSupported: question.isSupported,
      observe: question.observe,
      gates: hopGates(from, to, { edition: matrix.edition, method: matrix.method, facts }, settings.checks),
      judge: (gate, single) => judgeAgain(question, gate, { release, single, install: false }),
      passedAt,
      notePass: (at) => void (evidence.passedAt = at.toISOString()),
      now: () => clock.now(),
    });
}

interface Again {
  release: string;
  single: boolean;
  install: boolean;
}

/** Judged by a hook; told like a gate's process tells it, so that the journal has it too. */
async function judgeAgain(
  question: DeclareQuestion,
  { name }: Gate,
  { release, single, install }: Again,
): Promise<GateReport> {
  const { prepared, promoted, environment } = question;
  const to = prepared.step.destination;
  const report = await judgeInProgram(
    { name, when: "before", to, only: null, single, install, patienceSeconds: patienceOf(environment) },
    { ...inProgram(question, prepared, "before"), promoted },
  );
  tellProgress(environment[progressVariable], { gate: report.gate, when: report.when, pcg: null, report, release });
  return report;
}

/** Keeps the oldest time at which the gates of this hop passed: how fresh their pass is when a hook asks. */
function notePasses(gates: local.Command[], evidence: { passedAt: string | null }): void {
  pulumi.all(gates.map((gate) => gate.stdout)).apply((lines) => {
    evidence.passedAt = lines.map((line) => parseEvidence(line)?.finishedAt ?? "").sort()[0] || null;
  });
}

function outputsOf(
  question: DeclareQuestion,
  proved: local.Command[],
  baselines: Omit<Baselines, "held">,
  releases: Recorded["releases"],
): Record<string, unknown> {
  const { prepared, settings, matrix, recorded, chartDigests, promoted } = question;
  const outputs = (evidence: Evidence[], { held, movedAt }: Proven): Record<string, unknown> =>
    stackOutputs({
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
      held,
      movedAt,
    });
  // Asked when every check has passed, so it is what they proved.
  const look = async (): Promise<Proven> => {
    if (prepared.step.kind === "done" && recorded.held.length > 0) return { held: recorded.held, movedAt: null };
    const seen = await question.observe();
    return { held: heldNow(seen), movedAt: movedAt(seen, prepared.step.destination) };
  };
  const proven = pulumi
    .all(proved.map((check) => check.stdout))
    .apply(async (lines) => outputs(evidenceIn(lines), await look()));
  // A failed update keeps what outputs it reached: so all of them wait for every check. A preview keeps nothing.
  const plain = Object.entries(outputs([], { held: recorded.held, movedAt: null }));
  const entries = plain.map(([key, value]) => [
    key,
    pulumi.runtime.isDryRun() && !knownOnlyAfter.has(key) ? value : proven.apply((values) => values[key]),
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** What Helm's records say once the checks have passed. */
interface Proven {
  held: HeldRelease[];
  movedAt: string | null;
}

/** Outputs whose value a preview cannot know. */
const knownOnlyAfter: ReadonlySet<string> = new Set(["appliedVersion", "agents", "held", "verifiedHops"]);

function evidenceIn(lines: string[]): Evidence[] {
  return lines.flatMap((line) => parseEvidence(line) ?? []);
}

/** The value of an output that is known in an update; the program ends with the update when its resource fails. */
function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply((value) => resolve(value));
  });
}
