import assert from "node:assert/strict";
import { type PreviewedGate, type PreviewReport } from "../../lib/program/preview/report.js";
import { createEmptyPreview } from "../../lib/program/preview/assemble.js";
import { findApproval, parseApproval, toApprovalEnvironment } from "../../lib/driver/approval.js";
import { computePreviewExitCode } from "../../lib/program/preview/exit.js";
import { findStopReason } from "../../lib/driver/stops.js";
import { routePlan } from "../report/hand-built.js";

function hop(from: string, to: string, stops: string[] = [to]): PreviewReport {
  const plan = routePlan([from, ...stops]);
  const step = { kind: "hop", from, destination: to, resuming: false, declareReleases: true } as const;
  return { ...createEmptyPreview("prod"), step, plan, approval: { version: to, fingerprint: "f".repeat(64) } };
}

const route = ["4.5.23", "4.6.41", "4.7.20"];

describe("how far a run goes", () => {
  const cases: {
    title: string;
    report: PreviewReport | null;
    done: number;
    to: string | null;
    maxHops: number | null;
    stop: string | null;
  }[] = [
    { title: "no limit", report: hop("4.5.20", "4.5.23", route), done: 3, to: null, maxHops: null, stop: null },
    { title: "hops left", report: hop("4.5.20", "4.5.23", route), done: 1, to: null, maxHops: 2, stop: null },
    {
      title: "hops used up",
      report: hop("4.5.23", "4.6.41", route.slice(1)),
      done: 2,
      to: null,
      maxHops: 2,
      stop: "2 hops were made, as --max-hops asked.",
    },
    {
      title: "one hop used up",
      report: hop("4.5.23", "4.6.41", route.slice(1)),
      done: 1,
      to: null,
      maxHops: 1,
      stop: "1 hop was made, as --max-hops asked.",
    },
    {
      title: "on the way to the stop",
      report: hop("4.5.20", "4.5.23", route),
      done: 0,
      to: "4.6.41",
      maxHops: null,
      stop: null,
    },
    {
      title: "at the stop",
      report: hop("4.6.41", "4.7.20"),
      done: 2,
      to: "4.6.41",
      maxHops: null,
      stop: "4.6.41 is reached, as --to asked.",
    },
    {
      title: "the target as the stop",
      report: hop("4.6.41", "4.7.20"),
      done: 2,
      to: "4.7.20",
      maxHops: null,
      stop: null,
    },
    {
      title: "settling counts for nothing",
      report: {
        ...hop("4.6.41", "4.7.20"),
        step: { kind: "settle", from: "4.5.23", destination: "4.6.41", ours: true, declareReleases: true },
      },
      done: 1,
      to: "4.6.41",
      maxHops: 1,
      stop: null,
    },
  ];
  for (const { title, report, done, to, maxHops, stop } of cases) {
    it(title, () => assert.equal(findStopReason(report, done, { to, maxHops }), stop));
  }

  for (const to of ["4.8.8", "4.6.43", "4.5.1"]) {
    it(`${to} is not on the route`, () => {
      assert.throws(() => findStopReason(hop("4.5.20", "4.5.23", route), 0, { to, maxHops: null }), {
        code: "TO_NOT_ON_ROAD",
        exitCode: 2,
        message: `--to ${to} is no stop of this stack's route: 4.5.20 -> 4.5.23 -> 4.6.41 -> 4.7.20.`,
      });
    });
  }
});

describe("what is handed over as approved", () => {
  const report = hop("4.6.41", "4.7.20");
  const shown = { version: "4.7.20", fingerprint: "f".repeat(64) };
  const given = { version: "4.7.20", fingerprint: "a".repeat(64), by: "bert" };
  const cases: {
    title: string;
    asked: Partial<Parameters<typeof findApproval>[0]>;
    approval: ReturnType<typeof findApproval>;
  }[] = [
    { title: "a person said yes", asked: { confirmed: true, required: true }, approval: { ...shown, by: "ana" } },
    {
      title: "--yes, where none is required: guards against change all the same",
      asked: {},
      approval: { ...shown, by: "ana (--yes)" },
    },
    { title: "--yes, where one is required: is none", asked: { required: true }, approval: null },
    { title: "given from elsewhere", asked: { given, required: true }, approval: given },
    { title: "given from elsewhere, and a person said yes", asked: { given, confirmed: true }, approval: given },
    {
      title: "nothing to approve",
      asked: { report: { ...report, approval: null }, confirmed: true },
      approval: null,
    },
  ];
  for (const { title, asked, approval } of cases) {
    it(title, () => {
      const found = findApproval({ report, given: null, confirmed: false, required: false, runner: "ana", ...asked });
      assert.deepEqual(found, approval);
    });
  }

  it("in the update's environment: version, fingerprint and who", () => {
    assert.deepEqual(toApprovalEnvironment(given), {
      PALETTE_APPROVED_VERSION: "4.7.20",
      PALETTE_APPROVED_FINGERPRINT: "a".repeat(64),
      PALETTE_APPROVED_BY: "bert",
    });
    assert.deepEqual(toApprovalEnvironment(null), {});
  });

  describe("by options", () => {
    const whole = { approvedVersion: "4.7.20", approvedFingerprint: "ab", approvedBy: "bert" };
    const { approvedVersion, approvedFingerprint, approvedBy } = whole;

    it("none, or all three", () => {
      assert.equal(parseApproval({}), null);
      assert.deepEqual(parseApproval(whole), { version: "4.7.20", fingerprint: "ab", by: "bert" });
    });

    const parts: [title: string, options: Parameters<typeof parseApproval>[0]][] = [
      ["without a fingerprint", { approvedVersion, approvedBy }],
      ["without a version", { approvedFingerprint, approvedBy }],
      ["without a name", { approvedVersion, approvedFingerprint }],
      ["with an empty name", { ...whole, approvedBy: " " }],
      ["the name alone", { approvedBy }],
    ];
    for (const [title, options] of parts) {
      it(`${title} it is none`, () =>
        assert.throws(() => parseApproval(options), {
          code: "APPROVAL_INCOMPLETE",
          exitCode: 2,
          message:
            "An approval is the version and the fingerprint of a preview, and the name of who approved it: all three.",
        }));
    }
  });
});

describe("exit code of a preview", () => {
  const gate = (change: Partial<PreviewedGate>): PreviewedGate => ({
    gate: "rollout",
    subject: null,
    when: "before",
    mandatory: true,
    outcome: "pass",
    reasons: [],
    why: null,
    ...change,
  });
  const closed = { code: "WINDOW_CLOSED", member: null, message: "" };
  const lag = { code: "LAG", member: "mongo-2", message: "" };
  const act = { name: "backup", text: "", irreversible: false, acknowledged: true };
  const enrol = { kind: "enrol", destination: "4.6.41", declareReleases: false } as const;
  const cases: {
    title: string;
    step?: PreviewReport["step"];
    gates?: PreviewedGate[];
    acts?: (typeof act)[];
    exitCode: number;
  }[] = [
    {
      title: "where nothing moves on, a check of what is installed decides",
      step: enrol,
      gates: [gate({ when: "after", outcome: "fail", reasons: [lag] })],
      exitCode: 3,
    },
    { title: "all pass", gates: [gate({})], acts: [act], exitCode: 0 },
    { title: "one fails", gates: [gate({}), gate({ outcome: "fail", reasons: [lag] })], exitCode: 3 },
    { title: "one is unknown", gates: [gate({ outcome: "unknown", reasons: [lag] })], exitCode: 3 },
    {
      title: "one that only warns fails",
      gates: [gate({ mandatory: false, outcome: "fail", reasons: [lag] })],
      exitCode: 0,
    },
    {
      title: "a check after the hop cannot be known",
      gates: [gate({ when: "after", outcome: "fail", reasons: [lag] })],
      exitCode: 0,
    },
    { title: "outside the window", gates: [gate({ outcome: "fail", reasons: [closed] })], exitCode: 5 },
    {
      title: "outside the window and lagging",
      gates: [gate({ outcome: "fail", reasons: [closed] }), gate({ outcome: "fail", reasons: [lag] })],
      exitCode: 3,
    },
    { title: "one waits", gates: [gate({ outcome: "wait", reasons: [lag] })], exitCode: 5 },
    { title: "one could not be asked", gates: [gate({ outcome: "will-check", why: "unreachable" })], exitCode: 0 },
    { title: "an act is open", gates: [gate({})], acts: [act, { ...act, acknowledged: false }], exitCode: 3 },
    {
      title: "an act is open outside the window",
      gates: [gate({ outcome: "fail", reasons: [closed] })],
      acts: [{ ...act, acknowledged: false }],
      exitCode: 3,
    },
  ];
  for (const { title, step = null, gates = [], acts = [], exitCode } of cases) {
    it(title, () =>
      assert.equal(computePreviewExitCode({ ...createEmptyPreview("prod"), step, gates, acts }), exitCode),
    );
  }

  const unasked = gate({ outcome: "will-check", why: "unreachable" });
  const after = gate({ when: "after", outcome: "will-check", why: "after the hop" });
  const blind: [title: string, over: Partial<PreviewReport>, plain: number, alone: number, asked: number][] = [
    ["a gate that was not judged", { gates: [gate({}), unasked], clusterRead: true }, 0, 3, 4],
    ["the cluster not read", { clusterRead: false }, 0, 3, 4],
    ["a gate that fails beside it", { gates: [gate({ outcome: "fail", reasons: [lag] }), unasked] }, 3, 3, 3],
    ["a gate that waits beside it", { gates: [gate({ outcome: "wait", reasons: [lag] }), unasked] }, 5, 5, 5],
    ["negative twin: all judged", { gates: [gate({})], clusterRead: true }, 0, 0, 0],
    ["negative twin: a check after the hop", { gates: [gate({}), after], clusterRead: true }, 0, 0, 0],
    [
      "negative twin: one that only warns",
      { gates: [gate({ mandatory: false, outcome: "will-check", why: "slow" })], clusterRead: true },
      0,
      0,
      0,
    ],
  ];
  for (const [title, over, plain, alone, asked] of blind) {
    it(`blind: ${title}`, () => {
      const report = { ...createEmptyPreview("prod"), ...over };
      assert.deepEqual(
        [{}, { gatesOnly: true }, { gatesOnly: true, warningsAsExitCode: true }].map((options) =>
          computePreviewExitCode(report, options),
        ),
        [plain, alone, asked],
      );
      const engine = computePreviewExitCode(report, { warningsAsExitCode: true });
      assert.equal(engine, asked, "with an engine it is 4 as well");
    });
  }
});
