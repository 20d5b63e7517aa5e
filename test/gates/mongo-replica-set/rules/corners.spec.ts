import assert from "node:assert/strict";
import { judgeSaved } from "../../../../lib/gates/mongo-replica-set/judge-saved.js";
import { parseSaved } from "../../../../lib/gates/mongo-replica-set/text/saved.js";
import type { Verdict } from "../../../../lib/gates/verdict/types.js";
import { memberCorners } from "../../../fixtures/mongo/member-corners.js";
import { ago, asked, forms, healthyEnvelope, healthyStatus, type Json } from "../../../fixtures/mongo/replica-set.js";
import { setCorners } from "../../../fixtures/mongo/set-corners.js";

function judged(document: Json | Json[], expectedMembers: number | null): Verdict {
  return judgeSaved(parseSaved(forms["canonical EJSON"]!(document), asked), { expectedMembers, maxLagSeconds: 10 });
}

function notesOf({ reasons }: Verdict): string[] {
  return reasons.filter(({ code }) => code === "NOTE").map(({ message }) => message);
}

describe("corners of the rules for a replica set", () => {
  for (const { title, change, outcome, reasons, self = 0, size = 3, members = size, bare = false } of [
    ...memberCorners,
    ...setCorners,
  ]) {
    it(`${outcome}: ${title}`, () => {
      const envelope = healthyEnvelope(self, size);
      change(envelope);
      const verdict = judged((bare ? envelope.status : envelope) as unknown as Json, members);
      const blocking = verdict.reasons.filter(({ code }) => code !== "NOTE");
      assert.deepEqual(
        blocking.map(({ code, message }) => `${code}: ${message}`),
        reasons,
      );
      assert.equal(verdict.outcome, outcome);
    });
  }

  it("names are taken as they are: addresses, ports on one host, identifiers", () => {
    const names: [string, (index: number) => string, string][] = [
      ["pods", (index) => `mongo-${index}.mongo.ns.svc:27017`, "mongo-1"],
      ["pods on another port", (index) => `mongo-${index}.mongo.ns.svc:27018`, "mongo-1:27018"],
      ["ports on one host", (index) => `db.example.com:${27017 + index}`, "db:27018"],
      ["ports on this host", (index) => `localhost:${27017 + index}`, "localhost:27018"],
      ["IPv4", (index) => `10.0.0.${index}:27017`, "10.0.0.1:27017"],
      ["IPv4 without port", (index) => `10.0.0.${index}`, "10.0.0.1"],
      ["IPv6", (index) => `[fd00::${index}]:27017`, "[fd00::1]:27017"],
      ["a name that begins with digits", (index) => `10-0-0-${index}.db:27017`, "10-0-0-1"],
      ["a UUID", (index) => `3f1c2b1e-0000-4000-8000-00000000000${index}:27017`, "3f1c2b1e-0000-4000-8000-000000000001:27017"], // prettier-ignore
      ["neither domain nor port", (index) => `mongo-${index}`, "mongo-1"],
      ["a domain without port", (index) => `mongo-${index}.mongo`, "mongo-1"],
    ];
    for (const [title, nameOf, label] of names) {
      const status = healthyStatus();
      status.members.forEach((member, index) => (member["name"] = nameOf(index)));
      assert.equal(judged(status, 3).outcome, "pass", title);
      status.members[1]!["health"] = 0;
      assert.equal(judged(status, 3).reasons[0]?.member, label, title);
    }
  });

  it("a list of members alone proves nothing, and still tells what is wrong with them", () => {
    const { members } = healthyStatus();
    const rules = (): unknown => (judged(members, 3).observed as { failedRules: unknown }).failedRules;
    assert.deepEqual([judged(members, 3).outcome, rules()], ["unknown", ["G02"]]);
    Object.assign(members[1]!, { health: 0, configVersion: 4, lastHeartbeatRecv: ago(60) });
    assert.deepEqual(rules(), ["G02", "G07", "G12"]);
  });

  it("remarks are made on what one sample cannot settle", () => {
    const status = healthyStatus(1);
    Object.assign(status.members[0]!, { electionDate: ago(29.9), uptime: 59, configTerm: 4 });
    delete status.members[2]!["configTerm"];
    assert.deepEqual(notesOf(judged(status, null)), [
      "The expected number of members was not given; the document lists 3, and a set that lost some looks whole.",
      "mongo-0 has the configuration's term 4, expected 3; that is usual for a heartbeat after an election.",
      "mongo-2 has the configuration's term none, expected 3; that is usual for a heartbeat after an election.",
      "mongo-0 was elected 30 s ago, expected at least 30 s: wait.",
      "mongo-0 is up for 59 s, expected at least 60 s: wait.",
      "The answer is that of mongo-1, not the primary's: what it says of others is as old as a heartbeat.",
    ]);
  });

  it("an arbiter's answer is told apart, and decides nothing", () => {
    const status = healthyStatus(1);
    status["myState"] = 7;
    Object.assign(status.members[1]!, { state: 7, stateStr: "ARBITER" });
    assert.equal(judged(status, 3).reasons[0]?.message, "mongo-1 is an ARBITER and was asked; expected the answer of the primary: ask the member that is PRIMARY."); // prettier-ignore
  });

  it("what was seen is kept as evidence, and no more than the rules look at", () => {
    const status = healthyStatus();
    Object.assign(status.members[2]!, { state: 42, stateStr: "?", health: 0 });
    delete status.members[1]!["state"];
    assert.deepEqual(judged(status, 3).observed, {
      failedRules: ["G06", "G07", "G13"],
      maxLagSeconds: 10,
      set: "rs0",
      date: "2026-03-02T10:00:00.000Z",
      term: 3,
      configVersion: 5,
      primary: "mongo-0",
      askedOf: "mongo-0",
      error: null,
      members: [
        { name: "mongo-0", state: "PRIMARY", health: 1, lagSeconds: null },
        { name: "mongo-1", state: null, health: 1, lagSeconds: 0 },
        { name: "mongo-2", state: 42, health: 0, lagSeconds: null },
      ],
    });
    assert.deepEqual(judged({ ok: 0, code: 94, codeName: "NotYetInitialized", errmsg: "no config" }, 3).observed, {
      failedRules: ["G02", "G04"],
      maxLagSeconds: 10,
      set: null,
      date: null,
      term: null,
      configVersion: null,
      primary: null,
      askedOf: null,
      error: { code: 94, codeName: "NotYetInitialized" },
      members: [],
    });
    assert.deepEqual(judged({ status: "fine" }, 3).observed, { failedRules: ["G01"], maxLagSeconds: 10 });
  });
});
