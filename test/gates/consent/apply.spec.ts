import assert from "node:assert/strict";
import { applyAcceptances } from "../../../lib/gates/consent/apply.js";
import type { Acceptance, AcceptanceContext } from "../../../lib/gates/consent/types.js";
import type { Reason, Verdict } from "../../../lib/gates/verdict/types.js";

const acceptance = (change: Partial<Acceptance> = {}): Acceptance => ({
  gate: "mongo-replica-set",
  subject: "mongo-2",
  code: "LAG",
  hop: "4.5.23->4.6.41",
  because: "it is being rebuilt on a slow disk",
  ticket: "OPS-42",
  by: "ana",
  until: "2026-12-01",
  ...change,
});
const context = (change: Partial<AcceptanceContext> = {}): AcceptanceContext => ({
  hop: { from: "4.5.23", to: "4.6.41" },
  today: "2026-11-21",
  runners: ["bert"],
  fourEyes: true,
  resuming: false,
  ...change,
});
const lag: Reason = { code: "LAG", member: "mongo-2", message: "mongo-2 is 120 s behind." };
const noted: Reason = { code: "NOTE", member: null, message: "A remark." };
const verdict = (change: Partial<Verdict> = {}): Verdict => ({
  gate: "mongo-replica-set",
  outcome: "fail",
  reasons: [lag],
  observed: { primary: "mongo-0" },
  ...change,
});

describe("applying acceptances", () => {
  it("turns a fail whose only reason is accepted into a pass that keeps the reason, marked, and says so as evidence", () => {
    const accepted = applyAcceptances(verdict({ reasons: [lag, noted] }), [acceptance()], context());

    assert.deepEqual(accepted, {
      gate: "mongo-replica-set",
      outcome: "pass",
      reasons: [
        {
          code: "ACCEPTED",
          member: "mongo-2",
          message:
            "LAG: mongo-2 is 120 s behind. ACCEPTED by ana (OPS-42) until 2026-12-01: it is being rebuilt on a slow disk",
        },
        noted,
      ],
      observed: { primary: "mongo-0" },
      accepted: [
        {
          code: "LAG",
          subject: "mongo-2",
          by: "ana",
          because: "it is being rebuilt on a slow disk",
          ticket: "OPS-42",
          until: "2026-12-01",
        },
      ],
    });
  });

  const deadline: Reason = { code: "DEADLINE", member: null, message: "The deadline is over." };
  const turned: [title: string, found: Verdict, accepted: Acceptance[], context: AcceptanceContext][] = [
    ["an unknown", verdict({ outcome: "unknown" }), [acceptance()], context()],
    ["a wait at its deadline", verdict({ reasons: [deadline, lag] }), [acceptance()], context()],
    ["on the last day", verdict(), [acceptance()], context({ today: "2026-12-01" })],
    [
      "a reason about the whole, by *",
      verdict({ gate: "backup", reasons: [{ ...lag, member: null }] }),
      [acceptance({ gate: "backup", subject: "*" })],
      context(),
    ],
    [
      "two reasons, each accepted",
      verdict({ reasons: [lag, { ...lag, member: "mongo-1" }] }),
      [acceptance(), acceptance({ subject: "mongo-1" })],
      context(),
    ],
    [
      "accepted by the runner where four eyes are not asked for",
      verdict(),
      [acceptance({ by: "bert" })],
      context({ fourEyes: false }),
    ],
    [
      "a second acceptance where the first has run out",
      verdict(),
      [acceptance({ until: "2026-11-20" }), acceptance()],
      context(),
    ],
    [
      "a member's reason into the last version before 4.7",
      verdict(),
      [acceptance({ hop: "4.6.41->4.6.43" })],
      context({ hop: { from: "4.6.41", to: "4.6.43" } }),
    ],
    [
      "what a half-done hop into 4.7 explains, taken up again",
      verdict({ reasons: [{ ...lag, code: "POD_CRASHING" }] }),
      [acceptance({ code: "POD_CRASHING", hop: "4.6.41->4.7.20" })],
      context({ hop: { from: "4.6.41", to: "4.7.20" }, resuming: true }),
    ],
  ];
  for (const [title, found, accepted, where] of turned) {
    it(`passes: ${title}`, () => {
      const once = applyAcceptances(found, accepted, where);
      assert.equal(once.outcome, "pass");
      assert.deepEqual(applyAcceptances(once, accepted, where), once);
    });
  }

  const kept: [
    title: string,
    found: Verdict,
    accepted: Acceptance[],
    context: AcceptanceContext,
    remark: string | null,
  ][] = [
    ["nothing is accepted", verdict(), [], context(), null],
    ["another member", verdict(), [acceptance({ subject: "mongo-1" })], context(), null],
    ["* does not stand for a member", verdict(), [acceptance({ subject: "*" })], context(), null],
    ["another code", verdict(), [acceptance({ code: "LAGS" })], context(), null],
    ["another gate", verdict(), [acceptance({ gate: "rollout" })], context(), null],
    ["another hop", verdict(), [acceptance({ hop: "4.5.20->4.6.41" })], context(), null],
    ["a hop that could not be determined", verdict(), [acceptance()], context({ hop: null }), null],
    ["one reason of two", verdict({ reasons: [lag, { ...lag, member: "mongo-1" }] }), [acceptance()], context(), null],
    [
      "a deadline that names nothing",
      verdict({ reasons: [deadline] }),
      [acceptance({ code: "DEADLINE", subject: "*" })],
      context(),
      null,
    ],
    ["no reason at all", verdict({ reasons: [] }), [acceptance()], context(), null],
    [
      "it has run out",
      verdict(),
      [acceptance({ until: "2026-11-20" })],
      context(),
      "ACCEPTANCE_EXPIRED: The acceptance of LAG by ana (OPS-42) ran out on 2026-11-20: fix the reason, or have it accepted anew in palette:accept.",
    ],
    [
      "four eyes: the runner has accepted it, under any of the runner's names",
      verdict(),
      [acceptance({ by: "Ana" })],
      context({ runners: ["root", "ana"] }),
      "FOUR_EYES: The acceptance of LAG by Ana (OPS-42) does not count, because Ana is also the one who runs this (palette:approval.fourEyes): have another person accept it, or run it.",
    ],
    [
      "four eyes: nobody knows who runs",
      verdict(),
      [acceptance()],
      context({ runners: [] }),
      "FOUR_EYES: The acceptance of LAG by ana (OPS-42) does not count, because this CI job does not say who started it, so palette:approval.fourEyes counts nobody's word. Set PALETTE_ACTOR in the job to the name of the person it runs for.",
    ],
    [
      "a MongoDB member before a hop into 4.7",
      verdict(),
      [acceptance({ hop: "4.6.41->4.7.0" })],
      context({ hop: { from: "4.6.41", to: "4.7.0" } }),
      "ACCEPTANCE_VOID: The acceptance of LAG by ana (OPS-42) counts for nothing: a hop into 4.7 or later restarts every MongoDB member and can lose an unhealthy one for good. Nobody can accept that; fix it.",
    ],
    [
      "a crashing member before a hop into 4.7 that nobody has begun",
      verdict({ reasons: [{ ...lag, code: "POD_CRASHING" }] }),
      [acceptance({ code: "POD_CRASHING", hop: "4.6.41->4.7.20" })],
      context({ hop: { from: "4.6.41", to: "4.7.20" } }),
      "ACCEPTANCE_VOID: The acceptance of POD_CRASHING by ana (OPS-42) counts for nothing: a hop into 4.7 or later restarts every MongoDB member and can lose an unhealthy one for good. Nobody can accept that; fix it.",
    ],
    [
      "a lag on a resumed hop into 4.7, which the hop does not explain",
      verdict(),
      [acceptance({ hop: "4.6.41->4.7.20" })],
      context({ hop: { from: "4.6.41", to: "4.7.20" }, resuming: true }),
      "ACCEPTANCE_VOID: The acceptance of LAG by ana (OPS-42) counts for nothing: a hop into 4.7 or later restarts every MongoDB member and can lose an unhealthy one for good. Nobody can accept that; fix it.",
    ],
  ];
  for (const [title, found, accepted, where, remark] of kept) {
    it(`blocks: ${title}`, () => {
      const once = applyAcceptances(found, accepted, where);
      assert.equal(once.outcome, found.outcome);
      assert.deepEqual(once.reasons.slice(0, found.reasons.length), found.reasons);
      const more = once.reasons.slice(found.reasons.length).map(({ code, message }) => `${code}: ${message}`);
      assert.deepEqual(more, remark === null ? [] : [remark]);
      assert.deepEqual(applyAcceptances(once, accepted, where), once);
    });
  }

  it("a wait stays a wait, a pass a pass", () => {
    for (const outcome of ["wait", "pass"] as const) {
      const found = verdict({ outcome });
      assert.equal(applyAcceptances(found, [acceptance()], context()), found);
    }
  });

  const never: [gate: Acceptance["gate"], code: string, hop: string][] = [
    ["helm-release", "CLUSTER_MISMATCH", "4.5.23->4.6.41"],
    ["helm-release", "DOWNGRADED", "4.5.23->4.6.41"],
    ["mongo-replica-set", "NO_PRIMARY", "4.5.23->4.6.41"],
    ["mongo-replica-set", "TWO_PRIMARIES", "4.5.23->4.6.41"],
    ["mongo-fcv", "FCV_TOO_LOW", "4.7.29->4.8.21"],
    ["mongo-fcv", "FCV_UNREADABLE", "4.7.29->4.8.21"],
    ["helm-release", "HOP_BEGUN", "4.5.23->4.6.41"],
    ["images", "HELM_TOO_OLD", "4.5.23->4.6.41"],
    ["rollout", "VERSION_NOT_REACHED", "4.5.23->4.6.41"],
  ];
  for (const [gate, code, hop] of never) {
    it(`nobody can accept ${code} of ${gate}, on a hop in progress either`, () => {
      const [from, to] = hop.split("->") as [string, string];
      for (const resuming of [true, false]) {
        const found = verdict({ gate, reasons: [{ ...lag, code }] });
        const after = applyAcceptances(
          found,
          [acceptance({ gate, code, hop })],
          context({ hop: { from, to }, resuming }),
        );
        assert.deepEqual([after.outcome, after.reasons.at(-1)?.code], ["fail", "ACCEPTANCE_VOID"]);
      }
    });
  }
});
