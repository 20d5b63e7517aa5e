import assert from "node:assert/strict";
import {
  awaitIngressProof,
  listAfterIngressProof,
  listCatchUps,
  replaceCatchUps,
} from "../../../lib/program/preview/after-ingress.js";
import { createEmptyPreview, formatGates } from "../../../lib/program/preview/assemble.js";
import { type GateToPreview } from "../../../lib/program/preview/gates.js";
import { createPreviewOutline } from "../../../lib/program/preview/render/outline.js";
import { judgePreview } from "../../../lib/program/preview/render/verdict.js";
import { type PreviewedGate } from "../../../lib/program/preview/report.js";
import { at } from "../../gates/fake-site.js";
import { firstVerdict, newAgent, type Story } from "../../gates/pcg-catch-up/story.js";

const why =
  "after the ingress check, with which the time of the gateways starts anew unless an earlier update has passed it: at least 30 minutes where an agent is unchanged";

function gate(name: PreviewedGate["gate"], change: Partial<PreviewedGate> = {}): PreviewedGate {
  const subject = name === "pcg-catch-up" ? "acme/edge" : null;
  return { gate: name, subject, when: "after", mandatory: true, outcome: "pass", reasons: [], why: null, ...change };
}

const note = { code: "NOTE", member: null, message: "PCG acme/edge: agent 4.6.1." };
const unchanged = { code: "PCG_AGENT_UNCHANGED", member: null, message: "PCG acme/edge: agent is at 4.6.1." };
const deadline = { code: "DEADLINE", member: null, message: "PCG acme/edge: its time to catch up was over." };
const passed = gate("pcg-catch-up", { reasons: [note] });
const waits = gate("pcg-catch-up", { outcome: "wait", reasons: [unchanged] });
const failed = gate("pcg-catch-up", { outcome: "fail", reasons: [deadline] });

describe("which catch-ups wait for the proof of a changed ingress", () => {
  const toPreview = (change: Partial<GateToPreview> = {}): GateToPreview => ({
    ...{ gate: "pcg-catch-up", subject: "acme/edge", when: "after", mandatory: true, later: null },
    ...change,
  });
  const cases: [title: string, ingress: PreviewedGate | null, listed: GateToPreview, isListed: boolean][] = [
    ["the ingress is proved by this update", gate("ingress"), toPreview(), true],
    ["it is not proved yet", gate("ingress", { outcome: "wait" }), toPreview(), true],
    ["it has not answered", gate("ingress", { outcome: "will-check", why: "it did not answer" }), toPreview(), true],
    ["negative twin: it does not change", gate("ingress", { outcome: "not-applicable" }), toPreview(), false],
    ["negative twin: no ingress is checked", null, toPreview(), false],
    ["negative twin: it is checked before a hop", gate("ingress", { when: "before" }), toPreview(), false],
    ["negative twin: the catch-up before a hop", gate("ingress"), toPreview({ when: "before" }), false],
    ["negative twin: a catch-up after the hop", gate("ingress"), toPreview({ later: "after the hop" }), false],
    ["negative twin: another check", gate("ingress"), toPreview({ gate: "rollout", subject: null }), false],
  ];
  for (const [title, ingress, listed, isListed] of cases) {
    it(title, () => {
      const answered = [gate("rollout"), ...(ingress === null ? [] : [ingress])];
      assert.deepEqual(listAfterIngressProof([listed], answered), isListed ? [listed] : []);
    });
  }
});

describe("the catch-up by the recorded time of the ingress proof", () => {
  const other = gate("pcg-catch-up", { subject: "acme/other" });
  const before = gate("pcg-catch-up", { when: "before", outcome: "fail" });
  const unjudged = gate("pcg-catch-up", { outcome: "will-check", why });
  const cases: [title: string, judged: PreviewedGate[], wanted: PreviewedGate[]][] = [
    ["stands in the place of what was left to the update", [passed], [before, other, passed]],
    ["and is what the update would wait for", [waits], [before, other, waits]],
    ["negative twin: the time is not known, so it stays unjudged", [], [before, other, unjudged]],
    ["negative twin: of another gateway", [gate("pcg-catch-up", { subject: "acme/third" })], [before, other, unjudged]],
  ];
  for (const [title, judged, wanted] of cases)
    it(title, () => assert.deepEqual(replaceCatchUps([before, other, unjudged], judged), wanted));

  it("is judged before the update where it can be; negative twins: after a hop, before one, another gate", () => {
    const now: GateToPreview = {
      ...{ gate: "pcg-catch-up", subject: "acme/edge", when: "after", mandatory: true, later: null },
    };
    const others: GateToPreview[] = [
      { ...now, later: "after the hop" },
      { ...now, when: "before" },
      { ...now, gate: "rollout", subject: null },
    ];
    assert.deepEqual(listCatchUps([now, ...others]), [now]);
  });
});

describe("what a preview promises of the catch-up after an ingress check", () => {
  const willCheck: Partial<PreviewedGate> = { outcome: "will-check", reasons: [], why };
  const cases: [title: string, early: PreviewedGate, late: PreviewedGate | null, change: Partial<PreviewedGate>][] = [
    ["a pass that a proof now would make wait: the update decides", passed, waits, willCheck],
    ["a deadline that a proof now would move: the update decides", failed, waits, willCheck],
    ["a proof now did not answer: the update decides", passed, gate("pcg-catch-up", willCheck), willCheck],
    ["a wait either way stays one, and is longer", waits, waits, { why }],
    ["what fails either way fails", failed, failed, {}],
    ["what passes either way passes", passed, passed, {}],
    ["negative twin: no ingress is proved", passed, null, {}],
  ];
  for (const [title, early, late, change] of cases) {
    it(title, () => {
      const others = [gate("ingress"), gate("pcg-catch-up", { subject: "acme/other" })];
      const latest = late === null ? [] : [late];
      assert.deepEqual(awaitIngressProof([...others, early], latest, 1800), [...others, { ...early, ...change }]);
    });
  }

  it("whenever the ingress was or will be proved, the update's verdict is what is shown, or it is left to the update", async () => {
    const seen = new Set<string>();
    const outcomeOf = async (story: Story): Promise<PreviewedGate["outcome"]> => (await firstVerdict(story)).outcome;
    for (const from of ["4.5.23", "4.6.36"])
      for (const heartbeatAge of [0, 8])
        for (const pcg of [() => ({}), newAgent(12), () => ({ health: "Unhealthy" })])
          for (const begins of [10, 30, 50, 80]) {
            const lastHeartbeat = at(begins - heartbeatAge);
            const story: Story = { from, begins, pcg: (minute) => ({ ...pcg(minute), lastHeartbeat }) };
            const early = await outcomeOf(story);
            const late = await outcomeOf({ ...story, ingressProvedAt: begins });
            const [shown] = awaitIngressProof(
              [gate("pcg-catch-up", { outcome: early })],
              [gate("pcg-catch-up", { outcome: late })],
              1800,
            );
            seen.add(shown!.outcome);
            if (shown!.outcome === "will-check") continue;
            for (let ingressProvedAt = 5; ingressProvedAt <= begins; ingressProvedAt += 5)
              assert.equal(
                await outcomeOf({ ...story, ingressProvedAt }),
                shown!.outcome,
                JSON.stringify({ ...story, ingressProvedAt }),
              );
          }
    assert.deepEqual([...seen].sort(), ["wait", "will-check"]);
  });

  const settle = { kind: "settle", from: "4.8.8", destination: "4.8.47", ours: true, declareReleases: true } as const;
  const shown: [title: string, early: PreviewedGate, late: PreviewedGate | null, sentence: string, line: string][] = [
    [
      "a settle that proves the ingress",
      passed,
      waits,
      "nothing speaks against it so far, but 1 gate was not judged (pcg-catch-up of acme/edge); only the update does",
      `  pcg-catch-up acme/edge (after): will check: ${why}`,
    ],
    [
      "a settle that proves the ingress, and an agent is awaited",
      waits,
      waits,
      "the update would wait for pcg-catch-up of acme/edge (wait)",
      `  pcg-catch-up acme/edge (after): wait\n      PCG_AGENT_UNCHANGED: PCG acme/edge: agent is at 4.6.1.\n      ${why}`,
    ],
    [
      "negative twin: a settle with the ingress as it was",
      passed,
      null,
      "every gate that must pass does",
      "  pcg-catch-up acme/edge (after): pass",
    ],
  ];
  for (const [title, early, late, sentence, line] of shown) {
    it(`is shown: ${title}`, () => {
      const ingress = gate("ingress", { outcome: late === null ? "not-applicable" : "pass" });
      const gates = awaitIngressProof([ingress, early], late === null ? [] : [late], 1800);
      const report = { ...createEmptyPreview("prod"), step: settle, clusterRead: true, gates };
      assert.equal(judgePreview(report).sentence, sentence);
      assert.equal(formatGates(gates.slice(1)), `Gates, looked at once and read-only:\n${line}`);
      const [first] = createPreviewOutline(report).gates;
      assert.equal(first!.findings.includes(why), late !== null);
    });
  }
});
