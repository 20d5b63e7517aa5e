import assert from "node:assert/strict";
import { createEmptyPreview } from "../../lib/program/preview/assemble.js";
import { type PreviewReport } from "../../lib/program/preview/report.js";
import { drive } from "./played-run.js";

const ends = { from: "4.6.41", destination: "4.7.20", ours: true, declareReleases: true };

function reportStep(kind: "settle" | "enrol" | "done"): PreviewReport {
  return { ...createEmptyPreview("prod"), step: { kind, ...ends } };
}

describe("a preview that shows no change", () => {
  for (const [kind, made, title] of [
    ["settle", ["settle"], "its update is made, for nothing else settles the version"],
    ["enrol", ["enrol"], "its update is made, for nothing else records the version"],
    ["done", [], "nothing is left to do"],
  ] as const) {
    it(`of a step that is ${kind}: ${title}`, async () => {
      const { result } = await drive({ preview: { steps: [] }, report: reportStep(kind) });
      const updates = result.updates.map((update) => update.step);
      assert.deepEqual([result.outcome, updates], ["done", made], JSON.stringify(result.refusals));
    });
  }
});
