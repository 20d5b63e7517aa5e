import assert from "node:assert/strict";
import { mongoReplicaSetGate } from "../../../../lib/gates/mongo-replica-set/gate.js";
import { judgeSaved } from "../../../../lib/gates/mongo-replica-set/judge-saved.js";
import { parseSaved } from "../../../../lib/gates/mongo-replica-set/text/saved.js";
import type { Outcome, Verdict } from "../../../../lib/gates/verdict/types.js";
import { fakeMongo, inputFor, type FakeMongo } from "../../../fixtures/mongo/fake-site.js";
import { ago, asked, forms, healthyEnvelope, healthyStatus, type Json } from "../../../fixtures/mongo/replica-set.js";
import { statusOf } from "../../../fixtures/mongo/site-cases.js";
import { Timestamp } from "bson";

function sample(mongo: FakeMongo, strict: boolean, downtimeSeconds = 3600): Promise<Verdict> {
  const input = inputFor(mongo);
  Object.assign(input.settings.mongo, { strict, downtimeSeconds });
  return mongoReplicaSetGate.sample(input, new AbortController().signal);
}

function said({ reasons }: Verdict): string[] {
  return reasons.map(({ code, member }) => (member === null ? code : `${code} ${member}`));
}

const stamp = (secondsAgo: number): Timestamp => new Timestamp({ t: ago(secondsAgo).getTime() / 1000, i: 1 });
const refused: Json = { ok: 0, code: 13, codeName: "Unauthorized", errmsg: "not authorized on admin" };

const cases: [string, FakeMongo, Outcome, string[], RegExp][] = [
  [
    "a single member",
    fakeMongo(1),
    "fail",
    ["SINGLE_MEMBER mongo-0"],
    /^The set has a single member: its restart is an outage\./,
  ],
  [
    "two members",
    fakeMongo(2),
    "fail",
    ["FEW_DATA_MEMBERS mongo-0", "NO_SPARE_WRITER mongo-0", "NO_SPARE_VOTE mongo-0"],
    /^The set has 2 members with data; 3 are needed to lose one and keep a copy in reserve\./,
  ],
  [
    "a majority of writes that needs all",
    changed((mongo) => (statusOf(mongo, 0)["writeMajorityCount"] = 3)),
    "fail",
    ["NO_SPARE_WRITER mongo-0"],
    /^Majority writes need 3 members: while one is down for its upgrade they wait\./,
  ],
  [
    "an election that needs all votes",
    changed((mongo) => (statusOf(mongo, 0)["majorityVoteCount"] = 3)),
    "fail",
    ["NO_SPARE_VOTE mongo-0"],
    /^An election needs 3 votes, and 3 members can vote: while one is down there may be no primary\./,
  ],
  [
    "a member whose oplog is short",
    changed((mongo) => (mongo.envelopes["mongo-2"]!.oplog!["earliest"] = stamp(3600))),
    "fail",
    ["OPLOG_SHORT mongo-2"],
    /^mongo-2's oplog reaches 3599 s back \(1\.0 h\), expected 3600 s or more: a member that is away for longer/,
  ],
  [
    "a member that may not tell of its oplog",
    changed((mongo) => (mongo.envelopes["mongo-1"]!.oplog = refused)),
    "unknown",
    ["OPLOG_UNKNOWN mongo-1"],
    /^mongo-1 does not report how far back its oplog reaches \("not authorized on admin"\), expected 3600 s or more/,
  ],
  [
    "an answer without the oplog",
    changed((mongo) => delete mongo.envelopes["mongo-1"]!.oplog),
    "unknown",
    ["OPLOG_UNKNOWN mongo-1"],
    /^mongo-1 does not report how far back its oplog reaches, expected/,
  ],
  [
    "an oplog without its ends",
    changed((mongo) => delete mongo.envelopes["mongo-1"]!.oplog!["earliest"]),
    "unknown",
    ["OPLOG_UNKNOWN mongo-1"],
    /^mongo-1 does not report how far back its oplog reaches, expected/,
  ],
  [
    "a dump that runs",
    changed((mongo) => (mongo.envelopes["mongo-1"]!.work!["operations"] = [{ appName: "mongodump" }])),
    "wait",
    ["BACKUP_RUNNING mongo-1"],
    /^mongo-1 is busy with mongodump, expected no backup or restore: let it end\./,
  ],
  [
    "a lock for a backup of the disk",
    changed((mongo) => (mongo.envelopes["mongo-0"]!.work!["fsyncLock"] = true)),
    "wait",
    ["BACKUP_RUNNING mongo-0"],
    /^mongo-0 is busy with fsyncLock, expected/,
  ],
  [
    "a copy of the files that is open",
    changed((mongo) => (mongo.envelopes["mongo-2"]!.oplog!["backupCursorOpen"] = true)),
    "wait",
    ["BACKUP_RUNNING mongo-2"],
    /^mongo-2 is busy with a copy of its files \(backup cursor\), expected/,
  ],
  [
    "a member that may not tell what runs",
    changed((mongo) => (mongo.envelopes["mongo-2"]!.work = refused)),
    "unknown",
    ["BACKUP_UNKNOWN mongo-2"],
    /^mongo-2 does not report whether a dump or restore runs \("not authorized on admin"\), expected none/,
  ],
];

describe("room to take members down one by one (G16)", () => {
  for (const [title, mongo, outcome, codes, message] of cases) {
    it(`${title}: a remark, and where room is demanded ${outcome}`, async () => {
      const remarked = await sample(mongo, false);
      assert.equal(remarked.outcome, "pass");
      assert.deepEqual(said(remarked).map((code) => code.split(" ")[0]), codes.map(() => "NOTE")); // prettier-ignore
      assert.match(remarked.reasons[0]!.message, message);
      const demanded = await sample(mongo, true);
      assert.deepEqual([said(demanded), demanded.outcome], [codes, outcome]);
      assert.match(demanded.reasons[0]!.message, /\(rule G16\)$/);
    });
  }

  it("enough of everything: nothing is said, strict or not", async () => {
    assert.deepEqual([said(await sample(fakeMongo(), false)), said(await sample(fakeMongo(), true))], [[], []]);
  });

  it("takes the time that members may be away as set, to the second", async () => {
    assert.equal((await sample(fakeMongo(), true, 86_399)).outcome, "pass");
    assert.deepEqual(said(await sample(fakeMongo(), true, 86_400)), ["OPLOG_SHORT mongo-0", "OPLOG_SHORT mongo-1", "OPLOG_SHORT mongo-2"]); // prettier-ignore
  });

  it("counts no vote of a member that has none, nor asks for a number that the server does not report", async () => {
    const mongo = fakeMongo();
    for (const envelope of Object.values(mongo.envelopes)) {
      ((envelope.config["config"] as Json)["members"] as Json[])[2]!["votes"] = 0;
      envelope.status["votingMembersCount"] = 2;
    }
    assert.deepEqual(said(await sample(mongo, true)), ["NO_SPARE_WRITER mongo-0", "NO_SPARE_VOTE mongo-0"]);
    delete statusOf(mongo, 0)["writeMajorityCount"];
    delete statusOf(mongo, 0)["majorityVoteCount"];
    assert.deepEqual(said(await sample(mongo, true)), []);
  });

  it("counts no vote of a member that is down or recovering", async () => {
    for (const change of [{ health: 0 }, { state: 3, stateStr: "RECOVERING" }]) {
      const mongo = fakeMongo();
      Object.assign(statusOf(mongo, 0).members[2]!, change);
      assert.ok(said(await sample(mongo, true)).includes("NO_SPARE_VOTE mongo-0"), JSON.stringify(change));
    }
  });

  it("asks nothing of an arbiter, which has no oplog, and counts its vote", async () => {
    const mongo = fakeMongo();
    for (const [index, envelope] of Object.values(mongo.envelopes).entries()) {
      const [arbiter] = envelope.status.members.slice(2);
      Object.assign(arbiter!, { state: 7, stateStr: "ARBITER" });
      ((envelope.config["config"] as Json)["members"] as Json[])[2]!["arbiterOnly"] = true;
      if (index === 2) Object.assign(envelope.status, { myState: 7 });
    }
    delete mongo.envelopes["mongo-2"]!.oplog;
    delete mongo.envelopes["mongo-2"]!.work;
    assert.deepEqual(said(await sample(mongo, true)), ["FEW_DATA_MEMBERS mongo-0", "NO_SPARE_WRITER mongo-0"]);
  });

  it("never holds a saved document back, and says nothing of what a bare status cannot hold", () => {
    const judged = (document: unknown): string[] =>
      said(judgeSaved(parseSaved(forms["canonical EJSON"]!(document as Json), asked), { expectedMembers: null, maxLagSeconds: 10 })); // prettier-ignore
    const short = healthyEnvelope();
    short.oplog!["earliest"] = stamp(60);
    assert.deepEqual(judged(short), ["NOTE", "NOTE mongo-0"]);
    assert.deepEqual(judged(healthyStatus()), ["NOTE"]);
  });
});

function changed(change: (mongo: FakeMongo) => unknown): FakeMongo {
  const mongo = fakeMongo();
  change(mongo);
  return mongo;
}
