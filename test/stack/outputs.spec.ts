import assert from "node:assert/strict";
import { ingressProvedAt, parseEvidence, stackOutputs, type OutputsQuestion } from "../../lib/stack/outputs.js";
import { parseRecorded } from "../../lib/stack/recorded.js";

const evidence = [
  { gate: "ingress", finishedAt: "2026-03-01T12:00:00Z", reasons: [], observed: null },
  {
    gate: "pcg-catch-up",
    finishedAt: "2026-03-01T12:30:00Z",
    reasons: [],
    observed: { agents: { "acme/edge": "4.6.9" } },
  },
];

function question(change: Partial<OutputsQuestion>): OutputsQuestion {
  return {
    step: { kind: "hop", from: "4.6.41", destination: "4.7.20", resuming: false, declareReleases: true },
    clusterUid: "uid-1",
    releases: [],
    recorded: parseRecorded({ appliedVersion: "4.6.41" }),
    baseline: { "acme/edge": "4.5.2" },
    installedBaseline: {},
    evidence,
    remaining: null,
    target: "4.7.20",
    matrix: { id: "palette-kubernetes-4.7.20", sha256: "abc" },
    ...change,
  };
}

const hop = {
  from: "4.6.41",
  to: "4.7.20",
  matrix: "palette-kubernetes-4.7.20",
  matrixSha256: "abc",
  verifiedAt: "2026-03-01T12:30:00Z",
};

describe("stack outputs", () => {
  it("a hop that passed its checks is a verified hop, with the agents found", () => {
    const outputs = stackOutputs(question({}));
    assert.deepEqual(outputs.verifiedHops, [hop]);
    assert.deepEqual(outputs.agents, { "acme/edge": "4.6.9" });
    assert.equal(outputs.appliedVersion, "4.7.20");
  });

  it("the run after it has the same outputs", () => {
    const first = stackOutputs(question({}));
    const again = stackOutputs(
      question({
        step: { kind: "done", destination: "4.7.20", declareReleases: true },
        recorded: parseRecorded(first),
      }),
    );
    assert.deepEqual(again, first);
  });

  it("settling our own hop verifies it; settling a hand-made version verifies nothing", () => {
    const settle = { kind: "settle", from: "4.6.41", destination: "4.7.20", declareReleases: true } as const;
    assert.deepEqual(stackOutputs(question({ step: { ...settle, ours: true } })).verifiedHops, [hop]);
    assert.deepEqual(stackOutputs(question({ step: { ...settle, ours: false } })).verifiedHops, []);
  });

  it("a proved ingress tells when; one that had nothing to judge tells nothing", () => {
    assert.equal(ingressProvedAt(evidence), "2026-03-01T12:00:00Z");
    assert.equal(ingressProvedAt([{ ...evidence[0]!, reasons: [{ code: "NOT_APPLICABLE" }] }]), "");
    assert.equal(ingressProvedAt([]), "");
  });

  it("a line that is no evidence is none", () => {
    assert.equal(parseEvidence("Warning: HOME"), null);
  });
});
