import assert from "node:assert/strict";
import { type Answer, type MongoProbe } from "../../../lib/gates/mongo-replica-set/probe/answers.js";
import { formatEnvelope } from "../../../lib/gates/mongo-replica-set/text/envelope.js";
import { mongoReplicaSetGate } from "../../../lib/gates/mongo-replica-set/gate.js";
import { judgeLive } from "../../../lib/gates/mongo-replica-set/judge-live.js";
import { parseAnswer } from "../../../lib/gates/mongo-replica-set/text/parse.js";
import { type GateInput, type Verdict } from "../../../lib/gates/verdict/types.js";
import { defaultGateSettings } from "../../../lib/settings/gate-settings.js";
import { fakeMongo, type FakeMongo, inputFor, surroundingsOf } from "../../fixtures/mongo/fake-site.js";
import { liveCorners } from "../../fixtures/mongo/live-corners.js";
import { late } from "../../fixtures/mongo/member-twins.js";
import { inputOutside } from "../../fixtures/mongo/outside-site.js";
import { ago, asked, type Json } from "../../fixtures/mongo/replica-set.js";
import { container, statusOf } from "../../fixtures/mongo/site-cases.js";

const nonce = "0123456789abcdef";

function look(input: GateInput): Promise<Verdict> {
  return mongoReplicaSetGate.sample(input, new AbortController().signal);
}

function blocking({ reasons }: Verdict): string[] {
  return reasons.filter(({ code }) => code !== "NOTE").map(({ code, message }) => `${code}: ${message}`);
}

function answersOf(mongo: FakeMongo): Answer[] {
  return Object.entries(mongo.envelopes).map(([pod, envelope]) => {
    const parsed = parseAnswer(formatEnvelope(envelope, nonce), nonce, asked);
    return { pod, parsed };
  });
}

function probed(change: Partial<MongoProbe> = {}): Verdict {
  const probe = { surroundings: surroundingsOf(), expectedMembers: 3, expectedSet: null, answers: answersOf(fakeMongo()), findings: [], ...change }; // prettier-ignore
  return judgeLive(probe, defaultGateSettings, { resuming: false, secondsUnexpected: 0 });
}

describe("corners of a live MongoDB", () => {
  for (const { title, mongo, outcome, reasons, resuming = false } of liveCorners) {
    it(`${outcome}: ${title}`, async () => {
      const verdict = await look(inputFor(mongo, { resuming }));
      assert.deepEqual(blocking(verdict), reasons);
      assert.equal(verdict.outcome, outcome);
    });
  }

  it("a hop in progress that moves nothing is remarked on in no way", async () => {
    assert.deepEqual((await look(inputFor(fakeMongo(), { resuming: true }))).reasons, []);
  });

  it("another edition is named with what shows it", async () => {
    const mongo = fakeMongo();
    const input = inputFor(mongo);
    input.settings.edition = "vertex";
    assert.deepEqual(blocking(await look(input)), ["EDITION_MISMATCH: MongoDB in hubble-system is set up as Palette (there is no Secret mongo-tls), and the stack says vertex: correct palette:edition or the cluster."]); // prettier-ignore
    mongo.tlsSecret = true;
    assert.deepEqual(blocking(await look(inputFor(mongo))), ["EDITION_MISMATCH: MongoDB in hubble-system is set up as VerteX (Secret mongo-tls exists), and the stack says palette: correct palette:edition or the cluster."]); // prettier-ignore
  });

  it("members on one host are told apart by their ports", async () => {
    const mongo = fakeMongo();
    const renamed = JSON.parse(
      JSON.stringify(mongo.envelopes).replaceAll(/mongo-(\d)\.mongo[\w.-]*:27017/g, "db.example.com:2701$1"),
    ) as FakeMongo["envelopes"];
    const input = inputOutside(Object.assign(mongo, { envelopes: byHost(renamed) }));
    input.site.mongo!.seeds = () => Promise.resolve({ hosts: Object.keys(mongo.envelopes), setName: null });
    const fake = input.site.mongo!;
    input.site.mongo = { ...fake, ask: (host, ...more) => fake.ask(`${host}.`, ...more) };
    assert.deepEqual([blocking(await look(input)), (await look(input)).outcome], [[], "pass"]);
    const [first, , third] = mongo.envelopes["db:27011"]!.status.members;
    Object.assign(first!, { state: 2, stateStr: "SECONDARY" });
    Object.assign(third!, { state: 1, stateStr: "PRIMARY" });
    mongo.envelopes["db:27011"]!.hello["primary"] = "db.example.com:27012";
    assert.deepEqual(blocking(await look(input)), ["PRIMARY_DISAGREEMENT: The members do not name the same primary (db:27010 db:27010, db:27011 db:27012, db:27012 db:27010), expected one: wait until all have heard of it. (rule G05)"]); // prettier-ignore
  });

  it("an answer without hello or configuration is no whole one", () => {
    for (const part of ["hello", "config"] as const) {
      const answers = answersOf(fakeMongo());
      const { parsed } = answers[1]!;
      assert.ok(parsed.kind === "view");
      parsed.view[part] = null;
      const verdict = probed({ answers });
      assert.equal(verdict.outcome, "unknown", part);
      assert.equal(blocking(verdict)[0], "OK_MISSING: mongo-1's answer lacks hello or replSetGetConfig, expected both: ask again. (rule G02)"); // prettier-ignore
    }
  });

  it("what could not be read of the cluster is not found fault with: its finding says so", () => {
    const nothing = { edition: null, statefulSet: null, pods: null, claims: null, budgets: null };
    const unread = {
      rule: null,
      code: "SITE_UNREACHABLE",
      member: null,
      outcome: "wait" as const,
      message: "Not read.",
    };
    const verdict = probed({ surroundings: nothing, findings: [unread] });
    assert.deepEqual([blocking(verdict), verdict.outcome], [["SITE_UNREACHABLE: Not read."], "wait"]);
    assert.equal((verdict.observed as Json)["updateRevision"], null);
  });

  it("fails on other members than expected once that has lasted an interval", () => {
    const of = (secondsUnexpected: number): Verdict =>
      judgeLive({ surroundings: surroundingsOf(), expectedMembers: 4, expectedSet: null, answers: answersOf(fakeMongo()), findings: [] }, defaultGateSettings, { resuming: false, secondsUnexpected }); // prettier-ignore
    const { intervalSeconds } = defaultGateSettings.mongo;
    assert.deepEqual([of(intervalSeconds - 0.1).outcome, of(intervalSeconds).outcome], ["wait", "fail"]);
  });

  it("what was seen is kept as evidence: of the primary's view, of the cluster, of who was asked", async () => {
    const mongo = fakeMongo();
    late(statusOf(mongo, 0).members[2]!, 4);
    Object.assign(mongo.workloads[0]!, { updateRevision: "mongo-8aa" });
    container(mongo, 1).restarts = 2;
    const observed = (await look(inputFor(mongo))).observed as Json;
    const member = (name: string, state: string, lagSeconds: number | null): Json => ({ name, state, health: 1, lagSeconds }); // prettier-ignore
    const pod = (name: string, restarts: number): Json => ({
      name,
      phase: "Running",
      startTime: "2026-03-01T00:00:00Z",
      containers: [
        { name: "mongo", image: "mongo:7.0.12", ready: true, restarts },
        { name: "exporter", image: "mongo:7.0.12", ready: true, restarts: 0 },
      ],
    });
    assert.deepEqual(observed, {
      edition: "palette",
      updateRevision: "mongo-8aa",
      pods: [pod("mongo-0", 0), pod("mongo-1", 2), pod("mongo-2", 0)],
      expectedMembers: 3,
      failedRules: [],
      maxLagSeconds: 10,
      askedMembers: ["mongo-0", "mongo-1", "mongo-2"],
      set: "rs0",
      date: asked.toISOString(),
      term: 3,
      configVersion: 5,
      primary: "mongo-0",
      askedOf: "mongo-0",
      error: null,
      members: [member("mongo-0", "PRIMARY", null), member("mongo-1", "SECONDARY", 0), member("mongo-2", "SECONDARY", 3)],
    }); // prettier-ignore
  });

  it("where the primary is another than the first, its view is the evidence; without one the first that answered", () => {
    const mongo = fakeMongo();
    statusOf(mongo, 0)["date"] = ago(1);
    const answers = answersOf(mongo).reverse();
    assert.equal((probed({ answers }).observed as Json)["askedOf"], "mongo-0");
    assert.equal((probed({ answers: answers.slice(0, 2) }).observed as Json)["askedOf"], "mongo-2");
    assert.equal((probed({ answers: [] }).observed as Json)["askedOf"], undefined);
  });

  it("outside a cluster the evidence says so", async () => {
    const observed = (await look(inputOutside(fakeMongo()))).observed as Json;
    assert.deepEqual([observed["external"], observed["edition"], observed["expectedMembers"]], [true, undefined, 3]);
  });
});

/** Envelopes by the label of the member that answers. */
function byHost(envelopes: FakeMongo["envelopes"]): FakeMongo["envelopes"] {
  return Object.fromEntries(Object.values(envelopes).map((each, index) => [`db:2701${index}`, each]));
}
