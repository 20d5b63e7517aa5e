import { command, steps, up, urnOf, type Declared } from "./support/cases.js";
import { describeOnBothEngines } from "./support/both.js";

const outputs = { settled: { $output: "c.stdout" } };
const route = (to: string, fails: boolean): Declared[] => [
  command("a", { to }),
  command("b", { to, dependsOn: ["a"], text: 'if [ -e "$LOG.broken" ]; then echo no; exit 3; fi' }),
  command("c", { to, dependsOn: ["b"] }),
  command("breaks", { args: { create: fails ? 'touch "$LOG.broken"' : 'rm -f "$LOG.broken"' } }),
];
/** The breaker first, so that it has run before anything else. */
const broken = (to: string): Declared[] => orderedBreak(route(to, true));
const fixed = (to: string): Declared[] => orderedBreak(route(to, false));

function orderedBreak(resources: Declared[]): Declared[] {
  const breaker = resources.at(-1)!;
  return [
    breaker,
    ...resources.slice(0, -1).map((one) => (one.name === "a" ? { ...one, dependsOn: ["breaks"] } : one)),
  ];
}

describeOnBothEngines("Failures", "declared", (onBothEngines) => {
  onBothEngines("stops at a failed gate, keeps the old outputs, goes on after it passes", [
    { turn: up(fixed("1"), outputs), expect: { ok: true, outputs: { settled: "c 1" } } },
    {
      turn: up(broken("2"), outputs),
      expect: {
        ok: false,
        log: ["ran a", "ran b"],
        failed: [urnOf("b")],
        outputs: { settled: "c 1" },
        steps: steps("same succeeded", {
          breaks: "update succeeded create",
          a: "update succeeded environment.TO",
          b: "update failed environment.TO",
        }),
      },
    },
    {
      turn: up(fixed("2"), outputs),
      expect: {
        ok: true,
        log: ["ran b", "ran c"],
        outputs: { settled: "c 2" },
        steps: steps("same succeeded", {
          breaks: "update succeeded create",
          a: "same succeeded",
          b: "update succeeded environment.TO",
          c: "update succeeded environment.TO",
        }),
      },
    },
  ]);

  onBothEngines("does not hold what it failed to create, and says how it failed", [
    {
      turn: up([command("a", { args: { create: 'echo out; sleep 0.2; echo "err" >&2; exit 4' } })]),
      expect: {
        ok: false,
        failed: [urnOf("a")],
        errors: ['exit status 4: running "echo out; sleep 0.2; echo \\"err\\" >&2; exit 4":\nout\nerr'],
      },
    },
    { turn: up([command("a")]), expect: { ok: true, steps: steps("same succeeded", { a: "create succeeded" }) } },
  ]);

  onBothEngines(
    "lets what runs come to its end when something beside it fails",
    [
      {
        turn: up([
          command("slow", { text: 'sleep 1; echo end >> "$LOG"' }),
          command("bad", { text: "sleep 0.3; exit 1" }),
          command("after", { dependsOn: ["slow"] }),
        ]),
        expect: {
          ok: false,
          failed: [urnOf("bad")],
          steps: steps("create succeeded", { slow: "create succeeded", bad: "create failed" }),
        },
      },
      {
        turn: up([
          command("slow", { text: 'sleep 1; echo end >> "$LOG"' }),
          command("bad"),
          command("after", { dependsOn: ["slow"] }),
        ]),
        expect: { ok: true },
      },
    ],
    { concurrent: true },
  );

  onBothEngines("lays outputs that were reached over the old ones", [
    { turn: up([command("a")], { a: { $output: "a.stdout" }, turn: 1 }), expect: { outputs: { a: "a 1", turn: 1 } } },
    {
      turn: up([command("a", { to: "2", text: "sleep 0.5; exit 1" })], { turn: 2, more: true }),
      expect: { ok: false, outputs: { a: "a 1", turn: 2, more: true } },
    },
  ]);

  onBothEngines(
    "deletes nothing when the program ends with an error",
    [
      { turn: up([command("a"), command("b")]), expect: { ok: true } },
      {
        turn: up([command("a"), { name: "refusal", throws: "Refused: no route leads there." }]),
        expect: { ok: false, failed: [], errors: ["Refused: no route leads there."] },
      },
    ],
    { concurrent: true },
  );

  onBothEngines("takes an error that the program only logs as a word", [
    {
      turn: up([{ name: "word", says: "not so good", severity: "error" }, command("a")]),
      expect: { ok: true, errors: ["not so good"], log: ["ran a"] },
    },
  ]);

  onBothEngines("refuses two resources of one name", [
    { turn: up([command("a"), command("a", { dependsOn: ["a"] })]), expect: { ok: false } },
  ]);
});
