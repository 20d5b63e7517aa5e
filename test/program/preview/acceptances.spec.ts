import assert from "node:assert/strict";
import { type GateReport } from "../../../lib/gates/verdict/types.js";
import { defaultGateSettings } from "../../../lib/settings/gate-settings.js";
import { type Prepared } from "../../../lib/program/step/prepare.js";
import { type PreviewReport } from "../../../lib/program/preview/report.js";
import { createPreview, formatPreview } from "../../../lib/program/preview/assemble.js";
import { settingsSchema } from "../../../lib/settings/schema.js";

const hop = { from: "4.6.36", to: "4.6.41" };
const word = { code: "POD_PENDING", subject: "mongo", because: "b", ticket: "T-1", by: "ana", until: "2026-12-01" };
const settings = settingsSchema.parse({
  target: "4.6.41",
  matrix: "palette-kubernetes-4.7.20",
  clusterIdentifier: "c",
  accept: [{ ...word, gate: "rollout", hop: "4.6.36->4.6.41" }],
  approval: { fourEyes: true },
});
const prepared = {
  step: { kind: "hop", from: hop.from, destination: hop.to, resuming: false, declareReleases: true },
  plan: null,
  hop: { ...hop, acts: [], gates: [] },
  notice: null,
} as unknown as Prepared;

function preview(runner: string, change: Partial<GateReport>): PreviewReport {
  const times = { startedAt: "2026-11-21T00:00:00Z", finishedAt: "2026-11-21T00:00:00Z", samples: 1 };
  const report: GateReport = {
    gate: "rollout",
    outcome: "pass",
    when: "before",
    ...hop,
    reasons: [],
    observed: null,
    ...times,
    ...change,
  };
  return createPreview({
    stack: "dev",
    settings,
    limits: defaultGateSettings,
    prepared,
    gates: [],
    reports: [report],
    releases: [],
    today: "2026-11-21",
    runners: [runner],
  });
}

describe("a preview's acceptances under four eyes", () => {
  it("by the one who runs this: listed as such, not as unmatched, in the report and in its lines", () => {
    const reasons = [{ code: "POD_PENDING", member: "mongo", message: "It is pending." }];
    const told = preview("ana", { outcome: "fail", reasons });
    const line =
      "rollout: POD_PENDING of mongo, for 4.6.36->4.6.41, by ana (T-1), until 2026-12-01: " +
      "ana is also the one who runs this (palette:approval.fourEyes): have another person accept it, or run it.";
    assert.deepEqual(told.acceptances, { used: [], unused: [], uncounted: [line], expired: [] });
    assert.ok(formatPreview(told).includes(`Acceptances that do not count:\n  ${line}`));
  });

  it("negative twin: by another person, it is used", () => {
    const told = preview("ben", { accepted: [word] });
    const { used, unused, uncounted } = told.acceptances;
    assert.deepEqual([used.length, unused, uncounted], [1, [], []]);
    assert.ok(!formatPreview(told).some((line) => line.startsWith("Acceptances that do not count")));
  });
});
