import assert from "node:assert/strict";
import { type GateReport } from "../../lib/gates/verdict/types.js";
import { describeEvent, describeMoves } from "../../lib/journal/entry-words.js";
import { type JournalEvent } from "../../lib/journal/types.js";
import { createEmptyPreview } from "../../lib/program/preview/assemble.js";
import { type Hop } from "../../lib/planning/plan/types.js";
import { settingsSchema } from "../../lib/settings/schema.js";
import { type EngineEvent, type EngineStep } from "../../lib/engine/engine.js";
import { UpdateJournal } from "../../lib/driver/update-journal.js";
import { createRecorder } from "../journal/recorder.js";
import { routePlan } from "../report/hand-built.js";

const step = { kind: "hop", from: "4.6.41", destination: "4.7.20", resuming: false, declareReleases: true } as const;

function report(change: Partial<GateReport> = {}): GateReport {
  return {
    gate: "mongo-replica-set",
    outcome: "pass",
    when: "before",
    from: "4.6.41",
    to: "4.7.20",
    startedAt: "",
    finishedAt: "",
    samples: 1,
    reasons: [],
    observed: { members: 3 },
    ...change,
  };
}

const accepted = {
  subject: "mongo-2",
  code: "LAG",
  by: "ana",
  because: "known",
  ticket: "OPS-1",
  until: "2026-12-01",
};

function journal(): { events: JournalEvent[]; record: UpdateJournal } {
  const { events, journal: open } = createRecorder();
  const settings = settingsSchema.parse({ target: "4.7.20", matrix: "any", clusterIdentifier: "prod" });
  return { events, record: new UpdateJournal(open, settings, () => 0) };
}

describe("journal of one update", () => {
  it("a hop in progress that a person has accepted is an entry before anything moves; one that needs nobody is none", async () => {
    const word = { ...accepted, code: "HOP_IN_PROGRESS", subject: "*" };
    const hopInProgress = {
      from: "4.6.41",
      to: "4.7.20",
      begunBy: "somebody else",
      onRoute: true,
      message: "",
    } as const;
    for (const [given, expected] of [
      [word, [{ kind: "accepted", gate: "helm-release", hop: "4.6.41->4.7.20", ...word }]],
      [null, []],
    ] as const) {
      const { events, record } = journal();
      await record.begin(
        { ...createEmptyPreview("prod"), hopInProgress: { ...hopInProgress, accepted: given } },
        step,
        null,
      );
      assert.deepEqual(
        events.filter(({ kind }) => kind === "accepted"),
        expected,
      );
    }
  });

  it("a gate's Command and each hook that judges it again are entries with their evidence; the result counts the Command", async () => {
    const { events, record } = journal();
    await record.begin(createEmptyPreview("prod"), step, null);
    const line = { gate: "mongo-replica-set", when: "before", pcg: null } as const;
    record.recordProgress({ ...line, report: report({ accepted: [accepted] }) });
    record.recordProgress({ ...line, report: report({ accepted: [accepted] }), release: "cert-manager" });
    record.recordProgress({ ...line, report: report({ outcome: "fail" }), release: "hubble" });
    await record.end("refused");
    const reported = events.filter(({ kind }) => kind === "gate");
    assert.deepEqual(reported.map(describeEvent), [
      "gate mongo-replica-set (before): pass",
      "gate mongo-replica-set (before, again at release cert-manager): pass",
      "gate mongo-replica-set (before, again at release hubble): fail",
    ]);
    assert.ok(reported.every((event) => event.kind === "gate" && event.report.observed !== null));
    assert.equal(events.filter(({ kind }) => kind === "accepted").length, 1, "a word counts once");
    assert.deepEqual(
      record.updates.map(({ gates }) => gates),
      [[{ gate: "mongo-replica-set", subject: null, when: "before", outcome: "pass", applicable: true, accepted: 1 }]],
    );
  });

  it("which gateway it was is in the entry of the gate and in what stopped the update", async () => {
    const { events, record } = journal();
    await record.begin(createEmptyPreview("prod"), step, null);
    const about = { gate: "pcg-catch-up", subject: "acme/pcg-a", when: "after" } as const;
    record.recordProgress({ gate: "pcg-catch-up", when: "after", pcg: "acme/pcg-a", report: report(about) });
    const reasons = [{ code: "PCG_AGENT_UNCHANGED", member: "acme/pcg-b", message: "PCG acme/pcg-b: agent is at 1." }];
    const stopped = report({ ...about, subject: "acme/pcg-b", outcome: "unknown", reasons });
    await record.end("refused", { refusals: [], gates: [stopped, report({ outcome: "fail" })] });
    assert.equal(describeEvent(events[1]!), "gate pcg-catch-up acme/pcg-a (after): pass");
    assert.equal(
      describeEvent(events.at(-1)!),
      "update to 4.7.20 refused after 0 s; gate pcg-catch-up acme/pcg-b (after): unknown (PCG_AGENT_UNCHANGED); gate mongo-replica-set (before): fail",
    );
  });

  it("what somebody accepted of a hop that is taken up again stands there by name, though only hooks judge it", async () => {
    const { events, record } = journal();
    await record.begin(createEmptyPreview("prod"), { ...step, resuming: true }, null);
    const line = { gate: "window", when: "before", pcg: null } as const;
    const closed = { ...accepted, subject: "*", code: "WINDOW_CLOSED" };
    const judged = report({ gate: "window", accepted: [closed] });
    for (const release of ["cert-manager", "hubble"]) record.recordProgress({ ...line, report: judged, release });
    record.recordProgress({ ...line, report: report({ gate: "window" }), release: "hubble" });
    await record.end("succeeded");
    assert.deepEqual(
      events.filter(({ kind }) => kind === "accepted"),
      [{ kind: "accepted", gate: "window", hop: "4.6.41->4.7.20", ...closed }],
    );
  });

  it("what is still waited for, or told outside an update, is no entry", async () => {
    const { events, record } = journal();
    const line = { gate: "window", when: "before", pcg: null } as const;
    record.recordProgress({ ...line, report: report() });
    await record.begin(createEmptyPreview("prod"), step, null);
    record.recordProgress({ ...line, waiting: "opens in 5 min" });
    await record.end("succeeded");
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ["update-started", "update-ended"],
    );
  });

  it("the gates that stopped it are named with their codes; one that passed, and remarks, are not", async () => {
    const { events, record } = journal();
    await record.begin(createEmptyPreview("prod"), step, null);
    const reasons = [
      { code: "NO_PRIMARY", member: null, message: "No member is primary." },
      { code: "NOTE", member: null, message: "Three members." },
    ];
    const gates = [report({ outcome: "fail", reasons }), report({ gate: "rollout" })];
    await record.end("refused", { refusals: [{ code: "NO", message: "because", next: "Wait." }], gates });
    const reported = [{ code: "NO_PRIMARY", message: "No member is primary." }];
    const kept = { kind: "update-ended", from: "4.6.41", to: "4.7.20", outcome: "refused", seconds: 0, releases: [] };
    assert.deepEqual(events.at(-1), {
      ...kept,
      refusals: [{ code: "NO", message: "because" }],
      gates: [{ gate: "mongo-replica-set", when: "before", outcome: "fail", reasons: reported }],
    });
    assert.equal(
      describeEvent(events.at(-1)!),
      "update to 4.7.20 refused after 0 s; gate mongo-replica-set (before): fail (NO_PRIMARY); NO: because",
    );
  });

  it("an update that nothing stopped and that moved nothing names neither", async () => {
    const { events, record } = journal();
    await record.begin(createEmptyPreview("prod"), step, null);
    await record.end("succeeded");
    assert.equal(describeEvent(events.at(-1)!), "update to 4.7.20 succeeded after 0 s");
  });
});

describe("releases in the journal of one update", () => {
  const minor = routePlan(["4.6.41", "4.7.20"]).hops[0]!;
  const patch = routePlan(["4.6.41", "4.6.43"]).hops[0]!;
  const previewed = [
    {
      role: "cert-manager",
      name: "cert-manager",
      namespace: "default",
      from: "1.0.1",
      to: "1.0.2",
      sha256: "",
      values: null,
    },
    { role: "hubble", name: "palette", namespace: "site", from: "4.6.41", to: "4.7.20", sha256: "", values: null },
  ];
  type Reported = Exclude<EngineEvent, { kind: "hook" | "diagnostic" }>;
  const reported = (kind: Reported["kind"], name: string, over: Partial<EngineStep> = {}): EngineEvent => {
    const type = "kubernetes:helm.sh/v3:Release";
    const of: EngineStep = { urn: `urn::${name}`, type, name, operation: "update", diffKeys: [], ...over };
    return kind === "step-started" ? { kind, step: of } : { kind, step: of, seconds: 1 };
  };
  const both = (name: string, over: Partial<EngineStep> = {}): EngineEvent[] => [
    reported("step-started", name, over),
    reported("step-done", name, over),
  ];
  const hookRefused = (name: string): EngineEvent => {
    const message = `before hook "guard-${name}" failed: GATE_REFUSED: not now`;
    return { kind: "diagnostic", severity: "error", urn: `urn::${name}`, message };
  };
  const certManager = "release cert-manager (default/cert-manager) 1.0.1 -> 1.0.2: moved";
  const back =
    "the vendor documents no way back from 4.7.20: only a backup taken before this hop leads to 4.6.41 again";
  const passed = `the point of no return was passed: ${back}`;
  const cases: { title: string; events: EngineEvent[]; hop?: Hop | null; reported: string[] }[] = [
    {
      title: "each that moved, from and to, and that the point of no return was passed",
      events: [...both("cert-manager"), ...both("hubble")],
      reported: [certManager, "release hubble (site/palette) 4.6.41 -> 4.7.20: moved", passed],
    },
    {
      title: "a patch passes no point of no return",
      events: both("cert-manager"),
      hop: patch,
      reported: [certManager],
    },
    {
      title: "hubble of a patch neither",
      events: both("hubble"),
      hop: patch,
      reported: ["release hubble (site/palette) 4.6.41 -> 4.7.20: moved"],
    },
    { title: "nor does a minor hop before hubble moves", events: both("cert-manager"), reported: [certManager] },
    {
      title: "what moves outside of a hop passes none",
      events: both("hubble"),
      hop: null,
      reported: ["release hubble (site/palette) 4.6.41 -> 4.7.20: moved"],
    },
    {
      title: "one that failed may have moved: only Helm's record tells",
      events: [reported("step-started", "hubble"), reported("step-failed", "hubble")],
      reported: [
        "release hubble (site/palette) 4.6.41 -> 4.7.20: failed; Helm's record shows how far it moved",
        passed,
      ],
    },
    {
      title: "one that was broken off",
      events: [reported("step-started", "hubble")],
      reported: [
        "release hubble (site/palette) 4.6.41 -> 4.7.20: begun, its end was not reported; Helm's record shows how far it moved",
        passed,
      ],
    },
    {
      title: "one that its hook refused did not move",
      events: [
        ...both("cert-manager"),
        reported("step-started", "hubble"),
        hookRefused("hubble"),
        reported("step-failed", "hubble"),
      ],
      reported: [certManager],
    },
    {
      title: "nor did it where the engine tells the refusal last",
      events: [reported("step-started", "hubble"), reported("step-failed", "hubble"), hookRefused("hubble")],
      reported: [],
    },
    {
      title: "what is taken over as it is, stays the same, or is no release moves nothing",
      events: [
        ...both("hubble", { operation: "import" }),
        ...both("cert-manager", { operation: "same" }),
        ...both("gate-values", { type: "command:local:Command" }),
      ],
      reported: [],
    },
    {
      title: "taken over, then updated: moved once",
      events: [...both("hubble", { operation: "import" }), ...both("hubble")],
      hop: patch,
      reported: ["release hubble (site/palette) 4.6.41 -> 4.7.20: moved"],
    },
  ];
  for (const { title, events: heard, hop: of = minor, reported: lines } of cases) {
    it(title, async () => {
      const { events, record } = journal();
      const preview = { ...createEmptyPreview("prod"), hop: of, releases: previewed };
      await record.begin(preview, step, null);
      heard.forEach((event) => record.recordEngineEvent(event));
      await record.end("refused");
      const end = events.at(-1)!;
      assert.deepEqual(end.kind === "update-ended" && describeMoves(end), lines);
    });
  }

  it("what the engine tells outside of an update is nobody's", async () => {
    const { events, record } = journal();
    both("hubble").forEach((event) => record.recordEngineEvent(event));
    await record.begin({ ...createEmptyPreview("prod"), releases: previewed }, step, null);
    await record.end("refused");
    const end = events.at(-1)!;
    assert.deepEqual(end.kind === "update-ended" && end.releases, []);
  });
});
