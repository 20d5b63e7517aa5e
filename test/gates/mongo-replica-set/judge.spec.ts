import assert from "node:assert/strict";
import fc from "fast-check";
import { judgeView } from "../../../lib/gates/mongo-replica-set/judge.js";
import { judgeSaved } from "../../../lib/gates/mongo-replica-set/judge-saved.js";
import { parseSaved } from "../../../lib/gates/mongo-replica-set/text/saved.js";
import type { Verdict } from "../../../lib/gates/verdict/types.js";
import { ago, asked, forms, healthyEnvelope, healthyStatus, type Json } from "../../fixtures/mongo/replica-set.js";
import { anyViewBreaks, lagBreaks } from "../../fixtures/mongo/breaks.js";
import { late, type Whole } from "../../fixtures/mongo/member-twins.js";
import { twins } from "../../fixtures/mongo/twins.js";

const canonical = forms["canonical EJSON"]!;

function judged(document: Json, expectedMembers: number | null = 3, maxLagSeconds = 10): Verdict {
  return judgeSaved(parseSaved(canonical(document), asked), { expectedMembers, maxLagSeconds });
}

function blocking(verdict: Verdict): string[] {
  return verdict.reasons
    .filter(({ code }) => code !== "NOTE")
    .map(({ code, member }) => (member === null ? code : `${code} ${member}`));
}

function rulesOf(verdict: Verdict): unknown {
  return (verdict.observed as Record<string, unknown>)["failedRules"];
}

const down = { health: 0, state: 8, stateStr: "(not reachable/healthy)", lastHeartbeatMessage: "Connection refused" };

const second = (envelope: Whole): Json => envelope.status.members[1]!;

describe("rules for a replica set, one sample", () => {
  it("pass on a whole healthy answer, with no reason at all", () => {
    const verdict = judged(healthyEnvelope() as unknown as Json);
    assert.deepEqual(
      [verdict.gate, verdict.outcome, verdict.reasons, rulesOf(verdict)],
      ["mongo-replica-set", "pass", [], []],
    );
  });

  for (const { title, change, outcome, rules, reasons } of twins) {
    it(`do not hold: ${title}`, () => {
      const envelope = healthyEnvelope();
      change(envelope);
      const verdict = judged(envelope as unknown as Json);
      assert.deepEqual(blocking(verdict), reasons);
      assert.deepEqual(rulesOf(verdict), rules);
      assert.equal(verdict.outcome, outcome);
    });
  }

  it("tell everything that is wrong, each in a sentence", () => {
    const status = healthyStatus();
    Object.assign(status.members[1]!, down, { lastHeartbeatRecv: ago(20) });
    assert.deepEqual(judged(status).reasons, [
      {
        code: "MEMBER_STATE",
        member: "mongo-1",
        message:
          "mongo-1 is DOWN (state 8), expected PRIMARY or SECONDARY: it is not reached: check its pod and the network. (rule G06)",
      },
      {
        code: "MEMBER_HEALTH",
        member: "mongo-1",
        message: "mongo-1 has health 0, expected 1: check its pod and the network between the members. (rule G07)",
      },
      {
        code: "HEARTBEAT_MESSAGE",
        member: "mongo-1",
        message: 'mongo-1 answers heartbeats with "Connection refused", expected nothing: fix what it says. (rule G09)',
      },
      {
        code: "HEARTBEAT_AGE",
        member: "mongo-1",
        message:
          "mongo-1 was last heard from 20.0 s before the reply, expected within 6 s: check whether it hangs or the network is cut. (rule G10)",
      },
      {
        code: "NOTE",
        member: null,
        message: "Majority writes need 2 members: while one is down for its upgrade they wait.",
      },
      {
        code: "NOTE",
        member: null,
        message: "An election needs 2 votes, and 2 members can vote: while one is down there may be no primary.",
      },
    ]);
  });

  it("let wall time correct an optime that is as old as a heartbeat", () => {
    const status = healthyStatus();
    status.members[1]!["optimeDate"] = ago(15);
    assert.equal(judged(status).outcome, "pass");
    delete status.members[1]!["lastAppliedWallTime"];
    assert.deepEqual(blocking(judged(status)), []);
    status.members[1]!["optimeDate"] = ago(16);
    assert.deepEqual(blocking(judged(status)), ["LAG mongo-1"]);
  });

  it("tell how far an initial sync is, where the server does", () => {
    const status = healthyStatus();
    const said = (progress: Json): string | undefined =>
      judged(Object.assign(status, { initialSyncStatus: progress })).reasons[0]?.message;
    const bytes = { approxTotalDataSize: 40e9, approxTotalBytesCopied: 12.34e9 };
    assert.equal(
      said({ ...bytes, remainingInitialSyncEstimatedMillis: 1_000_000 }),
      "mongo-0 is in its initial sync (12.3 of 40.0 GB, about 17 min left), expected none: wait until it is a SECONDARY. (rule G08)",
    );
    assert.match(said(bytes)!, /initial sync \(12.3 of 40.0 GB\), expected none/);
    assert.match(said({})!, /is in its initial sync, expected none/);
  });

  it("allow a delayed member its delay", () => {
    const envelope = healthyEnvelope();
    late(second(envelope), 100);
    assert.equal(judged(envelope as unknown as Json).outcome, "wait");
    Object.assign(((envelope.config["config"] as Json)["members"] as Json[])[1]!, { secondaryDelaySecs: 90 });
    assert.equal(judged(envelope as unknown as Json).outcome, "pass");
  });

  it("take the limit for lag and the number of members as given", () => {
    const status = healthyStatus();
    late(status.members[1]!, 6);
    assert.equal(judged(status, 3, 10).outcome, "pass");
    assert.equal(judged(status, 3, 4).outcome, "wait");
    assert.equal(judged(status, 4, 10).outcome, "fail");
    assert.match(judged(status, null).reasons[0]!.message, /expected number of members was not given/);
  });

  it("leave text from before the election, sync progress and an arbiter alone", () => {
    const status = healthyStatus();
    status.members[0]!["infoMessage"] = "Could not find member to sync from";
    status.members[1]!["lastHeartbeatMessage"] = "syncing to: mongo-0:27017";
    Object.assign(status.members[2]!, { state: 7, stateStr: "ARBITER" });
    ["optime", "optimeDate", "lastAppliedWallTime"].forEach((field) => delete status.members[2]![field]);
    assert.equal(judged(status).outcome, "pass");
  });

  it("do not decide on an arbiter's answer", () => {
    const status = healthyStatus(1);
    status["myState"] = 7;
    Object.assign(status.members[1]!, { state: 7, stateStr: "ARBITER" });
    assert.deepEqual(blocking(judged(status)), ["ARBITER_VIEW mongo-1"]);
    assert.equal(judged(status).outcome, "unknown");
  });

  it("only remark on what one sample cannot show to last: settling, a heartbeat's old term", () => {
    const status = healthyStatus();
    status.members[0]!["electionDate"] = ago(5);
    status.members[1]!["uptime"] = 20;
    status.members[2]!["configTerm"] = 2;
    const verdict = judged(status);
    assert.equal(verdict.outcome, "pass");
    assert.deepEqual(
      verdict.reasons.map(({ code }) => code),
      ["NOTE", "NOTE", "NOTE"],
    );
    const parsed = parseSaved(canonical(status), asked);
    assert.ok(parsed.kind === "answers");
    const live = judgeView(
      parsed.answers[0]!.views[0]!,
      { expectedMembers: 3, maxLagSeconds: 10, live: true, headroom: { strict: false, downtimeSeconds: 3600 } },
      true,
    );
    assert.deepEqual(
      live.map(({ code, outcome, member }) => `${outcome} ${code} ${member}`),
      ["wait CONFIG_TERM mongo-2", "wait SETTLING mongo-0", "wait SETTLING mongo-1"],
    );
  });

  it("never pass with any one member broken in any way", () => {
    const breaks = fc.oneof(anyViewBreaks, lagBreaks);
    fc.assert(
      fc.property(
        fc.nat(4),
        breaks,
        fc.constantFrom(...Object.values(forms)),
        fc.nat(4),
        (index, change, print, self) => {
          const envelope = healthyEnvelope(self, 5);
          Object.assign(envelope.status.members[index]!, change);
          const verdict = judgeSaved(parseSaved(print(envelope as unknown as Json), asked), {
            expectedMembers: 5,
            maxLagSeconds: 10,
          });
          assert.notEqual(verdict.outcome, "pass", JSON.stringify(change));
        },
      ),
      { numRuns: 300 },
    );
  });
});
