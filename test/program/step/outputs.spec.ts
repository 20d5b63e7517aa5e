import assert from "node:assert/strict";
import {
  findIngressProofTime,
  findMovedAt,
  listEarlierEvidence,
  parseEvidence,
  createStackOutputs,
  type StackOutputsInput,
} from "../../../lib/program/step/outputs.js";
import { type ObservedRelease } from "../../../lib/site/types.js";
import { parseRecorded } from "../../../lib/program/step/recorded.js";

const evidence = [
  { gate: "ingress", finishedAt: "2026-03-01T12:00:00Z", reasons: [], observed: null },
  {
    gate: "pcg-catch-up",
    finishedAt: "2026-03-01T12:30:00Z",
    reasons: [],
    observed: { agents: { "acme/edge": "4.6.9" } },
  },
];

function question(change: Partial<StackOutputsInput>): StackOutputsInput {
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
    chartDigests: { hubble: "d1" },
    promoted: null,
    settledRevisions: [{ role: "hubble", revision: 2, valuesDigest: "v2" }],
    movedAt: "2026-03-01T11:58:30Z",
    ...change,
  };
}

const hop = {
  from: "4.6.41",
  to: "4.7.20",
  matrix: "palette-kubernetes-4.7.20",
  matrixSha256: "abc",
  chartDigests: { hubble: "d1" },
  verifiedAt: "2026-03-01T12:30:00Z",
  minutes: 32,
};

describe("stack outputs", () => {
  it("a hop that passed its checks is a verified hop, with the agents found", () => {
    const outputs = createStackOutputs(question({}));
    assert.deepEqual(outputs.verifiedHops, [hop]);
    assert.deepEqual(outputs.agents, { "acme/edge": "4.6.9" });
    assert.equal(outputs.appliedVersion, "4.7.20");
  });

  it("how long it took: from the first release that moved to the last check; what is not known is not said", () => {
    const minutesOf = (movedAt: string | null): unknown => {
      const [verified] = createStackOutputs(question({ movedAt })).verifiedHops as { minutes?: number }[];
      return verified!.minutes;
    };
    assert.equal(minutesOf("2026-03-01T12:29:59Z"), 1);
    assert.equal(minutesOf(null), undefined);
    assert.equal(minutesOf("2026-03-01T13:00:00Z"), undefined, "a clock that is ahead measures nothing");
  });

  it("the first release that moved bears the destination's mark, whatever moved before it", () => {
    const release = (role: string, description: string, lastDeployed: string): object => ({
      role,
      deployed: { description, lastDeployed },
    });
    const releases = [
      release("reach-system", "Palette 4.6.41", "2026-02-01T00:00:00Z"),
      release("hubble", "Palette 4.7.20", "2026-03-01T12:05:00Z"),
      release("cert-manager", "Palette 4.7.20", "2026-03-01T13:01:00+01:00"),
      { role: "image-swap", deployed: null },
    ] as unknown as ObservedRelease[];
    assert.equal(findMovedAt({ releases }, "4.7.20"), "2026-03-01T13:01:00+01:00");
    assert.equal(findMovedAt({ releases }, "4.8.8"), null);
  });

  it("the run after it has the same outputs", () => {
    const first = createStackOutputs(question({}));
    const again = createStackOutputs(
      question({
        step: { kind: "done", destination: "4.7.20", declareReleases: true },
        recorded: parseRecorded(first),
      }),
    );
    assert.deepEqual(again, first);
  });

  it("what Helm holds after a hop is recorded, and what it held before stays beside it once settled", () => {
    const before = [{ role: "hubble" as const, revision: 1, valuesDigest: "v1" }];
    const first = createStackOutputs(question({ recorded: parseRecorded({ appliedVersion: "4.6.41", held: before }) }));
    assert.deepEqual([first.held, first.heldBefore], [[{ role: "hubble", revision: 2, valuesDigest: "v2" }], before]);
    const drifted = [{ role: "hubble" as const, revision: 2, valuesDigest: "changed by hand" }];
    const done = { kind: "done", destination: "4.7.20", declareReleases: true } as const;
    const again = createStackOutputs(
      question({ step: done, recorded: parseRecorded(first), settledRevisions: drifted }),
    );
    assert.deepEqual([again.held, again.heldBefore], [first.held, before], "a drift is never recorded as right");
  });

  it("what was promoted is recorded where a stack is promoted from, and nowhere else", () => {
    const promoted = [{ from: "4.6.41", to: "4.7.20", chartDigests: {}, verifiedAt: "2026-02-01T00:00:00Z" }];
    assert.deepEqual(createStackOutputs(question({ promoted })).promoted, promoted);
    assert.ok(!("promoted" in createStackOutputs(question({}))));
  });

  it("settling our own hop verifies it; settling a hand-made version verifies nothing", () => {
    const settle = { kind: "settle", from: "4.6.41", destination: "4.7.20", declareReleases: true } as const;
    assert.deepEqual(createStackOutputs(question({ step: { ...settle, ours: true } })).verifiedHops, [hop]);
    assert.deepEqual(createStackOutputs(question({ step: { ...settle, ours: false } })).verifiedHops, []);
  });

  it("a proved ingress tells when; one that had nothing to judge tells nothing", () => {
    assert.equal(findIngressProofTime(evidence), "2026-03-01T12:00:00Z");
    assert.equal(findIngressProofTime([{ ...evidence[0]!, reasons: [{ code: "NOT_APPLICABLE" }] }]), "");
    assert.equal(findIngressProofTime([]), "");
  });

  it("evidence from before this run, or without a time, is an earlier run's; that of this run is not", () => {
    const [ingress, catchUp] = [evidence[0]!, evidence[1]!];
    const untimed = { ...ingress, finishedAt: "" };
    const listed = listEarlierEvidence([ingress, catchUp, untimed], new Date(catchUp.finishedAt));
    assert.deepEqual(listed, [ingress, untimed]);
    assert.deepEqual(listEarlierEvidence([ingress, catchUp], new Date(ingress.finishedAt)), []);
  });

  it("a line that is no evidence is none", () => {
    assert.equal(parseEvidence("Warning: HOME"), null);
  });
});
