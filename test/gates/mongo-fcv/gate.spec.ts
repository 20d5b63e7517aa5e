import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { mongoFcvGate } from "../../../lib/gates/mongo-fcv/gate.js";
import { compareCompatibility, findRequirement } from "../../../lib/gates/mongo-fcv/requirement.js";
import { type GateInput, type Outcome, type Verdict } from "../../../lib/gates/verdict/types.js";
import { classifyChange } from "../../../lib/planning/version/version.js";
import { fakeMongo, type FakeMongo, inputFor, said } from "../../fixtures/mongo/fake-site.js";
import { type Json } from "../../fixtures/mongo/replica-set.js";

function sample(mongo: FakeMongo, from = "4.7.27", to = "4.8.8"): Promise<Verdict> {
  const edge: GateInput["edge"] = { from, to, change: from === to ? "none" : classifyChange(from, to) };
  return mongoFcvGate.sample(inputFor(mongo, { edge }), new AbortController().signal);
}

function setVersion(mongo: FakeMongo, pod: string, fields: Json): void {
  mongo.envelopes[pod]!.fcv = { featureCompatibilityVersion: fields, ok: 1 };
}

const edges: [string, string, boolean][] = [
  ["4.7.27", "4.8.8", true],
  ["4.6.41", "4.9.14", true],
  ["4.7.27", "4.8.0", true],
  ["4.7.20", "4.7.27", false],
  ["4.8.8", "4.8.21", false],
  ["4.8.21", "4.10.2", true],
  ["4.8.27", "4.8.33", true],
  ["4.8.33", "4.8.52", false],
  ["4.9.5", "4.10.2", false],
  ["4.8.0", "4.8.0", false],
];

const cases: [string, (mongo: FakeMongo) => unknown, Outcome, string[]][] = [
  [
    "6.0 everywhere",
    (mongo) => Object.keys(mongo.envelopes).forEach((pod) => setVersion(mongo, pod, { version: "6.0" })),
    "fail",
    ["FCV_TOO_LOW mongo-0", "FCV_TOO_LOW mongo-1", "FCV_TOO_LOW mongo-2"],
  ],
  ["6.0 on one member", (mongo) => setVersion(mongo, "mongo-2", { version: "6.0" }), "fail", ["FCV_TOO_LOW mongo-2"]],
  [
    "a change under way",
    (mongo) => setVersion(mongo, "mongo-0", { version: "6.0", targetVersion: "7.0" }),
    "wait",
    ["FCV_CHANGING mongo-0"],
  ],
  [
    "no right to read it",
    (mongo) =>
      (mongo.envelopes["mongo-1"]!.fcv = { ok: 0, code: 13, codeName: "Unauthorized", errmsg: "not authorized" }),
    "unknown",
    ["FCV_UNREADABLE mongo-1"],
  ],
  [
    "a version of no known form",
    (mongo) => setVersion(mongo, "mongo-1", { version: "latest" }),
    "unknown",
    ["FCV_UNREADABLE mongo-1"],
  ],
  [
    "a version in a reply that failed",
    (mongo) => (mongo.envelopes["mongo-1"]!.fcv = { featureCompatibilityVersion: { version: "7.0" }, ok: 0, code: 50 }),
    "unknown",
    ["FCV_UNREADABLE mongo-1"],
  ],
  [
    "a version in a reply that does not say ok",
    (mongo) => (mongo.envelopes["mongo-1"]!.fcv = { featureCompatibilityVersion: { version: "7.0" } }),
    "unknown",
    ["FCV_UNREADABLE mongo-1"],
  ],
  [
    "the StatefulSet unread",
    (mongo) => (mongo.failures.workloads = new SiteError("network", "ECONNRESET")),
    "wait",
    ["SITE_UNREACHABLE"],
  ],
  [
    "6.9 where 7.0 is the least",
    (mongo) => setVersion(mongo, "mongo-2", { version: "6.9" }),
    "fail",
    ["FCV_TOO_LOW mongo-2"],
  ],
  [
    "whether it is VerteX unread",
    (mongo) => (mongo.failures.secretExists = new SiteError("network", "ECONNRESET")),
    "wait",
    ["SITE_UNREACHABLE"],
  ],
  ["no version in the reply", (mongo) => setVersion(mongo, "mongo-1", {}), "unknown", ["FCV_UNREADABLE mongo-1"]],
  [
    "an answer that cannot be read",
    (mongo) => (mongo.answers["mongo-1"] = () => Promise.resolve(said("nothing"))),
    "unknown",
    ["FCV_UNREADABLE mongo-1"],
  ],
  ["a member that is not there", (mongo) => mongo.pods.pop(), "wait", ["MEMBER_SILENT mongo-2"]],
  ["no StatefulSet", (mongo) => (mongo.workloads = []), "unknown", ["MONGO_NOT_FOUND mongo"]],
  ["another edition", (mongo) => (mongo.tlsSecret = true), "fail", ["EDITION_MISMATCH"]],
  [
    "exec not allowed",
    (mongo) => (mongo.failures.exec = new SiteError("forbidden", "no")),
    "unknown",
    ["SITE_FORBIDDEN", "MEMBER_SILENT mongo-0", "MEMBER_SILENT mongo-1", "MEMBER_SILENT mongo-2"],
  ],
];

describe("gate mongo-fcv", () => {
  for (const [from, to, needed] of edges) {
    it(`${needed ? "applies to" : "passes without a look at"} ${from} -> ${to}`, async () => {
      assert.equal(findRequirement({ from, to })?.least ?? null, needed ? "7.0" : null);
      const mongo = fakeMongo();
      const verdict = await sample(mongo, from, to);
      assert.equal(verdict.outcome, "pass");
      assert.equal(mongo.execs.length, needed ? 3 : 0);
      assert.deepEqual(
        verdict.reasons.map(({ code }) => code),
        needed ? [] : ["NOT_APPLICABLE"],
      );
    });
  }

  for (const version of ["7.0", "7.3", "8.0", "10.0"]) {
    it(`passes with ${version} on every member`, async () => {
      const mongo = fakeMongo();
      for (const pod of Object.keys(mongo.envelopes)) setVersion(mongo, pod, { version });
      assert.equal((await sample(mongo)).outcome, "pass");
    });
  }

  for (const [title, change, outcome, reasons] of cases) {
    it(`does not pass with ${title}`, async () => {
      const mongo = fakeMongo();
      change(mongo);
      const verdict = await sample(mongo);
      assert.deepEqual(
        verdict.reasons.map(({ code, member }) => (member === null ? code : `${code} ${member}`)),
        reasons,
      );
      assert.equal(verdict.outcome, outcome);
    });
  }

  for (const [title, state, outcome] of [
    ["an arbiter, which reports 6.0 whatever the set has", 7, "pass"],
    ["a secondary that reports 6.0", 2, "fail"],
  ] as const) {
    it(`judges ${outcome} with ${title}`, async () => {
      const mongo = fakeMongo();
      setVersion(mongo, "mongo-2", { version: "6.0" });
      mongo.envelopes["mongo-2"]!.status.members[2]!["state"] = state;
      const verdict = await sample(mongo);
      assert.equal(verdict.outcome, outcome);
      assert.deepEqual(
        verdict.reasons.map(({ code, member }) => `${code} ${member}`),
        outcome === "pass" ? [] : ["FCV_TOO_LOW mongo-2"],
      );
    });
  }

  it("names the act and that it cannot be undone", async () => {
    const mongo = fakeMongo();
    setVersion(mongo, "mongo-1", { version: "6.0" });
    assert.equal(
      (await sample(mongo)).reasons[0]?.message,
      'mongo-1 has feature compatibility version 6.0, expected 7.0 or higher: Palette 4.8 brings MongoDB 8.0, which does not start on data of a lower one. That is the act fcv-raise: raise it on the primary (setFeatureCompatibilityVersion: "7.0", confirm: true); it cannot be undone in place, so have a fresh backup first.',
    );
  });

  it("takes the strictest of the rows that a hop crosses, by number", () => {
    const row = {
      mongo: "8.0",
      because: "it does",
      source: { repository: "a/b", path: "c", commit: "1234567", section: "d" },
    };
    const rows = [
      { ...row, into: ">=4.8.0", least: "9.0", because: "the first of two alike" },
      { ...row, into: ">=4.8.0", least: "9.0" },
      { ...row, into: ">=4.9.0", least: "10.0" },
      { ...row, into: ">=4.10.0", least: "8.0" },
    ];
    assert.equal(findRequirement({ from: "4.7.27", to: "4.10.2" }, rows)?.least, "10.0");
    assert.equal(findRequirement({ from: "4.7.27", to: "4.8.8" }, rows)?.because, "the first of two alike");
    assert.equal(findRequirement({ from: "4.9.14", to: "4.10.2" }, rows)?.least, "8.0");
    assert.equal(findRequirement({ from: "4.10.2", to: "4.10.9" }, rows), null);
    assert.equal(findRequirement({ from: "4.7.27", to: "4.10.2" }, []), null);
  });

  it("tells what it saw of each member, and where the requirement comes from", async () => {
    const mongo = fakeMongo();
    setVersion(mongo, "mongo-2", {});
    assert.deepEqual((await sample(mongo)).observed, {
      least: "7.0",
      source:
        "https://github.com/spectrocloud/librarium/blob/153e47cbb6bcb80e6cf8da0f5a668d9437d56bce/_partials/self-hosted/upgrade/_mongodb-fcv-precheck.mdx",
      members: [
        { name: "mongo-0", version: "7.0", binary: "7.0.12" },
        { name: "mongo-1", version: "7.0", binary: "7.0.12" },
        { name: "mongo-2", version: null, binary: "7.0.12" },
      ],
    });
    assert.deepEqual((await sample(mongo, "4.7.20", "4.7.27")).observed, { least: null });
  });

  it("says why a member's answer cannot be read", async () => {
    const mongo = fakeMongo();
    mongo.answers["mongo-1"] = () => Promise.resolve(said("nothing"));
    assert.match((await sample(mongo)).reasons[0]!.message, /^mongo-1 did not report its feature compatibility version \(the answer holds no document of this call; the command ended with 0\), expected/); // prettier-ignore
    mongo.envelopes["mongo-1"]!.fcv = { ok: 0, code: 13, errmsg: "not authorized" };
    mongo.answers = {};
    assert.match((await sample(mongo)).reasons[0]!.message, /^mongo-1 did not report its feature compatibility version: "not authorized", expected/); // prettier-ignore
  });

  it("compares versions by number", () => {
    assert.ok(compareCompatibility("7.1", "7.0")! > 0 && compareCompatibility("7.0", "7.10")! < 0);
    for (const text of ["v7.0", "7.0.1", "7.", "7.0 ", ""]) assert.equal(compareCompatibility(text, "7.0"), null);
    assert.ok(compareCompatibility("10.0", "7.0")! > 0);
    assert.ok(compareCompatibility("6.3", "7.0")! < 0);
    assert.equal(compareCompatibility("7", "7.0"), null);
  });
});
