import assert from "node:assert/strict";
import fc from "fast-check";
import { RefusedError } from "../../lib/base/errors/errors.js";
import { attempt } from "../../lib/base/errors/refusal.js";
import { toRunEnding } from "../../lib/driver/ending.js";
import { type EngineRun } from "../../lib/engine/engine.js";
import { listOpenActs, refuseOpenActs } from "../../lib/gates/consent/acknowledged.js";
import { softenVerdict } from "../../lib/gates/verdict/findings.js";
import { type Gate, type GateName, type GateReport, type Verdict } from "../../lib/gates/verdict/types.js";
import { loadMatrix } from "../../lib/planning/matrix/load.js";
import { type ExpandContext, expandHop, findGate } from "../../lib/planning/plan/expand.js";
import { createPreview } from "../../lib/program/preview/assemble.js";
import { computePreviewExitCode } from "../../lib/program/preview/exit.js";
import { askGates, type GateToPreview, listGatesToPreview, listMovingGates } from "../../lib/program/preview/gates.js";
import { judgeReportedStep } from "../../lib/program/preview/render/verdict.js";
import { findBegunHop } from "../../lib/program/step/guard/begun.js";
import { guardRelease } from "../../lib/program/step/guard/guard.js";
import { type Prepared } from "../../lib/program/step/prepare.js";
import { listHopGates } from "../../lib/program/step/site-gates.js";
import { type Step } from "../../lib/program/step/step.js";
import { type StepVerdict } from "../../lib/program/step/step-verdict.js";
import { defaultGateSettings } from "../../lib/settings/gate-settings.js";
import { type Settings, settingsSchema } from "../../lib/settings/schema.js";
import { toSiteFacts } from "../../lib/settings/site-facts.js";
import { type HelmRevision, type Observation } from "../../lib/site/types.js";

type End = StepVerdict<never>["end"];

const matrix = loadMatrix("palette-kubernetes-4.9.51");
const now = new Date("2026-11-21T12:00:00Z");
const today = "2026-11-21";
const hops = [
  ["4.6.36", "4.6.41"],
  ["4.6.41", "4.7.20"],
  ["4.7.27", "4.8.8"],
] as const;

/** What the site would show a gate now; the reasons tell whom it waits for. */
const answers = {
  pass: ["pass", null],
  "may still pass": ["wait", "ROLLOUT_PENDING"],
  "waits for a person": ["wait", "PCG_PROFILE_UPDATE_PENDING"],
  "not now": ["fail", "WINDOW_CLOSED"],
  fault: ["fail", "LAG"],
  "not known": ["unknown", "FORBIDDEN"],
} as const;
type Answer = keyof typeof answers;

/** How far an earlier run came, and how it ended. */
const histories = ["nothing begun", "one release moved", "Palette failed", "destination installed"] as const;

interface Case {
  hop: (typeof hops)[number];
  history: (typeof histories)[number];
  hasPcgs: boolean;
  hasCheck: boolean;
  isAcknowledged: boolean;
  /** By gate; the others pass. */
  site: Partial<Record<GateName, Answer>>;
}

const gateNames: GateName[] = [
  "mongo-replica-set",
  "window",
  "backup",
  "rollout",
  "values",
  "pcg-readiness",
  "own-check",
];
const cases: fc.Arbitrary<Case> = fc.record({
  hop: fc.constantFrom(...hops),
  history: fc.constantFrom(...histories),
  hasPcgs: fc.boolean(),
  hasCheck: fc.boolean(),
  isAcknowledged: fc.boolean(),
  site: fc
    .dictionary(fc.constantFrom(...gateNames, "pcg-catch-up"), fc.constantFrom(...(Object.keys(answers) as Answer[])), {
      maxKeys: 3,
    })
    .map((site) => site as Case["site"]),
});

function createSettings({ hop: [from, to], hasPcgs, hasCheck, isAcknowledged, history }: Case): Settings {
  const settings = (change: object): Settings =>
    settingsSchema.parse({
      ...{ target: to, matrix: matrix.id, clusterIdentifier: "c", site: { apiUrl: "https://palette.example.com" } },
      ...(hasPcgs ? { tenants: [{ name: "acme", pcgs: ["a", "b"] }] } : { pcg: { none: true } }),
      checks: hasCheck ? [{ name: "drained", when: "before", command: ["true"], timeout: "5s" }] : [],
      ...change,
    });
  const { acts } = expandHop(from, to, createContext(settings({})));
  const isWritten = isAcknowledged || history !== "nothing begun";
  const words = isWritten
    ? acts.map(({ name }) => ({ act: name, hop: `${from}->${to}`, by: "ana", because: "done" }))
    : [];
  return settings({ acknowledge: words });
}

function createContext(settings: Settings): ExpandContext & { matrixVersions: [] } {
  return { edition: "palette", method: "kubernetes", facts: toSiteFacts(settings, ["hubble"]), matrixVersions: [] };
}

function createStep({ hop: [from, destination], history }: Case): Step {
  if (history === "destination installed")
    return { kind: "settle", from, destination, ours: true, declareReleases: true };
  return { kind: "hop", from, destination, resuming: history !== "nothing begun", declareReleases: true };
}

function createPrepared(step: Step, settings: Settings, observation: Observation): Prepared {
  const context = createContext(settings);
  return {
    ...{ step, plan: null, remaining: null, observation, clusterUid: "uid", facts: context.facts, notice: null },
    hop: step.kind === "hop" ? expandHop(step.from, step.destination, context) : null,
    installed: [{ role: "hubble", name: "hubble", namespace: "default" }],
    hopInProgress: null,
    importedReleases: [],
  } as unknown as Prepared;
}

function observe({ hop: [from, to], history }: Case): Observation {
  const release = (
    role: "hubble" | "cert-manager",
    newest: Partial<HelmRevision>,
  ): Observation["releases"][number] => ({
    ...{ role, name: role, namespace: "default", deployed: null },
    newest: {
      status: "deployed",
      description: `Palette ${from}`,
      lastDeployed: "2026-11-20T00:00:00Z",
      ...newest,
    } as HelmRevision,
  });
  const moved = history === "nothing begun" ? {} : { description: `Palette ${to}` };
  const observedVersion = history === "destination installed" ? to : from;
  const hubble: Partial<HelmRevision> = history === "Palette failed" ? { status: "failed" } : {};
  return {
    ...{ clusterUid: "uid", edition: "palette", observedVersion },
    releases: [release("cert-manager", moved), release("hubble", hubble)],
  };
}

/** One sample of a gate; a gate that only warns does not block, as its process sees to itself. */
function createReport(name: GateName, one: Case, context: ExpandContext, single: boolean): GateReport {
  const [from, to] = one.hop;
  const [outcome, code] = answers[one.site[name] ?? "pass"];
  const reasons = code === null ? [] : [{ code, member: null, message: `${code}.` }];
  const verdict: Verdict = { gate: name, outcome, reasons, observed: null };
  const isMandatory = name === "own-check" || findGate(name, "before", from, to, context)?.mandatory === true;
  const seen = isMandatory ? verdict : softenVerdict(verdict);
  const notYet = { code: "NOT_YET", member: null, message: "Not yet." };
  const isCut = seen.outcome === "wait" && single;
  return {
    ...seen,
    outcome: isCut ? "fail" : seen.outcome === "wait" ? "pass" : seen.outcome,
    reasons: isCut ? [notYet, ...seen.reasons] : seen.reasons,
    ...{ when: "before", from, to, startedAt: "", finishedAt: now.toISOString(), samples: 1 },
  };
}

async function previewStep(one: Case): Promise<{ end: End; exitCode: number }> {
  const settings = createSettings(one);
  const prepared = createPrepared(createStep(one), settings, observe(one));
  const scope = { edition: "palette", method: "kubernetes" } as const;
  const begun = findBegunHop(prepared.step, { appliedVersion: one.hop[0] });
  const isMovingOn = prepared.step.kind === "settle";
  const listed: GateToPreview[] = [
    ...listGatesToPreview(settings, prepared, scope),
    ...(isMovingOn ? listMovingGates(settings, prepared, scope, begun) : []),
  ];
  const context = createContext(settings);
  const ask = ({ gate, when }: GateToPreview): Promise<GateReport> =>
    Promise.resolve(createReport(gate, when === "after" ? { ...one, site: {} } : one, context, true));
  const { gates, reports } = await askGates(listed, ask, new AbortController().signal, 60);
  const fixed = {
    stack: "dev",
    address: { server: null, context: null },
    limits: defaultGateSettings,
    releases: [],
    approval: null,
    today,
  };
  const parts = { ...fixed, settings, prepared, gates, reports };
  const report = createPreview(parts);
  return { end: judgeReportedStep(report).end, exitCode: computePreviewExitCode(report) };
}

/** What `up` does: acts, then the Commands that have not passed before, then the hook of the next release. */
async function update(one: Case): Promise<{ end: End; exitCode: number }> {
  const settings = createSettings(one);
  const step = createStep(one);
  const context = createContext(settings);
  const { hop } = createPrepared(step, settings, observe(one));
  const waited = new Set<GateName>();
  const judge = ({ name }: Pick<Gate, "name">, single: boolean): Promise<GateReport> => {
    if (answers[one.site[name] ?? "pass"][0] === "wait" && createReport(name, one, context, true).outcome === "fail")
      waited.add(name);
    return Promise.resolve(createReport(name, one, context, single));
  };
  const made = await attempt(async () => {
    if (hop !== null) {
      const { acknowledge: acknowledged } = settings;
      refuseOpenActs({ hop, open: listOpenActs(hop, acknowledged, today, null), acknowledged, today, runners: null });
    }
    const begins = one.history === "nothing begun";
    const gates = listHopGates(one.hop[0], one.hop[1], context, settings.checks);
    if (begins) await runCommands([...gates.every, ...gates.start], (gate) => judge(gate, false));
    await guardRelease("hubble", {
      run: { hasJudgedAll: false },
      ...{ from: step.kind === "hop" ? step.from : step.destination, destination: step.destination, clusterUid: "uid" },
      isSupported: () => true,
      observe: () => Promise.resolve({ state: "installed", observation: observe(one) }),
      gates,
      judge: (gate, single) =>
        single && waited.has(gate.name) ? judge({ name: "kubernetes-version" }, true) : judge(gate, single),
      getPassedAt: () => (begins ? now.toISOString() : null),
      recordPass: () => undefined,
      now: () => Promise.resolve(now),
    });
  });
  if (made.ok) return waited.size > 0 ? { end: "waits", exitCode: 5 } : { end: "goes-on", exitCode: 0 };
  const { code, message, exitCode } = made.refusal;
  const ending = toRunEnding(NO_RUN, { code, message, exitCode, next: null });
  return { end: ending.outcome === "not-now" ? "not-now" : "refused", exitCode: ending.exitCode };
}

const NO_RUN: EngineRun = { diagnostics: [] } as unknown as EngineRun;

async function runCommands(gates: readonly Gate[], judge: (gate: Gate) => Promise<GateReport>): Promise<void> {
  const failed = (await Promise.all(gates.map(judge))).filter(({ outcome }) => outcome !== "pass");
  if (failed.length > 0)
    throw new RefusedError("COMMANDS_FAILED", failed.map((report) => JSON.stringify(report)).join("\n"));
}

describe("what stands in the way of a step: the preview's verdict is what the next up does", () => {
  it("for every hop, history, setting and answer of the site", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const shown = await previewStep(one);
        seen.add(`${one.history}: ${shown.end}`);
        assert.deepEqual(await update(one), shown);
      }),
      { numRuns: 300, seed: 13 },
    );
    const all = histories.flatMap((history) =>
      ["goes-on", "waits", "not-now", "refused"].map((end) => `${history}: ${end}`),
    );
    assert.deepEqual([...seen].sort(), all.sort(), "every history met every end");
  });

  it("negative twin: a preview that left out the gates of the hop's beginning would not say so", async () => {
    const one: Case = {
      ...{ hop: hops[1], history: "one release moved", hasPcgs: true, hasCheck: false, isAcknowledged: true },
      site: { window: "not now" },
    };
    assert.deepEqual([await previewStep(one), await update(one)], Array(2).fill({ end: "not-now", exitCode: 5 }));
    assert.deepEqual(await previewStep({ ...one, site: {} }), { end: "goes-on", exitCode: 0 });
  });
});
