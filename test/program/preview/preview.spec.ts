import assert from "node:assert/strict";
import { type GateReport } from "../../../lib/gates/verdict/types.js";
import { loadMatrix } from "../../../lib/planning/matrix/load.js";
import { expandHop } from "../../../lib/planning/plan/expand.js";
import { planRoute } from "../../../lib/planning/plan/plan.js";
import { type Observation } from "../../../lib/site/types.js";
import { defaultGateSettings } from "../../../lib/settings/gate-settings.js";
import { type Prepared } from "../../../lib/program/step/prepare.js";
import { askGates, type GateToPreview, listGatesToPreview } from "../../../lib/program/preview/gates.js";
import { type PreviewedGate } from "../../../lib/program/preview/report.js";
import { createEmptyPreview, createPreview, formatPreview } from "../../../lib/program/preview/assemble.js";
import { type Settings, settingsSchema } from "../../../lib/settings/schema.js";
import { type Step } from "../../../lib/program/step/step.js";

const matrix = loadMatrix("palette-kubernetes-4.9.51");
const create = (parts: Omit<Parameters<typeof createPreview>[0], "address">): ReturnType<typeof createPreview> =>
  createPreview({ ...parts, address: { server: null, context: null } });
const where = { edition: matrix.edition, method: matrix.method };
const seen: Observation = { clusterUid: "uid", edition: "palette", observedVersion: "4.6.36", releases: [] };

function settings(change: Record<string, unknown> = {}): Settings {
  const tenants = [{ name: "acme", pcgs: ["b", "a"] }];
  return settingsSchema.parse({
    target: "4.7.20",
    matrix: matrix.id,
    clusterIdentifier: "c",
    tenants,
    site: { apiUrl: "https://palette.example.com" },
    ...change,
  });
}

function prepared(step: Step, change: Partial<Prepared> = {}): Prepared {
  const facts = { pcgs: true };
  const from = step.kind === "hop" ? step.from : step.destination;
  return {
    step,
    plan: planRoute({
      from,
      to: "4.7.20",
      matrix: loadMatrix("palette-kubernetes-4.7.20"),
      facts,
      today: "2026-11-21",
    }),
    remaining: null,
    hop: step.kind === "hop" ? expandHop(from, step.destination, { ...where, facts, matrixVersions: [] }) : null,
    hopInProgress: null,
    observation: seen,
    clusterUid: "uid",
    installed: [{ role: "hubble", name: "hubble", namespace: "default" }],
    facts,
    importedReleases: [],
    notice: null,
    ...change,
  };
}

const hop: Step = { kind: "hop", from: "4.6.41", destination: "4.7.20", resuming: false, declareReleases: true };
const patch: Step = { kind: "hop", from: "4.6.36", destination: "4.6.41", resuming: false, declareReleases: true };

function names(gates: readonly GateToPreview[]): string[] {
  return gates.map(({ gate, subject, when, later }) => [gate, subject, when, later].filter(Boolean).join(" "));
}

describe("the gates of a preview", () => {
  it("before a hop: each gateway by itself; what comes after it is for the update", () => {
    const listed = names(listGatesToPreview(settings(), prepared(hop), where));
    for (const name of ["mongo-replica-set before", "pcg-readiness acme/a before", "pcg-readiness acme/b before"])
      assert.ok(listed.includes(name), `${name} not in ${listed.join(", ")}`);
    assert.ok(listed.includes("rollout after after the hop"));
    assert.ok(listed.includes("pcg-catch-up acme/a after after the hop"));
  });

  it("enrolling: the checks of what is installed, now", () => {
    const listed = listGatesToPreview(
      settings(),
      prepared({ kind: "enrol", destination: "4.6.36", declareReleases: false }),
      where,
    );
    assert.ok(listed.length > 0 && listed.every(({ when, later }) => when === "after" && later === null));
  });

  for (const destination of ["4.7.20", "4.8.47"]) {
    it(`installing ${destination} from nothing: after it what it will judge, and nothing that a hop alone needs`, () => {
      const checks = [{ name: "smoke", when: "after", command: ["true"], timeout: "20s" }];
      const install = prepared({ kind: "install", destination, resuming: false, declareReleases: true }, { hop: null });
      const listed = names(listGatesToPreview(settings({ checks, tenants: [] }), install, where));
      assert.deepEqual(
        listed.filter((name) => / after /.test(name)),
        ["rollout after after the install", "own-check smoke after after the install"],
      );
    });
  }

  it("settled at the target: none", () => {
    const done = prepared({ kind: "done", destination: "4.7.20", declareReleases: true });
    assert.deepEqual(listGatesToPreview(settings(), done, where), []);
  });

  it("without the cluster: every one will be checked in the update", () => {
    const blind = listGatesToPreview(settings(), prepared(hop, { observation: null }), where);
    assert.ok(blind.every(({ later }) => later !== null));
  });

  it("no tenant listed and not said that there is no PCG: the coverage is a gate of its own", () => {
    const uncovered = names(listGatesToPreview(settings({ tenants: [] }), prepared(hop), where));
    assert.ok(uncovered.includes("pcg-readiness before"), uncovered.join(", "));
  });
});

const asked: GateToPreview = { gate: "rollout", subject: null, when: "before", mandatory: true, later: null };

function report(change: Partial<GateReport>): GateReport {
  const times = { startedAt: "2026-11-21T00:00:00Z", finishedAt: "2026-11-21T00:00:00Z", samples: 1 };
  return {
    gate: "rollout",
    outcome: "pass",
    when: "before",
    from: "4.6.36",
    to: "4.6.41",
    reasons: [],
    observed: null,
    ...times,
    ...change,
  };
}

function reason(code: string): { code: string; member: null; message: string } {
  return { code, member: null, message: `${code}.` };
}

async function shown(answer: () => Promise<GateReport>, signal = new AbortController().signal): Promise<PreviewedGate> {
  return (await askGates([asked], answer, signal, 60)).gates[0]!;
}

describe("a verdict in a preview", () => {
  const cases: [string, Partial<GateReport>, PreviewedGate["outcome"], string[]][] = [
    ["a pass is a pass", {}, "pass", []],
    ["a fail keeps its reasons", { outcome: "fail", reasons: [reason("LAG")] }, "fail", ["LAG"]],
    ["an unknown stays one", { outcome: "unknown", reasons: [reason("FORBIDDEN")] }, "unknown", ["FORBIDDEN"]],
    [
      "what may still pass is a wait, not a failure",
      { outcome: "fail", reasons: [reason("NOT_YET"), reason("ROLLOUT_PENDING")] },
      "wait",
      ["ROLLOUT_PENDING"],
    ],
    ["what the hop does not need", { reasons: [reason("NOT_APPLICABLE")] }, "not-applicable", ["NOT_APPLICABLE"]],
  ];
  for (const [title, change, outcome, codes] of cases) {
    it(title, async () => {
      const gate = await shown(() => Promise.resolve(report(change)));
      assert.deepEqual([gate.outcome, gate.reasons.map(({ code }) => code), gate.why], [outcome, codes, null]);
    });
  }

  it("a gate that does not answer in time will be checked in the update", async () => {
    const stop = new AbortController();
    const gate = shown(
      () => new Promise((_, reject) => stop.signal.addEventListener("abort", () => reject(new Error("ended")))),
      stop.signal,
    );
    stop.abort();
    assert.deepEqual(await gate, {
      gate: "rollout",
      subject: null,
      when: "before",
      mandatory: true,
      outcome: "will-check",
      reasons: [],
      why: "it did not answer within 60 s",
    });
  });

  it("negative twin: a gate that breaks is not passed over in silence", async () => {
    await assert.rejects(
      shown(() => Promise.reject(new Error("broken"))),
      /broken/,
    );
  });
});

describe("a preview's report", () => {
  const parts = {
    stack: "dev",
    limits: defaultGateSettings,
    gates: [],
    reports: [],
    releases: [],
    approval: null,
    today: "2026-11-21",
  };

  it("a hop: what to approve, open and acknowledged acts, every hop's estimate", () => {
    const acknowledge = [{ act: "breaking-changes", hop: "4.6.41->4.7.20", by: "ana", because: "read" }];
    const approval = { version: "4.7.20", fingerprint: "ab" };
    const reported = create({ ...parts, approval, settings: settings({ acknowledge }), prepared: prepared(hop) });
    const acts = Object.fromEntries(reported.acts.map(({ name, acknowledged }) => [name, acknowledged]));
    assert.deepEqual([acts["breaking-changes"], acts.backup], [true, false]);
    assert.equal(reported.approval, approval);
    assert.deepEqual(
      reported.estimates.map((entry) => entry.hop),
      [{ from: "4.6.41", to: "4.7.20" }],
    );
    assert.equal(reported.pointOfNoReturn?.to, "4.7.20");
  });

  for (const [title, by, runners, acknowledged, remark] of [
    [
      "the word of the one who runs: open, and it is said why",
      "ana",
      ["ana"],
      false,
      " (Acknowledged by ana, who runs this: palette:approval.fourEyes asks for another person.)",
    ],
    [
      "nobody knows who runs: open, and what to set",
      "ben",
      [],
      false,
      " (Acknowledged by ben; this CI job does not say who started it, so palette:approval.fourEyes counts nobody's word. Set PALETTE_ACTOR in the job to the name of the person it runs for.)",
    ],
    ["another person's counts", "ben", ["ana"], true, ""],
  ] as const) {
    it(`four eyes: ${title}`, () => {
      const acknowledge = [{ act: "backup", hop: "4.6.41->4.7.20", by, because: "done" }];
      const four = settings({ acknowledge, approval: { fourEyes: true } });
      const reported = create({ ...parts, settings: four, prepared: prepared(hop), runners });
      const backup = reported.acts.find(({ name }) => name === "backup")!;
      const { text } = create({ ...parts, settings: settings(), prepared: prepared(hop) }).acts.find(
        ({ name }) => name === "backup",
      )!;
      assert.deepEqual([backup.acknowledged, backup.text], [acknowledged, `${text}${remark}`]);
    });
  }

  it("a hop in progress: its acts are due as before any hop, acknowledged or open", () => {
    const acknowledge = [{ act: "backup", hop: "4.6.41->4.7.20", by: "ana", because: "done" }];
    const resumed = prepared({ ...hop, resuming: true });
    const reported = create({ ...parts, settings: settings({ acknowledge }), prepared: resumed });
    const acts = Object.fromEntries(reported.acts.map(({ name, acknowledged }) => [name, acknowledged]));
    assert.deepEqual([acts["breaking-changes"], acts.backup], [false, true]);
  });

  it("acceptances: for this hop and unmatched, run out, and for a later hop of the route", () => {
    const entry = {
      gate: "mongo-replica-set",
      subject: "mongo-2",
      code: "LAG",
      because: "b",
      ticket: "T-1",
      by: "ana",
    };
    const accept = [
      { ...entry, hop: "4.6.36->4.6.41", until: "2026-12-01" },
      { ...entry, hop: "4.6.36->4.6.41", until: "2026-11-01", subject: "mongo-1" },
      { ...entry, hop: "4.6.41->4.7.20", until: "2026-12-01" },
    ];
    const reported = create({ ...parts, settings: settings({ accept }), prepared: prepared(patch) }).acceptances;
    assert.deepEqual([reported.used.length, reported.unused.length, reported.expired.length], [0, 1, 1]);
    assert.match(reported.unused[0]!, /mongo-2/);
    assert.match(reported.expired[0]!, /mongo-1/);
  });

  it("in lines: each part under its title; nothing to say is not said", () => {
    const gates: PreviewedGate[] = [
      { ...asked, outcome: "fail", reasons: [reason("LAG")], why: null },
      { ...asked, gate: "images", mandatory: false, outcome: "will-check", reasons: [], why: "after the hop" },
    ];
    const lines = formatPreview(create({ ...parts, gates, settings: settings(), prepared: prepared(patch) }));
    assert.equal(
      lines[0],
      "Gates, looked at once and read-only:\n  rollout (before): fail\n      LAG: LAG.\n  images (before, warns only): will check: after the hop",
    );
    assert.ok(lines.some((line) => line.startsWith("Point of no return: 4.6.41 -> 4.7.20; ")));
    assert.ok(!lines.some((line) => line.startsWith("Charts to move")));
    assert.deepEqual(formatPreview(createEmptyPreview("dev")), []);
    const loosened = [{ key: "palette:mongo.maxLag", value: "30s", standard: "10s" }];
    assert.deepEqual(formatPreview({ ...createEmptyPreview("dev"), loosened }), [
      "Settings that prove less than their defaults:\n  palette:mongo.maxLag 30s (default 10s)",
    ]);
  });
});
