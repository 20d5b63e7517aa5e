import assert from "node:assert/strict";
import { drive, type DriveEnd } from "../../lib/driver/drive.js";
import { type Engine, type EngineRun, type EngineStep } from "../../lib/engine/engine.js";

const moved: EngineStep = {
  urn: "urn:1",
  type: "kubernetes:helm.sh/v3:Release",
  name: "hubble",
  operation: "update",
  diffKeys: ["version"],
};

function run(change: Partial<EngineRun> = {}, step: EngineStep | null = moved): EngineRun {
  return {
    ok: true,
    interrupted: false,
    steps: step === null ? [] : [{ ...step, outcome: "succeeded" }],
    diagnostics: [],
    outputs: {},
    ...change,
  };
}

/** An engine that answers preview and up in turn from a list. */
function scripted(answers: EngineRun[]): Engine & { asked: string[] } {
  const asked: string[] = [];
  const next = (what: string): Promise<EngineRun> => {
    asked.push(what);
    return Promise.resolve(answers.shift() ?? run({}, null));
  };
  return {
    name: "embedded",
    asked,
    preview: () => next("preview"),
    up: () => next("up"),
    outputs: () => Promise.resolve({}),
  };
}

function driven(engine: Engine, maxTurns = 9, signal = new AbortController().signal): Promise<DriveEnd> {
  return drive(engine, { maxTurns, signal, onRun: () => undefined, onTurn: () => undefined });
}

describe("driver", () => {
  it("previews before each update and ends when a preview shows nothing", async () => {
    const engine = scripted([run(), run(), run(), run()]);
    assert.deepEqual(await driven(engine), { kind: "done" });
    assert.deepEqual(engine.asked, ["preview", "up", "preview", "up", "preview"]);
  });

  for (const [title, settled, asked] of [
    ["with its checks still to settle is made", [false, true], ["preview", "up", "preview"]],
    ["with all settled is not made", [true], ["preview"]],
  ] as const) {
    it(`an update that would change nothing, ${title}`, async () => {
      const engine = scripted([run({}, null)]);
      const answers = [...settled];
      const isSettled = (): Promise<boolean> => Promise.resolve(answers.shift()!);
      const { signal } = new AbortController();
      const nothing = (): undefined => undefined;
      const end = await drive(engine, { maxTurns: 9, signal, onRun: nothing, onTurn: nothing, isSettled });
      assert.deepEqual([end, engine.asked], [{ kind: "done" }, asked]);
    });
  }

  it("a preview that refuses is not followed by an update", async () => {
    const engine = scripted([
      run({
        ok: false,
        diagnostics: [{ kind: "diagnostic", severity: "error", urn: null, message: "NO_ROUTE: there is none\nLook." }],
      }),
    ]);
    const end = await driven(engine);
    assert.deepEqual(engine.asked, ["preview"]);
    assert.deepEqual(end.kind === "refused" && end.refusals, [{ code: "NO_ROUTE", message: "there is none\nLook." }]);
  });

  it("a failed gate's report is found in what the engine says, once", async () => {
    const report = {
      gate: "mongo-fcv",
      outcome: "fail",
      when: "before",
      from: "4.7.27",
      to: "4.8.8",
      reasons: [],
      observed: null,
    };
    const message = `exit status 3: running "exec node x":\n${JSON.stringify(report)}\n${JSON.stringify(report)}`;
    const failed = run({ ok: false, diagnostics: [{ kind: "diagnostic", severity: "error", urn: "urn:1", message }] });
    const end = await driven(scripted([run(), failed]));
    assert.deepEqual(end.kind === "refused" && end.gates, [report]);
  });

  it("an update that never comes to rest is given up after maxTurns", async () => {
    const engine = scripted(Array.from({ length: 20 }, () => run()));
    assert.deepEqual(await driven(engine, 3), { kind: "turns-used-up" });
    assert.equal(engine.asked.length, 6);
  });

  it("an interrupt ends it, resumable", async () => {
    const aborted = new AbortController();
    aborted.abort();
    assert.deepEqual(await driven(scripted([run({ interrupted: true })]), 9, aborted.signal), { kind: "interrupted" });
  });
});
