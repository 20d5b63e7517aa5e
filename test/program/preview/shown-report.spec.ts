import assert from "node:assert/strict";
import { createEmptyPreview } from "../../../lib/program/preview/assemble.js";
import { type PreviewedGate, type PreviewReport } from "../../../lib/program/preview/report.js";
import { showReport } from "../../../lib/program/preview/shown-report.js";

const gate = (name: PreviewedGate["gate"], outcome: PreviewedGate["outcome"]): PreviewedGate => ({
  ...{ gate: name, subject: null, when: "before", mandatory: true, outcome, reasons: [], why: null },
});

describe("a preview's report, while the engine finds out more", () => {
  it("is written at once, and whole with each change; none is lost by the next", () => {
    const written: PreviewReport[] = [];
    const report = { ...createEmptyPreview("prod"), gates: [gate("rollout", "will-check")] };
    const shown = showReport(report, (each) => void written.push(each));
    shown.changeGates((gates) => [...gates, gate("window", "pass")]);
    shown.changeGates((gates) => gates.map((each) => (each.gate === "rollout" ? gate("rollout", "fail") : each)));
    assert.deepEqual(written, [
      report,
      { ...report, gates: [gate("rollout", "will-check"), gate("window", "pass")] },
      { ...report, gates: [gate("rollout", "fail"), gate("window", "pass")] },
    ]);
  });
});
