import assert from "node:assert/strict";
import { type InvalidInputError } from "../../../lib/base/errors/errors.js";
import type { GateRequest } from "../../../lib/gates/run/codec.js";
import { judgeRecord, recordInspection } from "../../../lib/gates/recording/record.js";
import { getGateByName } from "../../../lib/gates/registry.js";
import { gateNames } from "../../../lib/planning/rules/types.js";
import { startSite, stopSites, type Rehearsed } from "../../../packages/rehearsal/test/site/running.js";

const apiKey = "planted-api-key-5f3a";
const recordable = gateNames.filter((name) => name !== "values" && name !== "images");

describe("gate --record and --judge", () => {
  let rehearsed: Rehearsed;
  before(async () => {
    rehearsed = await startSite({ version: "4.6.41" });
  });
  after(stopSites);

  const request = (): GateRequest => ({
    to: "4.7.20",
    when: "before",
    settings: {
      ...rehearsed.settings,
      site: { ...rehearsed.settings.site, rootDomain: `${apiKey}.example.com` },
      checks: [{ name: "echo", when: "both", command: ["sh", "-c", "echo $PALETTE_TO; exit 0"], timeoutSeconds: 20 }],
    },
    secrets: { apiKeys: [apiKey], mongoUri: "", chartsPassword: "" },
  });
  const look = (name: string) =>
    recordInspection(getGateByName(name), request(), {
      connect: () => rehearsed.site,
      clock: rehearsed.clock,
      needs: () => ({ mandatory: true }),
    });
  const judge = (name: string, text: string) =>
    judgeRecord(getGateByName(name), text, "look.json", () => ({ mandatory: true }));

  for (const name of recordable) {
    it(`${name}: the record, judged without a site, says what the look said`, async () => {
      const { report, text } = await look(name);
      const { outcome, reasons, observed, from, to } = await judge(name, text);
      assert.deepEqual({ outcome, from, to }, { outcome: report.outcome, from: report.from, to: report.to });
      assert.deepEqual(
        reasons.map(({ code }) => code),
        report.reasons.map(({ code }) => code),
      );
      assert.equal(typeof observed, typeof report.observed);
      assert.ok(!text.includes(apiKey), "the planted secret is in the record");
    });
  }

  it("an answer changed in the record changes the judgement (negative twin)", async () => {
    const { report, text } = await look("mongo-replica-set");
    assert.equal(report.outcome, "pass");
    const changed = text.replaceAll("SECONDARY", "RECOVERING");
    assert.notEqual(changed, text);
    assert.notEqual((await judge("mongo-replica-set", changed)).outcome, "pass");
  });

  for (const [name, why] of [
    ["values", "it compares the values"],
    ["images", "it renders charts"],
  ] as const) {
    it(`${name} is refused, plainly`, async () => {
      await assert.rejects(look(name), (error: InvalidInputError) => {
        assert.equal(error.exitCode, 2);
        assert.equal(error.code, "RECORD_UNSUPPORTED");
        assert.ok(error.message.startsWith(`--record: ${name} cannot be recorded: ${why}`));
        return true;
      });
    });
  }

  const spoilt: [string, string, (text: string) => string, string, RegExp][] = [
    [
      "of another gate",
      "rollout",
      same,
      "RECORD_OF_ANOTHER_GATE",
      /look\.json is a record of gate window, not of rollout\.$/,
    ],
    ["that was cut", "window", (text) => text.slice(0, -20), "RECORD_INVALID", /it is not JSON, or was cut\.$/],
    ["that is a saved report", "window", () => '{"gate":"window"}', "RECORD_INVALID", /missing or wrong: record, /],
    [
      "without an answer",
      "window",
      withoutIdentity,
      "RECORD_INCOMPLETE",
      /\(missing: kubernetes\.clusterUid \[\]\)\.$/,
    ],
  ];
  for (const [title, name, spoil, code, message] of spoilt) {
    it(`a record ${title}: ${code}, exit 2`, async () => {
      const { text } = await look("window");
      await assert.rejects(judge(name, spoil(text)), (error: InvalidInputError) => {
        assert.deepEqual([error.code, error.exitCode], [code, 2]);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

function same(text: string): string {
  return text;
}

function withoutIdentity(text: string): string {
  const record = JSON.parse(text) as { answers: { call: string }[] };
  const answers = record.answers.filter(({ call }) => !call.startsWith("kubernetes.clusterUid"));
  return JSON.stringify({ ...record, answers });
}
