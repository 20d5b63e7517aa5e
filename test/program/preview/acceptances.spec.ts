import assert from "node:assert/strict";
import { RefusedError } from "../../../lib/base/errors/errors.js";
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
  hopInProgress: null,
  notice: null,
} as unknown as Prepared;

function preview(runner: string, change: Partial<GateReport>, parts: Partial<PreviewParts> = {}): PreviewReport {
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
    address: { server: null, context: null },
    stack: "dev",
    settings,
    limits: defaultGateSettings,
    prepared,
    gates: [],
    reports: [report],
    releases: [],
    approval: null,
    today: "2026-11-21",
    runners: [runner],
    ...parts,
  });
}

type PreviewParts = Parameters<typeof createPreview>[0];

describe("a preview's acceptance of the hop in progress", () => {
  const until = { because: "b", ticket: "T-2", by: "ana", until: "2026-12-01" };
  const accepted = { code: "HOP_IN_PROGRESS", subject: "*", ...until };
  const entry = { ...accepted, gate: "helm-release" as const, hop: "4.6.36->4.6.41" };
  const hopInProgress = { ...hop, begunBy: "somebody else" as const, onRoute: false, message: "It is in progress." };
  const refusal = new RefusedError("HOP_IN_PROGRESS", "It is in progress.");
  const line = "helm-release: HOP_IN_PROGRESS of the whole, for 4.6.36->4.6.41, by ana (T-2), until 2026-12-01";
  const table: [title: string, runner: string, isAccepted: boolean, used: string[], uncounted: string[]][] = [
    ["counts: used", "ben", true, [line], []],
    [
      "by the one who runs: does not count, and why",
      "ana",
      false,
      [],
      [
        `${line}: ana is also the one who runs this (palette:approval.fourEyes): have another person accept it, or run it.`,
      ],
    ],
  ];
  for (const [title, runner, isAccepted, used, uncounted] of table) {
    it(title, () => {
      const judged = { ...hopInProgress, accepted: isAccepted ? accepted : null, refusal: isAccepted ? null : refusal };
      const reported = preview(
        runner,
        {},
        {
          settings: { ...settings, accept: [entry] },
          prepared: { ...prepared, hopInProgress: judged },
        },
      );
      assert.deepEqual(reported.acceptances, { used, unused: [], uncounted, expired: [] });
      assert.deepEqual(reported.hopInProgress, { ...hopInProgress, accepted: judged.accepted });
    });
  }

  it("negative twin: no hop in progress, so it matches nothing", () => {
    const reported = preview("ben", {}, { settings: { ...settings, accept: [entry] } });
    assert.deepEqual([reported.acceptances.unused, reported.hopInProgress], [[line], null]);
  });
});

describe("a preview's acceptances under four eyes", () => {
  it("by the one who runs this: listed as such, not as unmatched, in the report and in its lines", () => {
    const reasons = [{ code: "POD_PENDING", member: "mongo", message: "It is pending." }];
    const reported = preview("ana", { outcome: "fail", reasons });
    const line =
      "rollout: POD_PENDING of mongo, for 4.6.36->4.6.41, by ana (T-1), until 2026-12-01: " +
      "ana is also the one who runs this (palette:approval.fourEyes): have another person accept it, or run it.";
    assert.deepEqual(reported.acceptances, { used: [], unused: [], uncounted: [line], expired: [] });
    assert.ok(formatPreview(reported).includes(`Acceptances that do not count:\n  ${line}`));
  });

  it("negative twin: by another person, it is used", () => {
    const reported = preview("ben", { accepted: [word] });
    const { used, unused, uncounted } = reported.acceptances;
    assert.deepEqual([used.length, unused, uncounted], [1, [], []]);
    assert.ok(!formatPreview(reported).some((line) => line.startsWith("Acceptances that do not count")));
  });
});
