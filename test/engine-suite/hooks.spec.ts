import { command, groupUrn, preview, steps, up, urnOf, type Declared } from "./support/cases.js";
import { describeOnBothEngines } from "./support/both.js";

const gated = (to: string, fails?: string): Declared[] => [
  command("gate", { to }),
  command("release", {
    to,
    dependsOn: ["gate"],
    hooks: {
      beforeCreate: [{ name: "guard", fails }],
      beforeUpdate: [{ name: "guard", fails }],
    },
  }),
  command("after", { to, dependsOn: ["release"] }),
];

describeOnBothEngines("Hooks", "declared", (onBothEngines) => {
  onBothEngines("a guard refuses a release before it moves, and is asked again while a passed gate is not", [
    { turn: preview(gated("1", "not now")), expect: { ok: true, log: [] } },
    {
      turn: up(gated("1", "not now")),
      expect: {
        ok: false,
        log: ["ran gate", "hook guard release"],
        failed: [urnOf("release")],
        errors: ['before hook "guard" failed: not now'],
        steps: steps("create succeeded", { gate: "create succeeded", release: "create failed" }),
      },
    },
    { turn: up(gated("1")), expect: { ok: true, log: ["hook guard release", "ran release", "ran after"] } },
    { turn: up(gated("1")), expect: { ok: true, log: [] } },
    {
      turn: up(gated("2", "not yet")),
      expect: { ok: false, log: ["ran gate", "hook guard release"], failed: [urnOf("release")] },
    },
    {
      turn: up(gated("2")),
      expect: {
        ok: true,
        log: ["hook guard release", "ran release", "ran after"],
        steps: steps("same succeeded", {
          gate: "same succeeded",
          release: "update succeeded environment.TO",
          after: "update succeeded environment.TO",
        }),
      },
    },
  ]);

  onBothEngines("a hook that fails afterwards fails the update, but what was done stands and it is not asked again", [
    {
      turn: up([
        command("a", { hooks: { afterCreate: [{ name: "proof", fails: "not proved" }] } }),
        command("b", { dependsOn: ["a"] }),
      ]),
      expect: {
        ok: false,
        failed: [],
        errors: ['after hook "proof" failed: not proved'],
        log: ["ran a", "hook proof a"],
      },
    },
    {
      turn: up([
        command("a", { hooks: { afterCreate: [{ name: "proof", fails: "not proved" }] } }),
        command("b", { dependsOn: ["a"] }),
      ]),
      expect: {
        ok: true,
        log: ["ran b"],
        steps: steps("same succeeded", { a: "same succeeded", b: "create succeeded" }),
      },
    },
  ]);

  onBothEngines("runs in a preview only where it says so", [
    {
      turn: preview([command("a", { hooks: { beforeCreate: [{ name: "quiet" }, { name: "loud", onDryRun: true }] } })]),
      expect: { ok: true, log: ["hook loud a"] },
    },
    {
      turn: preview([command("a", { hooks: { beforeCreate: [{ name: "loud", onDryRun: true, fails: "refused" }] } })]),
      expect: { ok: false, errors: ['before hook "loud" failed: refused'], failed: [urnOf("a")] },
    },
  ]);

  onBothEngines("tells hooks what was and what will be", [
    {
      turn: up([command("a", { hooks: { beforeCreate: [{ name: "seen", reports: "newInputs.environment.TO" }] } })]),
      expect: { log: ['hook seen a "1"', "ran a"] },
    },
    {
      turn: up([
        command("a", {
          to: "2",
          hooks: {
            beforeUpdate: [
              { name: "was", reports: "oldInputs.environment.TO" },
              { name: "out", reports: "oldOutputs.stdout" },
            ],
            afterUpdate: [{ name: "is", reports: "newOutputs.stdout" }],
          },
        }),
      ]),
      expect: { log: ['hook was a "1"', 'hook out a "a 1"', "ran a", 'hook is a "a 2"'] },
    },
  ]);

  onBothEngines("a component's hooks hold back its parts, and end with its outputs", [
    {
      turn: up([
        { name: "hop", group: true, args: { to: "1" }, hooks: { beforeCreate: [{ name: "guard", fails: "no" }] } },
        command("a", { parent: "hop" }),
      ]),
      expect: { ok: false, log: ["hook guard hop"], failed: [groupUrn("hop")] },
    },
    {
      turn: up([
        {
          name: "hop",
          group: true,
          args: { to: "1" },
          outputs: { ok: true },
          hooks: { afterCreate: [{ name: "done", reports: "newOutputs.ok" }] },
        },
      ]),
      expect: { ok: true, log: ["hook done hop true"] },
    },
  ]);

  onBothEngines("deletes with the hooks a resource was made with", [
    {
      turn: up([
        command("a", {
          args: { delete: 'echo deleted a >> "$LOG"' },
          hooks: { beforeDelete: [{ name: "farewell" }], afterDelete: [{ name: "gone" }] },
        }),
      ]),
      expect: { ok: true },
    },
    {
      turn: up([command("b", { hooks: { beforeDelete: [{ name: "farewell" }], afterDelete: [{ name: "gone" }] } })]),
      expect: { ok: true, log: ["ran b", "hook farewell a", "deleted a", "hook gone a"] },
    },
  ]);

  const unproved = { afterDelete: [{ name: "gone", fails: "not proved" }] };
  onBothEngines(
    "one that fails after a delete ends the run before what its resource depended on is deleted",
    [
      {
        turn: up([
          command("a"),
          command("b", { dependsOn: ["a"], hooks: unproved }),
          command("c", { hooks: unproved }),
        ]),
        expect: { ok: true },
      },
      {
        turn: up([command("c", { hooks: unproved })]),
        expect: {
          ok: false,
          failed: [],
          errors: ['after hook "gone" failed: not proved'],
          log: ["hook gone b"],
          steps: steps("same succeeded", { b: "delete succeeded", c: "same succeeded" }),
        },
      },
      {
        turn: up([command("c", { hooks: unproved })]),
        expect: { ok: true, steps: steps("same succeeded", { a: "delete succeeded", c: "same succeeded" }) },
      },
    ],
    { concurrent: true },
  );

  onBothEngines("one that fails after a create gives the program nothing of the resource", [
    {
      turn: up([command("a", { hooks: { afterCreate: [{ name: "proof", fails: "not proved" }] } })], {
        said: { $output: "a.stdout" },
      }),
      expect: { ok: false, outputs: {} },
    },
    { turn: up([command("a")], { said: { $output: "a.stdout" } }), expect: { ok: true, outputs: { said: "a 1" } } },
  ]);

  const flaky = { create: 'echo try >> "$LOG"; [ $(grep -c try "$LOG") -ge 3 ]', environment: { TO: "1" } };
  onBothEngines("an error hook has a failed operation tried again", [
    {
      turn: up([command("a", { args: flaky, hooks: { onError: [{ name: "patience", retries: 1 }] } })]),
      expect: {
        ok: false,
        failed: [urnOf("a")],
        log: ["try", "hook patience create 1", "try", "hook patience create 2"],
      },
    },
    {
      turn: up([command("a", { args: flaky, hooks: { onError: [{ name: "patience", retries: 9 }] } })]),
      expect: {
        ok: true,
        log: ["try", "hook patience create 1", "try", "hook patience create 2", "try"],
        steps: steps("same succeeded", { a: "create succeeded" }),
      },
    },
  ]);
});
