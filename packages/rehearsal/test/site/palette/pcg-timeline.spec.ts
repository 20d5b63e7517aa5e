import assert from "node:assert/strict";
import { clearFaults, injectFaults } from "../../../lib/site/create.js";
import { minutes, seconds, type PcgAction, type SiteModel } from "../../../lib/site/model.js";
import {
  getAgentVersion,
  hasProfileUpdate,
  computePcg,
  type SimulatedPcg,
} from "../../../lib/site/palette/pcg-timeline.js";
import { rollOutDuration } from "../../../lib/site/kubernetes/roll-out.js";
import type { FaultName } from "../../../lib/types.js";
import { afterHops, freshModel, start } from "../models.js";

const [cli, existing] = [0, 1];

function at(model: SiteModel, index: number, minutesAfter: number): SimulatedPcg {
  return computePcg(model, model.pcgs[index]!, start + minutesAfter * minutes);
}

/** The first minute at which the condition holds, up to two hours after the start; null if it never does. */
function firstMinute(holds: (minute: number) => boolean): number | null {
  for (let minute = 0; minute <= 120; minute += 0.25) if (holds(minute)) return minute;
  return null;
}

describe("the simulated private cloud gateways", () => {
  const minor = afterHops(freshModel(), ["4.2.7"]);

  it("an agent updates itself at its first poll after the roll-out to a newer minor", () => {
    for (const index of [cli, existing]) {
      const changed = firstMinute((minute) => at(minor, index, minute).agentVersion === "4.2.2");
      const earliest = (rollOutDuration + 2 * minutes) / minutes;
      assert.ok(
        changed !== null && changed >= earliest && changed <= earliest + 15 + 4,
        `changed after ${changed} minutes`,
      );
    }
  });

  it("polls every quarter of an hour in a phase of its own", () => {
    const seeds = freshModel().pcgs.map(({ phaseSeconds }) => phaseSeconds);
    assert.equal(new Set(seeds).size, seeds.length);
    assert.ok(seeds.every((phase) => phase >= 0 && phase < 900));
  });

  it("a patch brings no new agent", () => {
    const patch = afterHops(freshModel({ version: "4.2.7" }), ["4.2.13"]);
    assert.equal(at(patch, cli, 120).agentVersion, at(patch, cli, 0).agentVersion);
  });

  it("an agent's version never equals a version of the platform on the route", () => {
    for (const version of ["4.1.12", "4.2.7", "4.2.13", "4.3.6", "4.4.20", "4.5.23", "4.6.41", "4.7.20", "4.8.8"]) {
      assert.notEqual(getAgentVersion(version), version);
    }
  });

  it("a heartbeat is never older than a minute, an agent update going on or not", () => {
    for (let minute = 0; minute < 60; minute += 0.3) {
      const age = start + minute * minutes - at(minor, cli, minute).lastHeartbeat;
      assert.ok(age >= 0 && age < minutes, `${age} ms at minute ${minute}`);
    }
  });

  it("some minors bring a profile update, others none", () => {
    assert.deepEqual(["4.2.7", "4.3.6", "4.4.20", "4.7.20"].map(hasProfileUpdate), [true, false, true, false]);
  });

  it("a profile update waits ten minutes for the operator, then takes five, then its event is there", () => {
    const appears = firstMinute((minute) => at(minor, cli, minute).updatePending)!;
    const approved = firstMinute((minute) => minute > appears && !at(minor, cli, minute).updatePending)!;
    const complete = firstMinute((minute) => /all control planes/.test(at(minor, cli, minute).events[0]!.message))!;
    assert.ok(Math.abs(approved - appears - 10) <= 0.25 && Math.abs(complete - approved - 5) <= 0.25);
    assert.equal(at(minor, cli, complete).agentVersion, "4.2.2");
    assert.deepEqual(
      at(minor, cli, appears).offers.map((offer) => offer.changedAt > offer.at),
      [false],
    );
    assert.deepEqual(
      at(minor, cli, approved).offers.map((offer) => offer.changedAt > offer.at),
      [true],
    );
  });

  it("a gateway on an existing cluster, and a minor without one, have no profile update", () => {
    assert.equal(
      firstMinute((minute) => at(minor, existing, minute).updatePending),
      null,
    );
    const without = afterHops(freshModel({ version: "4.2.13" }), ["4.3.6"]);
    assert.equal(
      firstMinute((minute) => at(without, cli, minute).updatePending),
      null,
    );
  });

  const held: [FaultName, (pcg: SimulatedPcg) => boolean][] = [
    ["pcg-paused", ({ paused, agentVersion }) => paused && agentVersion === "4.1.2"],
    [
      "pcg-agent-stale",
      ({ lastHeartbeat, agentVersion }) => lastHeartbeat < start - 30 * minutes && agentVersion === "4.1.2",
    ],
    ["pcg-profile-update-waiting", ({ updatePending }) => updatePending],
  ];
  for (const [name, shows] of held) {
    it(`${name} shows on the first CLI-installed gateway only, and keeps it from going on`, () => {
      const faulty = injectFaults(minor, [{ name }], start);
      assert.ok(shows(at(faulty, cli, 115)));
      assert.ok(!shows(at(faulty, existing, 115)));
      assert.ok(!shows(at(faulty, 2, 115)));
      assert.ok(!shows(at(minor, cli, 115)), "it shows without the fault");
    });
  }

  it("a gateway that is resumed updates itself at its next poll", () => {
    const paused = injectFaults(minor, [{ name: "pcg-paused" }], start);
    const resumed = clearFaults(paused, ["pcg-paused"], start + 60 * minutes);
    assert.equal(at(resumed, cli, 60).agentVersion, "4.1.2");
    assert.equal(at(resumed, cli, 60 + 15 + 4).agentVersion, "4.2.2");
    assert.equal(at(resumed, cli, 60).paused, false);
  });

  const deed = (model: SiteModel, kind: PcgAction["deed"], minute: number): SiteModel => ({
    ...model,
    pcgDeeds: [
      ...(model.pcgDeeds ?? []),
      { clusterUid: model.pcgs[cli]!.clusterUid, deed: kind, at: start + minute * minutes },
    ],
  });

  it("a gateway's own switch ends the pause of a fault, and makes one", () => {
    const paused = injectFaults(minor, [{ name: "pcg-paused" }], start);
    const resumed = deed(paused, "unlock", 60);
    assert.deepEqual([at(resumed, cli, 59).paused, at(resumed, cli, 60).paused], [true, false]);
    assert.equal(at(resumed, cli, 60 + 15 + 4).agentVersion, "4.2.2");
    const locked = deed(deed(freshModel(), "lock", 1), "unlock", 90);
    assert.deepEqual([at(locked, cli, 2).paused, at(locked, cli, 90).paused], [true, false]);
    assert.equal(at(locked, existing, 2).paused, false);
  });

  it("a confirmation through the API takes the offer that is pending, once, and its event follows", () => {
    const waiting = injectFaults(freshModel(), [{ name: "pcg-profile-update-waiting" }], start);
    const confirmed = deed(waiting, "confirm", 30);
    assert.deepEqual([at(confirmed, cli, 29).updatePending, at(confirmed, cli, 30).updatePending], [true, false]);
    assert.deepEqual([at(confirmed, cli, 29).profileRevision, at(confirmed, cli, 30).profileRevision], [0, 1]);
    assert.match(at(confirmed, cli, 35.1).events[0]!.message, /all control planes are updated/);
    assert.deepEqual(at(confirmed, cli, 31).offers, [{ at: start, changedAt: start + 30 * minutes }]);
  });

  it("a confirmation before an offer does not take it", () => {
    const early = deed(minor, "confirm", 1);
    assert.ok(firstMinute((minute) => at(early, cli, minute).updatePending) !== null);
  });

  it("a profile update that nobody approved is approved once the fault is cleared", () => {
    const waiting = injectFaults(minor, [{ name: "pcg-profile-update-waiting" }], start);
    const cleared = clearFaults(waiting, ["pcg-profile-update-waiting"], start + 100 * minutes);
    assert.equal(at(cleared, cli, 100).updatePending, false);
    assert.match(at(cleared, cli, 105.1).events[0]!.message, /all control planes are updated/);
    assert.ok(at(cleared, cli, 105.1).events[0]!.at >= start + 104 * minutes + 59 * seconds);
  });
});
