import assert from "node:assert/strict";
import { mongoFcvGate } from "../../../../lib/gates/mongo-fcv/gate.js";
import { mongoReplicaSetGate } from "../../../../lib/gates/mongo-replica-set/gate.js";
import type { Gate, Outcome } from "../../../../lib/gates/verdict/types.js";
import { fakeMongo, type FakeMongo } from "../../../fixtures/mongo/fake-site.js";
import { inputOutside } from "../../../fixtures/mongo/outside-site.js";
import { hostOf, type Json } from "../../../fixtures/mongo/replica-set.js";

type Options = Parameters<typeof inputOutside>[1];

async function look(gate: Gate, mongo: FakeMongo, options: Options = {}): Promise<[Outcome, string[], string]> {
  const { outcome, reasons } = await gate.sample(inputOutside(mongo, options), new AbortController().signal);
  const said = reasons.map(({ code, member }) => (member === null ? code : `${code} ${member}`));
  return [outcome, said, reasons.map(({ message }) => message).join("\n")];
}

function configs(mongo: FakeMongo): Json[][] {
  return Object.values(mongo.envelopes).map(({ config }) => (config["config"] as { members: Json[] }).members);
}

const unreached = { ok: 0, code: null, codeName: "MongoNetworkError", errmsg: "connect ECONNREFUSED" };
const silence = { hello: unreached, status: unreached, config: unreached, fcv: unreached };
const named = ["mongo-0", "mongo-1"];

const cases: [string, (mongo: FakeMongo) => unknown, Options, Outcome, string[], RegExp?][] = [
  ["a whole set, all named", () => undefined, {}, "pass", []],
  ["the set's name as the connection string has it", () => undefined, { setName: "rs0" }, "pass", []],
  [
    "another name than the connection string has",
    () => undefined,
    { setName: "rs1" },
    "fail",
    ["SET_NAME"],
    /^The set is called rs0, expected rs1 as the connection string says/,
  ],
  [
    "a member that is not named",
    () => undefined,
    { named },
    "unknown",
    ["MEMBER_NOT_NAMED mongo-2", "MEMBER_COUNT mongo-0", "MEMBER_COUNT mongo-1"],
    /^mongo-2 is in the set's configuration and no host of the connection string answered as it/,
  ],
  [
    "a hidden member, which is asked though not named",
    (mongo) => configs(mongo).forEach((members) => (members[2]!["hidden"] = true)),
    { named },
    "pass",
    [],
  ],
  [
    "a hidden member that does not answer",
    (mongo) => {
      configs(mongo).forEach((members) => (members[2]!["hidden"] = true));
      Object.assign(mongo.envelopes["mongo-2"]!, silence);
    },
    { named },
    "wait",
    ["COMMAND_FAILED mongo-2", "MEMBERS_MISSING mongo-2"],
  ],
  [
    "a named member that does not answer",
    (mongo) => Object.assign(mongo.envelopes["mongo-2"]!, silence),
    {},
    "wait",
    ["COMMAND_FAILED mongo-2", "MEMBERS_MISSING mongo-2"],
  ],
  [
    "one that does not answer and one that is not named",
    (mongo) => Object.assign(mongo.envelopes["mongo-1"]!, silence),
    { named },
    "unknown",
    [
      "MEMBER_NOT_NAMED mongo-1",
      "MEMBER_NOT_NAMED mongo-2",
      "MEMBER_COUNT mongo-0",
      "COMMAND_FAILED mongo-1",
      "MEMBERS_MISSING mongo-1",
    ],
  ],
  [
    "an answer that does not say whose it is",
    (mongo) => mongo.envelopes["mongo-2"]!.status.members.forEach((member) => delete member["self"]),
    {},
    "fail",
    ["WRONG_MEMBER mongo-2", "MEMBER_NOT_NAMED mongo-2", "HEARTBEAT_AGE mongo-2"],
    /^mongo-2 does not list itself among the members, expected a member of the set/,
  ],
  [
    "two hosts that are one member",
    (mongo) => (mongo.envelopes["mongo-2"] = mongo.envelopes["mongo-1"]!),
    {},
    "fail",
    ["WRONG_MEMBER mongo-1", "MEMBER_NOT_NAMED mongo-2"],
    /^Two hosts of the connection string lead to mongo-1, expected a member each/,
  ],
];

describe("an external MongoDB, judged without the network", () => {
  for (const [title, change, options, outcome, codes, message] of cases) {
    it(`${outcome}: ${title}`, async () => {
      const mongo = fakeMongo();
      change(mongo);
      const [seen, said, messages] = await look(mongoReplicaSetGate, mongo, options);
      assert.deepEqual([...said].sort(), [...codes].sort(), messages);
      assert.equal(seen, outcome);
      if (message) assert.match(messages, message);
    });
  }

  it("asks the hidden member by the name that the configuration has", async () => {
    const mongo = fakeMongo();
    configs(mongo).forEach((members) => (members[2]!["hidden"] = true));
    const input = inputOutside(mongo, { named });
    const hosts: string[] = [];
    const real = input.site.mongo!;
    input.site.mongo = { ...real, ask: (host, ...more) => (hosts.push(host), real.ask(host, ...more)) };
    await mongoReplicaSetGate.sample(input, new AbortController().signal);
    assert.deepEqual(hosts, ["mongo-0", "mongo-1", "mongo-2"].map(hostOf));
  });

  it("of the compatibility version: all must tell it, and somebody whom to ask", async () => {
    const mongo = fakeMongo();
    assert.deepEqual((await look(mongoFcvGate, mongo)).slice(0, 2), ["pass", []]);
    assert.deepEqual((await look(mongoFcvGate, mongo, { named })).slice(0, 2), ["unknown", ["MEMBER_NOT_NAMED mongo-2"]]); // prettier-ignore
    mongo.envelopes["mongo-2"]!.fcv = { featureCompatibilityVersion: { version: "6.0" }, ok: 1 };
    assert.deepEqual((await look(mongoFcvGate, mongo)).slice(0, 2), ["fail", ["FCV_TOO_LOW mongo-2"]]);
    const silent = fakeMongo();
    for (const envelope of Object.values(silent.envelopes)) envelope.config = { ok: 0, code: 8000, errmsg: "no" };
    const [outcome, said, messages] = await look(mongoFcvGate, silent);
    assert.deepEqual([outcome, said], ["unknown", ["MEMBERS_UNKNOWN"]]);
    assert.equal(messages, "No member answered with the set's configuration, which lists the members to ask: check that the user has the role clusterMonitor."); // prettier-ignore
  });
});
