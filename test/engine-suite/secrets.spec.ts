import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { command, steps, up, urnOf } from "./support/cases.js";
import { describeOnBothEngines } from "./support/both.js";
import { embeddedTrial } from "./support/embedded-trial.js";

const keyed = (key: string, more: Parameters<typeof command>[1] = {}): ReturnType<typeof command> =>
  command("a", { ...more, args: { environment: { TO: "1", KEY: { $secret: key } }, ...more.args } });

describeOnBothEngines("Secrets", "declared", (onBothEngines) => {
  onBothEngines("are compared although they are not stored", [
    { turn: up([keyed("correct-horse")], { a: { $output: "a.stdout" } }), expect: { ok: true, outputs: { a: "a 1" } } },
    {
      turn: up([keyed("correct-horse")]),
      expect: { ok: true, log: [], steps: steps("same succeeded", { a: "same succeeded" }) },
    },
    {
      turn: up([keyed("battery-staple")], { all: { $output: "a.environment" }, open: 1 }),
      expect: {
        ok: true,
        log: ["ran a"],
        outputs: { open: 1 },
        steps: steps("same succeeded", { a: "update succeeded environment.KEY" }),
      },
    },
  ]);

  onBothEngines("a whole environment, and outputs that are to be secret", [
    {
      turn: up(
        [
          command("a", {
            args: { environment: { $secret: { TO: "1" } } },
            options: { additionalSecretOutputs: ["stdout"] },
          }),
        ],
        { a: { $output: "a.stdout" } },
      ),
      expect: { ok: true, outputs: {} },
    },
    {
      turn: up(
        [
          command("a", {
            args: { environment: { $secret: { TO: "2" } } },
            options: { additionalSecretOutputs: ["stdout"] },
          }),
        ],
        { a: { $output: "a.stdout" } },
      ),
      expect: { ok: true, outputs: {}, steps: steps("same succeeded", { a: "update succeeded environment" }) },
    },
  ]);

  it("are in no file and no word of the embedded engine, not even where a program tells them", async () => {
    const trial = embeddedTrial("declared");
    const reports = {
      create: 'echo "$KEY"; echo "$CONFIG" >&2',
      environment: { KEY: { $secret: "correct-horse" }, CONFIG: { $secret: "battery-staple" } },
    };
    const run = await trial.run(
      up(
        [command("a", { args: reports }), { name: "word", says: "it is correct-horse", severity: "error" }],
        { all: { $output: "a.environment" }, loud: { $output: "a.stdout" } },
        { secrets: { token: "battery-staple" } },
      ),
    );
    const failed = await trial.run(
      up(
        [command("a", { args: { ...reports, create: 'echo "$KEY $CONFIG"; exit 1' } })],
        {},
        { secrets: { token: "battery-staple" } },
      ),
    );
    const state = readFileSync(trial.stateFile, "utf8");
    trial.dispose();
    assert.deepEqual([run.ok, failed.ok], [true, false]);
    assert.deepEqual(run.errors, ["it is [secret]"]);
    assert.deepEqual(failed.errors, ['exit status 1: running "echo \\"$KEY $CONFIG\\"; exit 1":\n[secret] [secret]']);
    assert.deepEqual(run.outputs, { loud: "[secret]" });
    assert.doesNotMatch(state, /correct-horse|battery-staple/);
    assert.match(state, /"\$secret": "[0-9a-f]{64}"/);
  });

  it("that a delete command would need are asked for, never guessed", async () => {
    const trial = embeddedTrial("declared");
    await trial.run(
      up([
        keyed("correct-horse", {
          args: { create: "true", delete: "echo $KEY", environment: { KEY: { $secret: "correct-horse" } } },
        }),
      ]),
    );
    const run = await trial.run(up([]));
    trial.dispose();
    assert.deepEqual(run.failed, [urnOf("a")]);
    assert.match(
      run.errors[0]!,
      /has a delete command that needs secret inputs; the embedded engine stores only their digests/,
    );
  });
});
