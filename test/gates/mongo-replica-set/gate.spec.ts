import assert from "node:assert/strict";
import { mongoReplicaSetGate, computeStableKey } from "../../../lib/gates/mongo-replica-set/gate.js";
import type { GateInput, Verdict } from "../../../lib/gates/verdict/types.js";
import { ago, asked } from "../../fixtures/mongo/replica-set.js";
import { fakeMongo, inputFor, said, type FakeMongo } from "../../fixtures/mongo/fake-site.js";
import { cases, container, statusOf } from "../../fixtures/mongo/site-cases.js";

function sample(mongo: FakeMongo, changes: Partial<GateInput> = {}): Promise<Verdict> {
  return mongoReplicaSetGate.sample(inputFor(mongo, changes), new AbortController().signal);
}

function codes(verdict: Verdict): string[] {
  return verdict.reasons
    .filter(({ code }) => code !== "NOTE")
    .map(({ code, member }) => (member === null ? code : `${code} ${member}`));
}

describe("gate mongo-replica-set on a site", () => {
  it("passes on a healthy set, having asked every member", async () => {
    const mongo = fakeMongo();
    const verdict = await sample(mongo);
    assert.equal(verdict.outcome, "pass");
    assert.deepEqual(codes(verdict), []);
    assert.deepEqual(
      mongo.execs.map(({ pod, container }) => `${pod}/${container}`),
      ["mongo-0/mongo", "mongo-1/mongo", "mongo-2/mongo"],
    );
    const observed = verdict.observed as Record<string, unknown>;
    assert.deepEqual(
      [
        observed["edition"],
        observed["expectedMembers"],
        observed["primary"],
        observed["term"],
        observed["configVersion"],
        observed["failedRules"],
      ],
      ["palette", 3, "mongo-0", 3, 5, []],
    );
  });

  it("passes on VerteX where the stack says so", async () => {
    const mongo = fakeMongo();
    mongo.tlsSecret = true;
    const input = inputFor(mongo);
    input.settings.edition = "vertex";
    assert.equal((await mongoReplicaSetGate.sample(input, new AbortController().signal)).outcome, "pass");
    mongo.tlsSecret = false;
    assert.deepEqual(codes(await mongoReplicaSetGate.sample(input, new AbortController().signal)), [
      "EDITION_MISMATCH",
    ]);
  });

  for (const { title, change, outcome, reasons } of cases) {
    it(`does not pass with ${title}`, async () => {
      const mongo = fakeMongo();
      change(mongo);
      const verdict = await sample(mongo);
      assert.deepEqual(codes(verdict), reasons);
      assert.equal(verdict.outcome, outcome);
    });
  }

  it("passes when it has just settled: elected 30 s ago, up for a minute", async () => {
    const mongo = fakeMongo();
    statusOf(mongo, 0).members[0]!["electionDate"] = ago(30);
    statusOf(mongo, 0).members[1]!["uptime"] = 60;
    assert.equal((await sample(mongo)).outcome, "pass");
  });

  it("lets a hop in progress explain a StatefulSet half rolled, and no more", async () => {
    const mongo = fakeMongo();
    Object.assign(mongo.workloads[0]!, { updated: 1, updateRevision: "mongo-8aa" });
    const verdict = await sample(mongo, { resuming: true });
    assert.equal(verdict.outcome, "pass");
    assert.match(verdict.reasons.map(({ message }) => message).join(), /which the hop in progress explains/);
    Object.assign(container(mongo, 2), { ready: false, waiting: { reason: "CrashLoopBackOff", message: "" } });
    const failed = await sample(mongo, { resuming: true });
    assert.equal(failed.outcome, "fail");
    assert.match(failed.reasons[0]!.message, /never roll back, fix its cause/);
  });

  it("says that a command ran into its limit, and no address of what it complained of", async () => {
    const mongo = fakeMongo();
    mongo.answers["mongo-1"] = () =>
      Promise.resolve(said("", 124, "cannot reach mongodb://root:hunter2@mongo-1/admin"));
    const [reason] = (await sample(mongo)).reasons;
    assert.equal(
      reason?.message,
      "mongo-1's answer is not one whole reply of MongoDB (the answer holds no document of this call; the command ended with 124, the limit of 20 s; it said: cannot reach mongodb://<redacted>), expected exactly one: ask again and keep all of it. (rule G01)",
    );
  });

  it("puts nothing on stdin and asks each member with a nonce of its own", async () => {
    const mongo = fakeMongo();
    await sample(mongo);
    assert.ok(mongo.execs.every(({ stdin }) => stdin === undefined));
    assert.equal(new Set(mongo.execs.map(({ command }) => command.at(-1))).size, 3);
  });

  it("ends at once when it is stopped, and throws for nothing else", async () => {
    const mongo = fakeMongo();
    const stop = new AbortController();
    mongo.answers["mongo-1"] = () => new Promise(() => undefined);
    const pending = mongoReplicaSetGate.sample(inputFor(mongo), stop.signal);
    setImmediate(() => stop.abort(new Error("stopped by a person")));
    await assert.rejects(pending, /stopped by a person/);
    await assert.rejects(
      mongoReplicaSetGate.sample(inputFor(fakeMongo()), AbortSignal.abort(new Error("before"))),
      /before/,
    );
  });

  it("gives a set of another size one interval, then fails, and forgets it when it was right in between", async () => {
    const mongo = fakeMongo();
    const input = inputFor(mongo);
    let at = asked.getTime();
    input.clock.now = () => Promise.resolve(new Date(at));
    const look = async (secondsLater: number, size: number): Promise<string> => {
      at += secondsLater * 1000;
      mongo.workloads[0]!.desired = size;
      return (await mongoReplicaSetGate.sample(input, new AbortController().signal)).outcome;
    };
    assert.deepEqual(
      [await look(0, 2), await look(9, 2), await look(1, 3), await look(1, 2), await look(9, 2), await look(1, 2)],
      ["wait", "wait", "pass", "wait", "wait", "fail"],
    );
  });

  it("waits on for a member that is only not reached, however long", async () => {
    const mongo = fakeMongo();
    const input = inputFor(mongo);
    const unreached = { ok: 0, code: null, codeName: "MongoNetworkError", errmsg: "connect ECONNREFUSED" };
    Object.assign(mongo.envelopes["mongo-1"]!, { hello: unreached, status: unreached, config: unreached });
    for (const seconds of [0, 10, 600]) {
      input.clock.now = () => Promise.resolve(new Date(asked.getTime() + seconds * 1000));
      assert.equal((await mongoReplicaSetGate.sample(input, new AbortController().signal)).outcome, "wait");
    }
  });

  it("counts samples together only while primary, term and configuration stay", async () => {
    const mongo = fakeMongo();
    const before = computeStableKey(await sample(mongo));
    assert.equal(computeStableKey(await sample(fakeMongo())), before);
    for (const index of [0, 1, 2]) statusOf(mongo, index)["term"] = 4;
    assert.notEqual(computeStableKey(await sample(mongo)), before);
  });
});
