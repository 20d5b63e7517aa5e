import assert from "node:assert/strict";
import { type Gate, type GateReport } from "../../../../lib/gates/verdict/types.js";
import { type Observed } from "../../../../lib/program/step/observe.js";
import { type HelmRevision, type ObservedRelease } from "../../../../lib/site/types.js";
import { freshSeconds, guardRelease, type GuardReleaseInput } from "../../../../lib/program/step/guard/guard.js";

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

function seen(observedVersion: string, releases: ObservedRelease[] = []): Observed {
  return { state: "installed", observation: { clusterUid: "uid-1", edition: "palette", observedVersion, releases } };
}

function question(
  change: Partial<GuardReleaseInput> & { live?: string; clusterUid?: string } = {},
): GuardReleaseInput & { singles: boolean[]; asked: string[]; noted: Date[] } {
  const singles: boolean[] = [];
  const asked: string[] = [];
  const noted: Date[] = [];
  const { live = "4.5.23", ...rest } = change;
  return {
    run: { hasJudgedAll: false },
    from: "4.5.23",
    destination: "4.6.41",
    isSupported: (from, to) => from === "4.5.23" && to === "4.6.41",
    observe: () => Promise.resolve(seen(live)),
    gates: { every: [{ name: "mongo-replica-set" } as Gate], start: [] },
    judge: (gate, single) => {
      singles.push(single);
      asked.push(gate.name);
      return Promise.resolve(report(gate.name, "pass"));
    },
    getPassedAt: () => new Date(now.getTime() - freshSeconds * 1000).toISOString(),
    recordPass: (at) => void noted.push(at),
    now: () => Promise.resolve(now),
    ...rest,
    clusterUid: change.clusterUid ?? "uid-1",
    singles,
    asked,
    noted,
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
    const asked = question({ getPassedAt: () => old });
    await guardRelease("hubble", asked);
    assert.deepEqual(asked.singles, [false]);
  });

  it("no pass in this update: the gates run in full", async () => {
    const asked = question({ getPassedAt: () => null });
    await guardRelease("hubble", asked);
    assert.deepEqual(asked.singles, [false]);
  });

  describe("a pass that is fresh", () => {
    const before = new Date(now.getTime() - 61_000).toISOString();
    const since = new Date(now.getTime() - 59_000).toISOString();
    const passedAt = (): string => new Date(now.getTime() - 60_000).toISOString();
    const own = { status: "deployed", description: "Palette 4.6.41", lastDeployed: since } as const;
    const table: [title: string, newest: Partial<HelmRevision>, single: boolean][] = [
      ["and this hop's own moves since then: one look", own, true],
      [
        "and a release that has failed since: in full, what it began may be rolling",
        { ...own, status: "failed" },
        false,
      ],
      ["and somebody else's revision since: in full", { ...own, description: "Rollback to 6" }, false],
      ["and another hop's: in full", { ...own, description: "Palette 4.5.23" }, false],
      [
        "and one that failed before, by Helm's clock: in full all the same",
        { ...own, status: "failed", lastDeployed: before },
        false,
      ],
      [
        "and somebody else's revision from before: one look",
        { ...own, description: "Rollback to 6", lastDeployed: before },
        true,
      ],
    ];
    for (const [title, change, single] of table) {
      it(title, async () => {
        const newest = { ...change, chartVersion: "1.19.1" } as HelmRevision;
        const releases = [
          { role: "cert-manager" as const, name: "cert-manager", namespace: "default", deployed: newest, newest },
        ];
        const asked = question({
          getPassedAt: passedAt,
          observe: () => Promise.resolve(seen("4.5.23", releases)),
        });
        await guardRelease("hubble", asked);
        assert.deepEqual(asked.singles, [single]);
      });
    }
  });

  describe("gates that hold for the hop's beginning", () => {
    const gates = { every: [{ name: "mongo-replica-set" } as Gate], start: [{ name: "window" } as Gate] };
    const old = (): string => new Date(now.getTime() - freshSeconds * 1000 - 1).toISOString();
    const begunBy = (
      role: ObservedRelease["role"],
      description: string,
      chartVersion: string,
    ): GuardReleaseInput["observe"] => {
      const newest = { description, chartVersion } as HelmRevision;
      const releases = [{ role, name: role, namespace: "default", deployed: newest, newest }];
      return () => Promise.resolve(seen("4.5.23", releases));
    };
    const table: [string, Partial<GuardReleaseInput>, string[]][] = [
      ["their Commands passed a moment ago: that counts", { gates }, ["mongo-replica-set"]],
      ["they passed in an earlier update: asked again", { gates, getPassedAt: old }, ["mongo-replica-set", "window"]],
      ["nothing is known of a pass: asked", { gates, getPassedAt: () => null }, ["mongo-replica-set", "window"]],
      [
        "a release has moved for this hop in an earlier update, which this one resumes: asked again",
        { gates, getPassedAt: old, observe: begunBy("cert-manager", "Palette 4.6.41", "1.19.1") },
        ["mongo-replica-set", "window"],
      ],
      [
        "the product itself was begun by hand: the same",
        { gates, getPassedAt: old, observe: begunBy("hubble", "Upgrade failed", "4.6.41") },
        ["mongo-replica-set", "window"],
      ],
      [
        "a release has moved in this update: they are behind it",
        { gates, getPassedAt: old, run: { hasJudgedAll: true } },
        ["mongo-replica-set"],
      ],
      [
        "a release bears the mark of the hop before: nothing has moved for this one",
        { gates, getPassedAt: old, observe: begunBy("cert-manager", "Palette 4.5.23", "1.18.0") },
        ["mongo-replica-set", "window"],
      ],
    ];
    for (const [title, change, expected] of table) {
      it(title, async () => {
        const asked = question(change);
        await guardRelease("cert-manager", asked);
        assert.deepEqual(asked.asked, expected);
        assert.deepEqual(asked.noted, asked.singles.includes(true) ? [] : [now], "a pass of all is noted");
      });
    }

    it("one that refuses now refuses, whatever its Command once said", async () => {
      const judge: GuardReleaseInput["judge"] = ({ name }) =>
        Promise.resolve(report(name, name === "window" ? "fail" : "pass"));
      const asked = question({ gates, getPassedAt: old, judge });
      await assert.rejects(guardRelease("cert-manager", asked), { code: "GATE_REFUSED", message: /\n {2}- window: / });
      assert.deepEqual([asked.noted, asked.run.hasJudgedAll], [[], false]);
    });

    it("the first release of a run asks them once, the ones behind it do not", async () => {
      const asked = question({ gates, getPassedAt: old });
      for (const release of ["cert-manager", "hubble"]) await guardRelease(release, asked);
      assert.deepEqual(asked.asked, ["mongo-replica-set", "window", "mongo-replica-set"]);
    });
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

  describe("the destination is installed already, and a release of it still moves", () => {
    const gates = { every: [{ name: "mongo-replica-set" } as Gate], start: [{ name: "window" } as Gate] };
    const table: [title: string, change: Partial<GuardReleaseInput>, expected: string[]][] = [
      ["nothing was judged in this run: all gates", { getPassedAt: () => null }, ["mongo-replica-set", "window"]],
      ["the run has judged them before its first release", { run: { hasJudgedAll: true } }, ["mongo-replica-set"]],
      ["their Commands passed a moment ago", {}, ["mongo-replica-set"]],
    ];
    for (const [title, change, expected] of table) {
      it(title, async () => {
        const asked = question({ live: "4.6.41", gates, ...change });
        await guardRelease("cert-manager", asked);
        assert.deepEqual([asked.asked, asked.run.hasJudgedAll], [expected, true]);
      });
    }

    it("one that refuses refuses", async () => {
      const judge: GuardReleaseInput["judge"] = ({ name }) =>
        Promise.resolve(report(name, name === "window" ? "fail" : "pass"));
      const asked = question({ live: "4.6.41", gates, getPassedAt: () => null, judge });
      await assert.rejects(guardRelease("cert-manager", asked), { code: "GATE_REFUSED" });
    });
  });
});
