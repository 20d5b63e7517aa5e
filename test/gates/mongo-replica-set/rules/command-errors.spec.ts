import assert from "node:assert/strict";
import { createCommandFinding } from "../../../../lib/gates/mongo-replica-set/rules/set.js";

const again = "it is asked again";
const look = "find out why on the member itself";

/** Code, name and text of an error; how it ends, and what is said of it. */
const errors: [number | null, string | null, string | null, string, string][] = [
  [13, "Unauthorized", "not authorized", "fail", '13 Unauthorized ("not authorized"), expected ok: 1: check that the probe\'s user has the role clusterMonitor'], // prettier-ignore
  [18, "AuthenticationFailed", null, "fail", "18 AuthenticationFailed, expected ok: 1: check user and password in the container's environment against the database"], // prettier-ignore
  [76, null, null, "fail", "76, expected ok: 1: this mongod runs without --replSet; point the gate at the replica set"],
  [93, "InvalidReplicaSetConfig", null, "fail", "93 InvalidReplicaSetConfig, expected ok: 1: this member was removed from the set or its configuration is invalid; add it again or fix the configuration"], // prettier-ignore
  [94, null, "no config", "fail", '94 ("no config"), expected ok: 1: initiate the replica set'],
  [8000, "AtlasError", null, "unknown", "8000 AtlasError, expected ok: 1: MongoDB Atlas does not let this user or this tier run it: give the user Atlas's role clusterMonitor (dedicated tiers); where there is none, have Atlas's own view of the set looked at and accept this by name"], // prettier-ignore
  ...[6, 7, 50, 89, 91, 189, 262, 10107, 11600, 11602, 13435, 13436].map(
    (code): [number, null, null, string, string] => [code, null, null, "wait", `${code}, expected ok: 1: ${again}`],
  ),
  [8, "UnknownError", null, "unknown", `8 UnknownError, expected ok: 1: ${look}`],
  [8, "MongoNetworkError", null, "unknown", `8 MongoNetworkError, expected ok: 1: ${look}`],
  [null, "MongoNetworkError", null, "wait", `MongoNetworkError, expected ok: 1: ${again}`],
  [null, "MongoNetworkTimeoutError", null, "wait", `MongoNetworkTimeoutError, expected ok: 1: ${again}`],
  [null, "MongoServerSelectionError", null, "wait", `MongoServerSelectionError, expected ok: 1: ${again}`],
  [null, "MongoOperationTimeoutError", null, "wait", `MongoOperationTimeoutError, expected ok: 1: ${again}`],
  [null, "socket timed out", null, "wait", `socket timed out, expected ok: 1: ${again}`],
  [null, "ConnectionTimedOut", null, "wait", `ConnectionTimedOut, expected ok: 1: ${again}`],
  [null, "NotMongoNetwork", null, "unknown", `NotMongoNetwork, expected ok: 1: ${look}`],
  [null, "MongoInvalidArgumentError", "bad", "unknown", `MongoInvalidArgumentError ("bad"), expected ok: 1: ${look}`],
  [null, null, "who knows", "unknown", `("who knows"), expected ok: 1: ${look}`],
  [null, null, null, "unknown", `ok: 0, expected ok: 1: ${look}`],
];

describe("a command of the probe that failed (G02)", () => {
  for (const [code, codeName, errmsg, outcome, words] of errors) {
    it(`${outcome}: ${[code, codeName].filter((part) => part !== null).join(" ") || "nothing said"}`, () => {
      assert.deepEqual(createCommandFinding("hello", { ok: 0, code, codeName, errmsg }), {
        rule: "G02",
        code: "COMMAND_FAILED",
        member: null,
        outcome,
        message: `hello failed with ${words}.`,
      });
    });
  }

  it("unknown: success is not said", () => {
    assert.deepEqual(createCommandFinding("hello", { ok: null, code: 13, codeName: "Unauthorized", errmsg: null }), {
      rule: "G02",
      code: "OK_MISSING",
      member: null,
      outcome: "unknown",
      message:
        "The reply to hello does not say ok: 1, so its success is not proven; ask again and keep the whole reply.",
    });
  });
});
