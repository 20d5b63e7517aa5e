import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { Output } from "../../lib/base/process/output.js";
import { createProgress, type Progress } from "../../lib/cli/progress.js";
import { showEvents, showWaiting, formatStepLabel } from "../../lib/cli/up/run-progress.js";
import { type GateReport } from "../../lib/gates/verdict/types.js";
import { renderTable } from "../../lib/cli/table.js";
import { type EngineStep } from "../../lib/engine/engine.js";

const command: EngineStep = {
  urn: "urn",
  type: "command:local:Command",
  name: "gate-mongo-replica-set",
  operation: "update",
  diffKeys: [],
};

function plain(): { progress: Progress; text: () => string; tick: (ms: number) => void } {
  const stream = new PassThrough();
  let written = "";
  let now = 0;
  stream.on("data", (chunk: Buffer) => (written += chunk.toString()));
  const progress = createProgress({
    output: new Output(stream as unknown as NodeJS.WriteStream),
    isTerminal: false,
    colour: false,
    now: () => now,
  });
  return { progress, text: () => written, tick: (ms) => (now += ms) };
}

describe("progress without a terminal", () => {
  it("what it waits for is said again only after a while", () => {
    const { progress, text, tick } = plain();
    progress.start("gate-rollout", "gate rollout");
    for (const [milliseconds, waiting] of [
      [0, "a"],
      [9_999, "b"],
      [1, "c"],
    ] as const) {
      tick(milliseconds);
      progress.wait("gate-rollout", waiting);
    }
    assert.deepEqual(text().match(/waits: \w/g), ["waits: a", "waits: c"]);
  });

  it("a plain line when a step waits for something new, and one when it ends", () => {
    const { progress, text, tick } = plain();
    const events = showEvents(progress);
    const waits = showWaiting(progress);
    events({ kind: "step-started", step: command });
    tick(1500);
    const line = {
      gate: "mongo-replica-set",
      when: "before",
      pcg: null,
      waiting: "mongo-replica-set: mongo-2 is RECOVERING",
    } as const;
    waits(line);
    waits(line);
    tick(500);
    events({ kind: "step-done", step: command, seconds: 2 });
    assert.deepEqual(text().split("\n"), [
      "  ... gate mongo-replica-set (1.5 s) waits: mongo-2 is RECOVERING",
      `  ✓ ${"gate mongo-replica-set".padEnd(44)}  2.0 s`,
      "",
    ]);
  });

  it("a gate that had nothing to judge is not shown as one that proved something", () => {
    const { progress, text } = plain();
    const events = showEvents(progress);
    const print = showWaiting(progress);
    const report = {
      outcome: "pass",
      reasons: [{ code: "NOT_APPLICABLE", member: null, message: "why" }],
    } as GateReport;
    const line = { gate: "mongo-replica-set", when: "before", pcg: null, report } as const;
    for (const reported of [line, { ...line, release: "hubble" }, { ...line, report: { ...report, reasons: [] } }]) {
      events({ kind: "step-started", step: command });
      print(reported);
      events({ kind: "step-done", step: command, seconds: 0 });
    }
    const label = "gate mongo-replica-set".padEnd(44);
    assert.deepEqual(text().split("\n"), [
      `  - ${label}  0.0 s  not applicable`,
      `  ✓ ${label}  0.0 s`,
      `  ✓ ${label}  0.0 s`,
      "",
    ]);
  });

  it("a step that changes nothing, and what only holds others, is not shown", () => {
    const { progress, text } = plain();
    const events = showEvents(progress);
    events({ kind: "step-started", step: { ...command, operation: "same" } });
    events({ kind: "step-done", step: { ...command, operation: "same" }, seconds: 0 });
    events({ kind: "step-started", step: { ...command, type: "palette:index:PaletteInstallation" } });
    assert.equal(text(), "");
  });
});

describe("words of a step", () => {
  for (const [name, type, label] of [
    ["gate-rollout", "command:local:Command", "gate rollout"],
    ["check-rollout", "command:local:Command", "check rollout"],
    ["readiness-acme-edge", "command:local:Command", "PCG acme-edge: readiness"],
    ["hubble", "kubernetes:helm.sh/v3:Release", "release hubble: update"],
    ["palette", "palette:index:PaletteInstallation", null],
  ] as const) {
    it(`${type} ${name} is ${label === null ? "not shown" : `"${label}"`}`, () =>
      assert.equal(formatStepLabel({ ...command, name, type }), label));
  }
});

describe("table", () => {
  it("pads columns to their widest cell and leaves no blanks at the end", () => {
    assert.equal(renderTable(["A", "LONG"], [["wide cell", "x"]]), "A          LONG\nwide cell  x");
  });
});
