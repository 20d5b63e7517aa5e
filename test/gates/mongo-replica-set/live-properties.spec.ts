import assert from "node:assert/strict";
import fc from "fast-check";
import { formatEnvelope } from "../../../lib/gates/mongo-replica-set/text/envelope.js";
import { mongoReplicaSetGate } from "../../../lib/gates/mongo-replica-set/gate.js";
import type { GateInput, Outcome } from "../../../lib/gates/verdict/types.js";
import { anyViewBreaks, lagBreaks } from "../../fixtures/mongo/breaks.js";
import { inputOutside } from "../../fixtures/mongo/outside-site.js";
import { fakeMongo, inputFor, said, type FakeMongo } from "../../fixtures/mongo/fake-site.js";
import type { Json } from "../../fixtures/mongo/replica-set.js";

const size = 5;
const signal = new AbortController().signal;
const member = fc.nat(size - 1);

async function outcomeOf(input: GateInput): Promise<Outcome> {
  return (await mongoReplicaSetGate.sample(input, signal)).outcome;
}

const places: [string, (mongo: FakeMongo) => GateInput][] = [
  ["in the cluster", (mongo) => inputFor(mongo)],
  ["in the cluster of VerteX, over mutual TLS", inputOfVertex],
  ["outside the cluster", inputOutside],
];

const silence = { ok: 0, code: null, codeName: "MongoNetworkError", errmsg: "connect ECONNREFUSED" };

for (const [where, inputOf] of places) {
  describe(`a replica set ${where}, looked at live`, function () {
    this.timeout(60_000);
    const never = (change: fc.Arbitrary<[(mongo: FakeMongo) => unknown, string]>, runs = 120): Promise<void> =>
      fc.assert(
        fc.asyncProperty(change, async ([apply, what]) => {
          const mongo = fakeMongo(size);
          apply(mongo);
          assert.notEqual(await outcomeOf(inputOf(mongo)), "pass", what);
        }),
        { numRuns: runs },
      );

    it("passes when whole, so that what follows means something", async () => {
      assert.equal(await outcomeOf(inputOf(fakeMongo(size))), "pass");
    });

    it("never passes when any member shows any member broken in any way", () =>
      never(
        fc
          .tuple(member, member, anyViewBreaks)
          .map(([viewer, index, change]) => [
            (mongo) => Object.assign(mongo.envelopes[`mongo-${viewer}`]!.status.members[index]!, change),
            `mongo-${viewer} of mongo-${index}: ${JSON.stringify(change)}`,
          ]),
      ));

    it("never passes when the primary shows a secondary's data behind", () =>
      never(
        fc
          .tuple(fc.integer({ min: 1, max: size - 1 }), lagBreaks)
          .map(([index, change]) => [
            (mongo) => Object.assign(mongo.envelopes["mongo-0"]!.status.members[index]!, change),
            `mongo-${index}: ${JSON.stringify(change)}`,
          ]),
        50,
      ));

    it("never passes when a member's reply to any command of the verdict failed, whatever the code", () =>
      never(
        fc
          .tuple(
            member,
            fc.constantFrom("hello", "status", "config" as const),
            fc.option(fc.integer({ min: 0, max: 20_000 })),
          ) // prettier-ignore
          .map(([index, part, code]) => [
            (mongo) =>
              (mongo.envelopes[`mongo-${index}`]![part as "hello"] = { ok: 0, code, codeName: "Any", errmsg: "any" }),
            `${part} of mongo-${index}: ${code}`,
          ]),
      ));

    it("never passes when a member's reply lacks ok, or says something else than 1", () =>
      never(
        fc
          .tuple(
            member,
            fc.constantFrom("hello", "status", "config"),
            fc.constantFrom(undefined, null, 0, 2, -1, "1", true),
          ) // prettier-ignore
          .map(([index, part, ok]) => [
            (mongo) => {
              const reply = mongo.envelopes[`mongo-${index}`]![part as "status"] as Json;
              if (ok === undefined) delete reply["ok"];
              else reply["ok"] = ok;
            },
            `${part} of mongo-${index}: ${String(ok)}`,
          ]),
        100,
      ));

    it("never passes when a member does not answer, whatever the others say of it", () =>
      never(
        member.map((index) => [
          (mongo) =>
            Object.assign(mongo.envelopes[`mongo-${index}`]!, { hello: silence, status: silence, config: silence }),
          `mongo-${index}`,
        ]),
        20,
      ));

    it("never passes with a member more or fewer than expected, seen by all", () =>
      never(
        fc.tuple(member, fc.boolean()).map(([index, inConfigToo]) => [
          (mongo) => {
            for (const envelope of Object.values(mongo.envelopes)) {
              envelope.status.members.splice(index, 1);
              if (inConfigToo) ((envelope.config["config"] as Json)["members"] as Json[]).splice(index, 1);
            }
          },
          `without mongo-${index}`,
        ]),
        20,
      ));
  });
}

describe("what a member's container prints", function () {
  this.timeout(60_000);
  const answerOf = (nonce: string): string => formatEnvelope(fakeMongo(3).envelopes["mongo-1"]!, nonce);
  const outcomeWith = async (garble: (text: string) => string): Promise<Outcome> => {
    const mongo = fakeMongo(3);
    mongo.answers["mongo-1"] = (nonce) => Promise.resolve(said(garble(answerOf(nonce))));
    return outcomeOf(inputFor(mongo));
  };
  const length = answerOf("0".repeat(24)).length;
  const line = answerOf("0".repeat(24)).split("\n")[0]!.length + 1;

  it("is judged when whole, with lines of others before and after it", async () => {
    const lines = fc.string().filter((text) => !text.includes("@@MGATE"));
    await fc.assert(
      fc.asyncProperty(lines, lines, async (before, after) => {
        assert.equal(await outcomeWith((text) => `${before}\n${text}${after}`), "pass");
      }),
      { numRuns: 50 },
    );
  });

  it("never passes when cut anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(length - 2), async (at) => {
        assert.notEqual(await outcomeWith((text) => text.slice(0, at)), "pass");
        assert.notEqual(await outcomeWith((text) => text.slice(at + 1)), "pass");
      }),
      { numRuns: 80 },
    );
  });

  it("never passes with a line of noise anywhere inside, or a part left out", async () => {
    const inside = fc.integer({ min: line + 1, max: length - line - 6 });
    const noise = fc.constantFrom("Warning: EACCES", "...", "mongo | {", "}", '{"ok":1}', "\u0000");
    await fc.assert(
      fc.asyncProperty(inside, noise, async (at, words) => {
        assert.notEqual(await outcomeWith((text) => `${text.slice(0, at)}\n${words}\n${text.slice(at)}`), "pass");
      }),
      { numRuns: 80 },
    );
  });

  it("never passes when it is there twice, or of another call", async () => {
    assert.notEqual(await outcomeWith((text) => text + text), "pass");
    assert.notEqual(await outcomeWith((text) => text.replaceAll(/MGATE1-\w{24}/g, `MGATE1-${"f".repeat(24)}`)), "pass");
  });
});

function inputOfVertex(mongo: FakeMongo): GateInput {
  mongo.tlsSecret = true;
  const input = inputFor(mongo);
  input.settings.edition = "vertex";
  return input;
}
