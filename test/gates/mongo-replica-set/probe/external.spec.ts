import assert from "node:assert/strict";
import { SiteError } from "../../../../lib/base/errors/site-error.js";
import { mongoFcvGate } from "../../../../lib/gates/mongo-fcv/gate.js";
import { mongoReplicaSetGate } from "../../../../lib/gates/mongo-replica-set/gate.js";
import { type Gate, type GateInput, type Verdict } from "../../../../lib/gates/verdict/types.js";
import { connectMongo } from "../../../../lib/site/mongo/client.js";
import { fakeMongo, inputFor } from "../../../fixtures/mongo/fake-site.js";
import { ago, type Json } from "../../../fixtures/mongo/replica-set.js";
import { startWireSet, type WireSet } from "../../../fixtures/mongo/wire/replica-set.js";

type Change = (set: WireSet) => unknown;

describe("an external MongoDB, asked with the official driver", function () {
  this.timeout(20_000);
  let set: WireSet;
  beforeEach(async () => {
    set = await startWireSet({ names: "address", user: "gate", password: "planted/p@ss:w%rd" });
  });
  afterEach(() => set.close());

  const at = (index: number): string => `${set.members[index]!.host}:${set.members[index]!.port}`;
  const uriOf = (hosts = [at(0), at(1), at(2)], query = "replicaSet=rs0", password = set.password): string =>
    `mongodb://${set.user}:${encodeURIComponent(password)}@${hosts.join(",")}/?authSource=admin&${query}`;
  const inputOf = (uri = uriOf()): GateInput => {
    const input = inputFor(fakeMongo());
    input.settings.mongo.external = true;
    return { ...input, site: { ...input.site, mongo: connectMongo({ uri, caFile: null }, { connectMillis: 500 }) } };
  };
  const look = (gate: Gate, input = inputOf()): Promise<Verdict> => gate.sample(input, new AbortController().signal);
  /** Members by their place in the set, since their addresses are made up for each run. */
  const said = ({ reasons }: Verdict): string[] =>
    reasons.map(({ code, member }) => {
      const index = set.members.findIndex((_, each) => at(each) === member);
      return member === null ? code : `${code} ${index < 0 ? member : index}`;
    });
  const statusOf = (index: number): Json & { members: Json[] } =>
    set.members[index]!.answers["replsetgetstatus"] as Json & { members: Json[] };
  const configsOf = (): Json[] =>
    set.members.map(({ answers }) => (answers["replsetgetconfig"] as { config: Json }).config);

  it("passes when every member says so, without a look at the cluster", async () => {
    const verdict = await look(mongoReplicaSetGate);
    assert.deepEqual([verdict.outcome, said(verdict)], ["pass", []]);
    const observed = verdict.observed as Record<string, unknown>;
    assert.deepEqual(
      [observed["external"], observed["expectedMembers"], observed["primary"], observed["askedMembers"]],
      [true, 3, at(0), [at(0), at(1), at(2)].sort()],
    );
    assert.equal((await look(mongoFcvGate)).outcome, "pass");
    for (const member of set.members) assert.ok(member.asked.some((command) => "replSetGetStatus" in command));
  });

  const refusedByAtlas = { ok: 0, code: 8000, codeName: "AtlasError", errmsg: "CMD_NOT_ALLOWED: replSetGetConfig" };
  const cases: [string, Change, string, string[], RegExp][] = [
    [
      "a member that lags behind",
      () => Object.assign(statusOf(0).members[2]!, { optimeDate: ago(40), optime: {}, lastAppliedWallTime: ago(40) }) && delete statusOf(0).members[2]!["optime"], // prettier-ignore
      "wait",
      ["LAG 2"],
      /is 39\.0 s behind, expected at most 10 s/,
    ],
    [
      "a secondary that knows of itself what others do not",
      () => (statusOf(1)["tooStale"] = true),
      "fail",
      ["TOO_STALE 1"],
      /is too stale to catch up/,
    ],
    [
      "a member that is gone",
      (wire) => wire.members[2]!.close(),
      "wait",
      ["COMMAND_FAILED 2", "MEMBERS_MISSING 2"],
      /replSetGetStatus failed with MongoServerSelectionError/,
    ],
    [
      "a member that was taken out of the set",
      (wire) =>
        wire.members.forEach(({ answers }, index) => {
          if (index === 2) answers["replsetgetstatus"] = { ok: 0, code: 93, codeName: "InvalidReplicaSetConfig" };
          else {
            const status = answers["replsetgetstatus"] as { members: Json[]; votingMembersCount: number };
            status.members.pop();
            status.votingMembersCount = 2;
            (answers["replsetgetconfig"] as { config: { members: Json[] } }).config.members.pop();
          }
        }),
      "fail",
      ["COMMAND_FAILED 2", "MEMBERS_MISSING 2", "MEMBER_COUNT 0", "MEMBER_COUNT 1", "NOTE", "NOTE", "NOTE"],
      /replSetGetStatus failed with 93 InvalidReplicaSetConfig \(.n.a.\), expected ok: 1: this member was removed/,
    ],
    [
      "Atlas forbidding the configuration",
      (wire) => wire.members.forEach(({ answers }) => (answers["replsetgetconfig"] = refusedByAtlas)),
      "unknown",
      ["COMMAND_FAILED 0", "COMMAND_FAILED 1", "COMMAND_FAILED 2"],
      /replSetGetConfig failed with 8000 AtlasError \("CMD_NOT_ALLOWED: replSetGetConfig"\), expected ok: 1: MongoDB Atlas does not let this user or this tier run it: give the user Atlas's role clusterMonitor/,
    ],
  ];
  for (const [title, change, outcome, codes, message] of cases) {
    it(`does not pass with ${title}`, async () => {
      await change(set);
      const verdict = await look(mongoReplicaSetGate);
      assert.deepEqual([...said(verdict)].sort(), [...codes].sort());
      assert.match(verdict.reasons.map((reason) => reason.message).join("\n"), message);
      assert.equal(verdict.outcome, outcome);
    });
  }

  it("does not pass where the connection string names too few, which would hide a lost one", async () => {
    const verdict = await look(mongoReplicaSetGate, inputOf(uriOf([at(0)])));
    assert.equal(verdict.outcome, "unknown");
    assert.deepEqual(said(verdict).sort(), ["MEMBER_COUNT 0", "MEMBER_NOT_NAMED 1", "MEMBER_NOT_NAMED 2"]);
    assert.match(verdict.reasons.map(({ message }) => message).join("\n"), /name them all in palette:secrets.mongoUri, so that a lost one is noticed/); // prettier-ignore
  });

  it("does not pass where two of its hosts are one member", async () => {
    set.members[2]!.answers = set.members[1]!.answers;
    const verdict = await look(mongoReplicaSetGate);
    assert.equal(verdict.outcome, "fail");
    assert.match(verdict.reasons[0]!.message, /^Two hosts of the connection string lead to .*, expected a member each/);
  });

  it("does not pass for another set than the connection string's", async () => {
    const verdict = await look(mongoReplicaSetGate, inputOf(uriOf(undefined, "replicaSet=rs1")));
    assert.deepEqual([verdict.outcome, said(verdict)], ["fail", ["SET_NAME"]]);
    assert.equal(verdict.reasons[0]!.message, "The set is called rs0, expected rs1 as the connection string says: check that it leads to Palette's MongoDB. (rule G03)"); // prettier-ignore
  });

  it("asks a hidden member too, which no connection string names", async () => {
    for (const config of configsOf()) (config["members"] as Json[])[2]!["hidden"] = true;
    const input = inputOf(uriOf([at(0), at(1)]));
    assert.deepEqual(said(await look(mongoReplicaSetGate, input)), []);
    statusOf(2)["tooStale"] = true;
    const verdict = await look(mongoReplicaSetGate, input);
    assert.deepEqual([verdict.outcome, said(verdict)], ["fail", ["TOO_STALE 2"]]);
  });

  it("does not ask an arbiter, and counts it", async () => {
    for (const config of configsOf()) (config["members"] as Json[])[2]!["arbiterOnly"] = true;
    for (const index of [0, 1]) {
      const arbiter = statusOf(index).members[2]!;
      Object.assign(arbiter, { state: 7, stateStr: "ARBITER" });
      ["optime", "optimeDate", "lastAppliedWallTime"].forEach((field) => delete arbiter[field]);
    }
    const verdict = await look(mongoReplicaSetGate, inputOf(uriOf([at(0), at(1)])));
    assert.deepEqual([verdict.outcome, set.members[2]!.asked.length], ["pass", 0]);
  });

  it("tells a refused login, and shows no password anywhere", async () => {
    const verdict = await look(mongoReplicaSetGate, inputOf(uriOf(undefined, "", "planted/wrong")));
    assert.equal(verdict.outcome, "fail");
    assert.match(verdict.reasons[0]!.message, /18 AuthenticationFailed/);
    assert.ok(!JSON.stringify(verdict).includes("planted"));
  });

  it("is unknown without a connection string, and says where it comes from", async () => {
    const verdict = await look(mongoReplicaSetGate, inputOf(""));
    assert.deepEqual([verdict.outcome, said(verdict)], ["unknown", ["MONGO_URI_INVALID", "NO_ANSWER"]]);
    assert.equal(verdict.reasons[0]!.message, "The external MongoDB cannot be asked: The connection string of the external MongoDB: it is empty. Set palette:secrets.mongoUri as a secret; to run a gate by hand, put it into the environment as PALETTE_MONGO_URI."); // prettier-ignore
    const none = inputOf();
    none.site.mongo = null;
    assert.equal((await look(mongoReplicaSetGate, none)).outcome, "unknown");
    assert.equal((await look(mongoFcvGate, none)).outcome, "unknown");
  });

  it("waits where its DNS record cannot be read", async () => {
    const input = inputOf();
    input.site.mongo = {
      seeds: () => Promise.reject(new SiteError("network", "the DNS record of c could not be read: ETIMEOUT")),
      ask: () => Promise.reject(new Error("not asked for")),
    };
    const verdict = await look(mongoReplicaSetGate, input);
    assert.deepEqual([verdict.outcome, said(verdict)], ["wait", ["SITE_UNREACHABLE", "NO_ANSWER"]]);
  });

  it("of the compatibility version: one member below, and one that does not say", async () => {
    set.members[1]!.answers["getparameter"] = { featureCompatibilityVersion: { version: "6.0" }, ok: 1 };
    assert.deepEqual(said(await look(mongoFcvGate)), ["FCV_TOO_LOW 1"]);
    set.members[2]!.answers["getparameter"] = refusedByAtlas;
    assert.deepEqual(said(await look(mongoFcvGate)).sort(), ["FCV_TOO_LOW 1", "FCV_UNREADABLE 2"]);
    for (const member of set.members) member.answers["replsetgetconfig"] = refusedByAtlas;
    assert.ok(said(await look(mongoFcvGate)).includes("MEMBERS_UNKNOWN"));
  });

  it("only asks", async () => {
    await look(mongoReplicaSetGate);
    const names = new Set(set.members.flatMap(({ asked }) => asked.map((command) => Object.keys(command)[0]!.toLowerCase()))); // prettier-ignore
    const reads = ["hello", "ismaster", "replsetgetstatus", "replsetgetconfig", "getparameter", "serverstatus", "currentop", "buildinfo", "endsessions"]; // prettier-ignore
    assert.deepEqual([...names].filter((name) => !reads.includes(name)), []); // prettier-ignore
  });
});
