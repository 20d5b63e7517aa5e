import assert from "node:assert/strict";
import { type Gate, type GateReport } from "../../lib/gates/types.js";
import { freshSeconds, guardRelease, type GuardQuestion } from "../../lib/stack/guard.js";

const now = new Date("2026-03-01T12:00:00Z");

function report(gate: string, outcome: GateReport["outcome"]): GateReport {
  return {
    gate: gate as Gate["name"],
    outcome,
    when: "before",
    from: "4.5.23",
    to: "4.6.41",
    startedAt: "",
    finishedAt: "",
    samples: 1,
    reasons: outcome === "pass" ? [] : [{ code: "MEMBER_STATE", member: "mongo-2", message: "mongo-2 is RECOVERING." }],
    observed: null,
  };
}

function question(
  change: Partial<GuardQuestion> & { live?: string; clusterUid?: string } = {},
): GuardQuestion & { singles: boolean[] } {
  const singles: boolean[] = [];
  const { live = "4.5.23", ...rest } = change;
  return {
    from: "4.5.23",
    destination: "4.6.41",
    isSupported: (from, to) => from === "4.5.23" && to === "4.6.41",
    observe: () => Promise.resolve({ clusterUid: "uid-1", edition: "palette", observedVersion: live, releases: [] }),
    gates: [{ name: "mongo-replica-set" } as Gate],
    judge: (gate, single) => {
      singles.push(single);
      return Promise.resolve(report(gate.name, "pass"));
    },
    passedAt: () => new Date(now.getTime() - freshSeconds * 1000).toISOString(),
    now: () => Promise.resolve(now),
    ...rest,
    clusterUid: change.clusterUid ?? "uid-1",
    singles,
  };
}

describe("guard of a release", () => {
  it("a fresh pass of the Commands leaves one look", async () => {
    const asked = question();
    await guardRelease("hubble", asked);
    assert.deepEqual(asked.singles, [true]);
  });

  it("a pass older than that counts for nothing: the gates run in full", async () => {
    const old = new Date(now.getTime() - freshSeconds * 1000 - 1).toISOString();
    const asked = question({ passedAt: () => old });
    await guardRelease("hubble", asked);
    assert.deepEqual(asked.singles, [false]);
  });

  it("no pass in this update: the gates run in full", async () => {
    const asked = question({ passedAt: () => null });
    await guardRelease("hubble", asked);
    assert.deepEqual(asked.singles, [false]);
  });

  for (const outcome of ["fail", "unknown"] as const) {
    it(`a gate that answers ${outcome} refuses, naming release, gate and member`, async () => {
      const asked = question({ judge: (gate) => Promise.resolve(report(gate.name, outcome)) });
      await assert.rejects(guardRelease("hubble", asked), (error: Error & { code: string }) => {
        assert.equal(error.code, "GATE_REFUSED");
        assert.match(
          error.message,
          /^Release hubble does not move; judged again at the last moment:\n {2}- mongo-replica-set: mongo-2 is RECOVERING\./,
        );
        return true;
      });
    });
  }

  it("somebody moved it in between: refused before any gate", async () => {
    const asked = question({ live: "4.6.36" });
    await assert.rejects(guardRelease("hubble", asked), { code: "NOT_THIS_HOP" });
    assert.deepEqual(asked.singles, []);
  });

  it("a pair that is no supported row is refused even where everything else fits", async () => {
    await assert.rejects(guardRelease("hubble", question({ isSupported: () => false })), {
      code: "NOT_THIS_HOP",
      message: /that pair is not a supported row/,
    });
  });

  it("another cluster is refused", async () => {
    await assert.rejects(guardRelease("hubble", question({ clusterUid: "uid-2" })), { code: "CLUSTER_MISMATCH" });
  });

  it("the destination is installed already: nothing moves along a pair, nothing is asked", async () => {
    const asked = question({ live: "4.6.41" });
    await guardRelease("cert-manager", asked);
    assert.deepEqual(asked.singles, []);
  });
});
