import assert from "node:assert/strict";
import { awaitIngressProof } from "../../../lib/program/preview/after-ingress.js";
import { createEmptyPreview, formatGates } from "../../../lib/program/preview/assemble.js";
import { createPreviewOutline } from "../../../lib/program/preview/render/outline.js";
import { judgePreview } from "../../../lib/program/preview/render/verdict.js";
import { type PreviewedGate } from "../../../lib/program/preview/report.js";

const why =
  "after the ingress check, with which the time of the gateways starts anew: at least 30 minutes where an agent is unchanged";

function gate(name: PreviewedGate["gate"], change: Partial<PreviewedGate> = {}): PreviewedGate {
  const subject = name === "pcg-catch-up" ? "acme/edge" : null;
  return { gate: name, subject, when: "after", mandatory: true, outcome: "pass", reasons: [], why: null, ...change };
}

const note = { code: "NOTE", member: null, message: "PCG acme/edge: agent 4.6.1." };
const unchanged = { code: "PCG_AGENT_UNCHANGED", member: null, message: "PCG acme/edge: agent is at 4.6.1." };
const passed = gate("pcg-catch-up", { reasons: [note] });

describe("what a preview promises of the catch-up after an ingress check", () => {
  const cases: [
    title: string,
    ingress: PreviewedGate | null,
    catchUp: PreviewedGate,
    change: Partial<PreviewedGate>,
  ][] = [
    ["a pass is none yet", gate("ingress"), passed, { outcome: "will-check", reasons: [], why }],
    [
      "also while the ingress is not proved",
      gate("ingress", { outcome: "wait" }),
      passed,
      { outcome: "will-check", reasons: [], why },
    ],
    [
      "also where the ingress has not answered",
      gate("ingress", { outcome: "will-check", why: "it did not answer within 60 s" }),
      passed,
      { outcome: "will-check", reasons: [], why },
    ],
    [
      "a wait stays one, and is longer",
      gate("ingress"),
      gate("pcg-catch-up", { outcome: "wait", reasons: [unchanged] }),
      { why },
    ],
    ["what fails, fails", gate("ingress"), gate("pcg-catch-up", { outcome: "fail", reasons: [unchanged] }), {}],
    ["negative twin: the ingress does not change", gate("ingress", { outcome: "not-applicable" }), passed, {}],
    ["negative twin: no ingress is checked", null, passed, {}],
    ["negative twin: the ingress is checked before a hop", gate("ingress", { when: "before" }), passed, {}],
    ["negative twin: the catch-up before a hop", gate("ingress"), { ...passed, when: "before" }, {}],
  ];
  for (const [title, ingress, catchUp, change] of cases) {
    it(title, () => {
      const others = [gate("rollout"), ...(ingress === null ? [] : [ingress])];
      assert.deepEqual(awaitIngressProof([...others, catchUp], 1800), [...others, { ...catchUp, ...change }]);
    });
  }

  const settle = { kind: "settle", from: "4.8.8", destination: "4.8.47", ours: true, declareReleases: true } as const;
  const shown: [
    title: string,
    ingress: PreviewedGate["outcome"],
    catchUp: PreviewedGate,
    sentence: string,
    line: string,
  ][] = [
    [
      "a settle that proves the ingress",
      "pass",
      passed,
      "nothing speaks against it so far, but 1 gate was not judged (pcg-catch-up of acme/edge); only the update does",
      `  pcg-catch-up acme/edge (after): will check: ${why}`,
    ],
    [
      "a settle that proves the ingress, and an agent is awaited",
      "pass",
      gate("pcg-catch-up", { outcome: "wait", reasons: [unchanged] }),
      "the update would wait for pcg-catch-up of acme/edge (wait)",
      `  pcg-catch-up acme/edge (after): wait\n      PCG_AGENT_UNCHANGED: PCG acme/edge: agent is at 4.6.1.\n      ${why}`,
    ],
    [
      "negative twin: a settle with the ingress as it was",
      "not-applicable",
      passed,
      "every gate that must pass does",
      "  pcg-catch-up acme/edge (after): pass",
    ],
  ];
  for (const [title, outcome, catchUp, sentence, line] of shown) {
    it(`is shown: ${title}`, () => {
      const gates = awaitIngressProof([gate("ingress", { outcome }), catchUp], 1800);
      const report = { ...createEmptyPreview("prod"), step: settle, clusterRead: true, gates };
      assert.equal(judgePreview(report).sentence, sentence);
      assert.equal(formatGates(gates.slice(1)), `Gates, looked at once and read-only:\n${line}`);
      const [first] = createPreviewOutline(report).gates;
      assert.equal(first!.findings.includes(why), outcome !== "not-applicable");
    });
  }
});
