import { command, steps, up, urnOf } from "./support/cases.js";
import { describeOnBothEngines } from "./support/both.js";

const withDelete = (name: string): { args: Record<string, unknown> } => ({
  args: { delete: `echo deleted ${name} >> "$LOG"` },
});

describeOnBothEngines("Deletes", "declared", (onBothEngines) => {
  onBothEngines("what the program no longer declares goes, dependents first", [
    {
      turn: up([
        command("a", withDelete("a")),
        command("b", { dependsOn: ["a"], ...withDelete("b") }),
        command("c", { dependsOn: ["b"], ...withDelete("c") }),
        command("d", { dependsOn: ["c"] }),
      ]),
      expect: { ok: true },
    },
    {
      turn: up([command("d")]),
      expect: {
        ok: true,
        log: ["deleted c", "deleted b", "deleted a"],
        steps: steps("same succeeded", {
          a: "delete succeeded",
          b: "delete succeeded",
          c: "delete succeeded",
          d: "same succeeded",
        }),
      },
    },
  ]);

  onBothEngines("a protected resource stays, and with it what it stands on", [
    {
      turn: up([
        command("a", withDelete("a")),
        command("b", { dependsOn: ["a"], ...withDelete("b"), options: { protect: true } }),
      ]),
      expect: { ok: true },
    },
    { turn: up([command("d")]), expect: { ok: false, failed: [urnOf("b")] } },
  ]);

  onBothEngines("a protected resource is not replaced", [
    { turn: up([command("a", { args: { triggers: [1] }, options: { protect: true } })]), expect: { ok: true } },
    {
      turn: up([command("a", { args: { triggers: [2] }, options: { protect: true } })]),
      expect: { ok: false, log: [] },
    },
  ]);

  onBothEngines(
    "one to be retained leaves the state and nothing else",
    [
      {
        turn: up([
          command("a", { ...withDelete("a"), options: { retainOnDelete: true } }),
          command("b", withDelete("b")),
        ]),
        expect: { ok: true },
      },
      {
        turn: up([]),
        expect: {
          ok: true,
          log: ["deleted b"],
          steps: steps("same succeeded", { a: "delete succeeded", b: "delete succeeded" }),
        },
      },
    ],
    { concurrent: true },
  );

  onBothEngines(
    "a delete that fails keeps the resource and fails the update",
    [
      { turn: up([command("a", { args: { delete: "exit 2" } }), command("b")]), expect: { ok: true } },
      { turn: up([command("b")]), expect: { ok: false, failed: [urnOf("a")] } },
    ],
    { concurrent: true },
  );

  onBothEngines(
    "what depends on nothing is deleted last, beside what others depend on",
    [
      {
        turn: up([
          command("a", withDelete("a")),
          command("b", { dependsOn: ["a"], args: { delete: "exit 2" } }),
          command("c", withDelete("c")),
        ]),
        expect: { ok: true },
      },
      { turn: up([]), expect: { ok: false, failed: [urnOf("b")], log: [] } },
    ],
    { concurrent: true },
  );

  onBothEngines("options change without a step of their own", [
    { turn: up([command("a", { options: { protect: true } })]), expect: { ok: true } },
    {
      turn: up([command("a", { options: { protect: false } })]),
      expect: { ok: true, steps: steps("same succeeded", { a: "same succeeded" }) },
    },
    { turn: up([]), expect: { ok: true } },
  ]);
});
