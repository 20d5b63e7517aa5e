import assert from "node:assert/strict";
import fc from "fast-check";
import { injectFaults } from "../../../lib/site/create.js";
import { minutes, seconds } from "../../../lib/site/model.js";
import { computeReplicaSet, mongoRollOutDuration, type SimulatedSet } from "../../../lib/site/mongo/replica-set.js";
import type { FaultName } from "../../../lib/types.js";
import { afterHops, freshModel, start } from "../models.js";

const route = ["4.2.7", "4.2.13", "4.3.6"];
const hopped = afterHops(freshModel(), route);

function states(set: SimulatedSet): string {
  return set.members.map(({ state }) => state).join(",");
}

describe("the simulated replica set", () => {
  it("is healthy from the start: one primary, two secondaries in sync", () => {
    const set = computeReplicaSet(freshModel(), start);
    assert.equal(states(set), "1,2,2");
    assert.deepEqual([set.primary, set.term], [0, 4]);
    assert.ok(set.members.every(({ lagSeconds, ready, running }) => lagSeconds === 0 && ready && running));
  });

  const timeline: [at: number, states: string, primary: number | null, term: number][] = [
    [9, "1,2,2", 0, 4],
    [12, "1,2,8", 0, 4],
    [32, "1,2,5", 0, 4],
    [40, "1,2,3", 0, 4],
    [46, "1,2,2", 0, 4],
    [75, "1,8,2", 0, 4],
    [127, "1,2,2", 0, 4],
    [128.5, "2,2,2", null, 4],
    [129.5, "2,2,1", 2, 5],
    [131, "8,2,1", 2, 5],
    [185, "2,2,1", 2, 5],
  ];
  for (const [at, expected, primary, term] of timeline) {
    it(`${at} s after a hop began its members are ${expected}`, () => {
      const set = computeReplicaSet(afterHops(freshModel(), ["4.2.7"]), start + at * seconds);
      assert.equal(states(set), expected);
      assert.deepEqual([set.primary, set.term], [primary, term]);
    });
  }

  it("restarts the primary last on the next hop too, whichever member that is", () => {
    const second = start + 60 * minutes;
    const down = [15, 75, 135].map((at) => {
      const set = computeReplicaSet(hopped, second + at * seconds);
      return set.members.find(({ state }) => state === 8)!.ordinal;
    });
    assert.deepEqual(down, [1, 0, 2]);
  });

  it("catches up after a restart: the lag falls to zero", () => {
    const lag = (at: number): number => computeReplicaSet(hopped, start + at * seconds).members[2]!.lagSeconds;
    assert.ok(lag(46) > lag(52) && lag(52) > 0);
    assert.equal(lag(61), 0);
  });

  it("property: never two members down, never two primaries, no primary for at most a second", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 * 3600 * 10 }), (tenths) => {
        const set = computeReplicaSet(hopped, start + tenths * 100);
        assert.ok(set.members.filter(({ running }) => !running).length <= 1);
        const primaries = set.members.filter(({ state }) => state === 1).length;
        assert.ok(primaries === 1 || (primaries === 0 && set.primary === null));
        const later = computeReplicaSet(hopped, start + tenths * 100 + 1100);
        assert.ok(set.primary !== null || later.primary !== null);
      }),
    );
  });

  it("property: terms and start times only grow", () => {
    fc.assert(
      fc.property(fc.nat(4 * 3600), fc.nat(4 * 3600), (a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)].map((at) =>
          computeReplicaSet(hopped, start + at * seconds),
        );
        assert.ok(early!.term <= late!.term && early!.electedAt <= late!.electedAt);
        for (const [index, member] of early!.members.entries()) {
          assert.ok(member.startedAt <= late!.members[index]!.startedAt);
        }
      }),
    );
  });

  it("is settled when a hop is over", () => {
    const set = computeReplicaSet(afterHops(freshModel(), ["4.2.7"]), start + mongoRollOutDuration);
    assert.ok(set.members.every(({ updated, ready, lagSeconds }) => updated && ready && lagSeconds === 0));
  });

  const faults: [FaultName, string][] = [
    ["member-recovering", "1,2,3"],
    ["member-lagging", "1,2,2"],
    ["two-primaries", "1,2,1"],
    ["member-unreachable", "1,2,8"],
  ];
  for (const [name, expected] of faults) {
    it(`${name} hits mongo-2 and nobody else`, () => {
      const set = computeReplicaSet(injectFaults(freshModel(), [{ name }], start), start + minutes);
      assert.equal(states(set), expected);
      assert.equal(set.members[2]!.running, name !== "member-unreachable");
      assert.equal(set.members[2]!.lagSeconds >= 120, name === "member-lagging" || name === "member-recovering");
      assert.deepEqual(set.members.slice(0, 2), computeReplicaSet(freshModel(), start + minutes).members.slice(0, 2));
    });
  }
});
