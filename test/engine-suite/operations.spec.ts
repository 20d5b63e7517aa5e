import { command, groupUrn, preview, steps, up, urnOf, type Declared } from "./support/cases.js";
import { describeOnBothEngines } from "./support/both.js";

const chain = (to: string): Declared[] => [
  command("a", { to }),
  command("b", { to, dependsOn: ["a"] }),
  command("c", { to, dependsOn: ["b"] }),
];
const outputs = { a: { $output: "a.stdout" }, c: { $output: "c.stdout" } };
const known = { config: { reportsKnown: "true" } };
const allOfA = Object.fromEntries(
  ["id", "urn", "create", "stdout", "stderr", "environment", "stdin"].map((key) => [key, { $output: `a.${key}` }]),
);

describeOnBothEngines("Operations", "declared", (onBothEngines) => {
  onBothEngines("creates in order, keeps, updates what changed", [
    {
      turn: preview(chain("1"), outputs),
      expect: {
        ok: true,
        log: [],
        state: [],
        outputs: {},
        steps: steps("create planned", { a: "create planned", b: "create planned", c: "create planned" }),
      },
    },
    {
      turn: up(chain("1"), outputs),
      expect: {
        ok: true,
        log: ["ran a", "ran b", "ran c"],
        outputs: { a: "a 1", c: "c 1" },
        steps: steps("create succeeded", { a: "create succeeded", b: "create succeeded", c: "create succeeded" }),
      },
    },
    {
      turn: up(chain("1"), outputs),
      expect: {
        ok: true,
        log: [],
        steps: steps("same succeeded", { a: "same succeeded", b: "same succeeded", c: "same succeeded" }),
      },
    },
    { turn: preview(chain("2"), outputs), expect: { ok: true, log: [], outputs: { a: "a 1", c: "c 1" } } },
    {
      turn: up([chain("1")[0]!, ...chain("2").slice(1)], outputs),
      expect: {
        ok: true,
        log: ["ran b", "ran c"],
        outputs: { a: "a 1", c: "c 2" },
        steps: steps("same succeeded", {
          a: "same succeeded",
          b: "update succeeded environment.TO",
          c: "update succeeded environment.TO",
        }),
      },
    },
  ]);

  onBothEngines("tells in a preview what it can know", [
    {
      turn: preview([command("a")], allOfA, known),
      expect: {
        log: [
          "id known",
          "urn known",
          "create known",
          "stdout unknown",
          "stderr unknown",
          "environment known",
          "stdin unknown",
        ],
      },
    },
    { turn: up([command("a")]), expect: { ok: true } },
    { turn: preview([command("a")], { stdout: { $output: "a.stdout" } }, known), expect: { log: ["stdout known"] } },
    {
      turn: preview([command("a", { to: "2" })], { stdout: { $output: "a.stdout" }, id: { $output: "a.id" } }, known),
      expect: { log: ["stdout unknown", "id known"] },
    },
  ]);

  onBothEngines("hands what changed on to what is made of it", [
    { turn: up([command("a"), command("b", { args: { stdin: { $output: "a.stdout" } } })]), expect: { ok: true } },
    {
      turn: preview([command("a", { to: "2" }), command("b", { args: { stdin: { $output: "a.stdout" } } })]),
      expect: { steps: steps("same planned", { a: "update planned environment.TO", b: "update planned stdin" }) },
    },
  ]);

  onBothEngines("keeps components between their parts", [
    {
      turn: up([
        { name: "hop", group: true, args: { to: "1" }, outputs: { done: "1" } },
        command("a", { parent: "hop" }),
        command("b", { dependsOn: ["hop"] }),
      ]),
      expect: { ok: true, log: ["ran a", "ran b"] },
    },
    {
      turn: up([
        { name: "hop", group: true, args: { to: "2" }, outputs: { done: "2" } },
        command("a", { parent: "hop" }),
        command("b", { dependsOn: ["hop"] }),
      ]),
      expect: {
        ok: true,
        log: [],
        steps: steps("same succeeded", {
          [groupUrn("hop")]: "update succeeded to",
          [urnOf("a", "test:index:Group$")]: "same succeeded",
          b: "same succeeded",
        }),
      },
    },
  ]);

  onBothEngines(
    "runs what does not depend on each other side by side",
    [
      {
        turn: up(
          [
            command("a", { text: "sleep 0.3" }),
            command("b", { text: "sleep 0.3" }),
            command("c", { dependsOn: ["a", "b"] }),
          ],
          outputs,
        ),
        expect: { ok: true },
      },
    ],
    { concurrent: true },
  );

  onBothEngines("replaces when a trigger changes, and deletes the old one last", [
    {
      turn: up([
        command("a", { args: { triggers: ["1"], delete: 'echo deleted a >> "$LOG"' } }),
        command("b", { dependsOn: ["a"] }),
      ]),
      expect: { ok: true },
    },
    {
      turn: up([
        command("a", { args: { triggers: ["2"], delete: 'echo deleted a >> "$LOG"' } }),
        command("b", { dependsOn: ["a"] }),
      ]),
      expect: {
        ok: true,
        log: ["ran a", "deleted a"],
        steps: steps("same succeeded", {
          a: ["replace succeeded triggers[0]", "delete succeeded"],
          b: "same succeeded",
        }),
      },
    },
  ]);

  onBothEngines("leaves ignored changes alone", [
    { turn: up([command("a")]), expect: { ok: true } },
    {
      turn: up([command("a", { to: "2", options: { ignoreChanges: ["environment.TO"] } })]),
      expect: { ok: true, log: [], steps: steps("same succeeded", { a: "same succeeded" }) },
    },
    {
      turn: up([command("a", { to: "3", args: { stdin: "x" }, options: { ignoreChanges: ["environment"] } })]),
      expect: {
        ok: true,
        log: ["ran a"],
        outputs: {},
        steps: steps("same succeeded", { a: "update succeeded stdin" }),
      },
    },
  ]);

  const ignoring = (trigger: number, to: string): Declared =>
    command("a", { to, args: { triggers: [trigger] }, options: { ignoreChanges: ["environment.TO"] } });
  onBothEngines("what is replaced is made by what the program declares, ignored changes too", [
    { turn: up([ignoring(1, "1")]), expect: { ok: true } },
    { turn: up([ignoring(1, "2")], { said: { $output: "a.stdout" } }), expect: { log: [], outputs: { said: "a 1" } } },
    {
      turn: up([ignoring(2, "2")], { said: { $output: "a.stdout" } }),
      expect: {
        outputs: { said: "a 2" },
        steps: steps("same succeeded", { a: ["replace succeeded triggers[0]", "delete succeeded"] }),
      },
    },
  ]);

  onBothEngines(
    "finds under an alias what had another parent or name",
    [
      { turn: up([command("a"), command("b"), command("z", { dependsOn: ["a"] })]), expect: { ok: true } },
      {
        turn: up([
          { name: "hop", group: true },
          command("a", { parent: "hop", aliases: [{ root: true }] }),
          { ...command("b"), name: "c", aliases: [{ name: "b" }] },
          command("z", { dependsOn: ["a"] }),
        ]),
        expect: {
          ok: true,
          log: [],
          steps: steps("same succeeded", {
            [groupUrn("hop")]: "create succeeded",
            [urnOf("a", "test:index:Group$")]: "same succeeded",
            c: "same succeeded",
            z: "same succeeded",
          }),
        },
      },
    ],
    { concurrent: true },
  );

  const farewell = (fails?: string): Partial<Declared> => ({
    dependsOn: ["a"],
    hooks: { beforeDelete: [{ name: "farewell", fails }] },
  });
  const renamed = { ...command("a", { args: { triggers: [2] } }), name: "b", aliases: [{ name: "a" }] };
  onBothEngines(
    "what is replaced under an alias is deleted after what depends on it, by its new name where a later run does it",
    [
      {
        turn: up([command("a", { args: { triggers: [1] } }), command("z", farewell("not yet"))]),
        expect: { ok: true },
      },
      {
        turn: up([renamed, command("y", { ...farewell("not yet"), dependsOn: ["b"] })]),
        expect: {
          ok: false,
          log: ["ran a", "ran y", "hook farewell z"],
          steps: steps("same succeeded", {
            b: "replace succeeded triggers[0]",
            y: "create succeeded",
            z: "delete failed",
          }),
        },
      },
      {
        turn: up([renamed, command("y", { ...farewell(), dependsOn: ["b"] })]),
        expect: {
          ok: true,
          log: ["hook farewell z"],
          steps: steps("same succeeded", {
            b: ["same succeeded", "delete succeeded"],
            y: "same succeeded",
            z: "delete succeeded",
          }),
        },
      },
    ],
  );

  onBothEngines("what is replaced under an alias is deleted by its old name in the same run", [
    { turn: up([command("a", { args: { triggers: [1] } })]), expect: { ok: true } },
    ...[preview, up].map((run) => ({
      turn: run([renamed]),
      expect: {
        ok: true,
        steps: steps(run === up ? "same succeeded" : "same planned", {
          a: run === up ? "delete succeeded" : "delete planned",
          b: `replace ${run === up ? "succeeded" : "planned"} triggers[0]`,
        }),
      },
    })),
  ]);

  onBothEngines("gives a Command its input, directory and former output", [
    {
      turn: up([command("a", { args: { create: "cat; pwd; echo $PULUMI_COMMAND_STDOUT", stdin: "in ", dir: "/" } })], {
        a: { $output: "a.stdout" },
      }),
      expect: { outputs: { a: "in /\n" } },
    },
    {
      turn: up([command("a", { args: { create: "cat; pwd; echo $PULUMI_COMMAND_STDOUT", stdin: "IN ", dir: "/" } })], {
        a: { $output: "a.stdout" },
      }),
      expect: { outputs: { a: "IN /\nin /" } },
    },
    {
      turn: up(
        [
          command("a", {
            args: {
              create: 'cat; pwd; echo "$PULUMI_COMMAND_STDOUT."',
              update: "echo again $PULUMI_COMMAND_STDOUT.",
              addPreviousOutputInEnv: false,
              stdin: "in ",
            },
          }),
        ],
        { a: { $output: "a.stdout" } },
      ),
      expect: { outputs: { a: "again ." } },
    },
  ]);
});
