import assert from "node:assert/strict";
import { z } from "zod";
import {
  decodeRecordedRequest,
  encodeRecordedRequest,
  recordedRequestSchema,
} from "../../../lib/gates/recording/recorded-request.js";
import { type GateRequest } from "../../../lib/gates/run/codec.js";
import { selectBaseline } from "../../../lib/gates/run/request.js";
import { gateSettingsSchema } from "../../../lib/settings/gate-settings.js";
import { settingsFor } from "../fake-site.js";

const settings = settingsFor();
const noSecrets = { apiKeys: [], mongoUri: "", chartsPassword: "" };
const least: GateRequest = { to: "4.7.20", when: "after", settings, secrets: noSecrets };
const written = z.encode(gateSettingsSchema, settings);
const leastRecorded = { to: "4.7.20", when: "after" as const, settings, baseline: {} };

describe("a gate's request in a record", () => {
  it("is written as records always were: null for what is not restricted, neither secrets nor acceptances", () => {
    const asked = { ...least, secrets: { ...noSecrets, apiKeys: ["planted"] } };
    const text = JSON.stringify(encodeRecordedRequest({ ...asked, acceptances: { fourEyes: true, entries: [] } }));

    assert.equal(text, JSON.stringify({ ...leastRecorded, settings: written, only: null, ingressProvedAt: null }));
  });

  it("is read from a record of an earlier version, with every key", () => {
    const held = [{ role: "hubble" as const, revision: 3, valuesDigest: "d1" }];
    const request = decodeRecordedRequest({
      ...leastRecorded,
      baseline: { "acme/pcg-1": "4.5.3" },
      profileBaseline: { "acme/pcg-1": "p1" },
      held,
      only: "acme/pcg-1",
      ingressProvedAt: "2026-01-31T12:00:00Z",
      promoted: null,
      measured: [{ change: "minor", minutes: 56 }],
      install: false,
    });

    assert.deepEqual(
      [request.only, request.settledRevisions, request.promoted, request.ingressProvedAt, request.install],
      ["acme/pcg-1", held, undefined, "2026-01-31T12:00:00Z", false],
    );
    assert.deepEqual(selectBaseline(request), {
      baseline: { "acme/pcg-1": "4.5.3" },
      profileBaseline: { "acme/pcg-1": "p1" },
    });
  });

  const cases: [title: string, request: GateRequest][] = [
    ["the least", least],
    ["one gateway after the hop", { ...least, only: "acme/pcg-1", ingressProvedAt: "2026-01-31T12:00:00Z" }],
    [
      "with a readiness record",
      { ...least, readiness: { live: "4.6.41", agents: { "acme/pcg-1": "4.5.3" }, profiles: { "acme/pcg-1": "p1" } } },
    ],
    ["a fresh install", { ...least, when: "before", install: true }],
  ];
  for (const [title, request] of cases) {
    it(`is the same when written and read again: ${title}`, () => {
      const recorded = encodeRecordedRequest(request);
      const text = JSON.stringify(recorded);
      const read = decodeRecordedRequest(recordedRequestSchema.parse(JSON.parse(text)));
      assert.equal(JSON.stringify(encodeRecordedRequest(read)), text);
      assert.deepEqual(selectBaseline(read), selectBaseline(request));
    });
  }
});
