import { describeOnBothEngines } from "./support/both.js";
import type { Turn } from "./support/trial.js";

const up = (config: Record<string, string> = {}): Turn => ({ what: "up", config });
const hop = { to: "4.7.20", gates: ["a", "b"] };

describeOnBothEngines("A stack's own outputs", "own-outputs", (onBothEngines) => {
  onBothEngines("are empty at first, then the last successful ones, in previews too", [
    { turn: { what: "preview", config: {} }, expect: { ok: true, log: ["read undefined undefined"] } },
    { turn: up(), expect: { ok: true, log: ["read undefined undefined"], outputs: { round: "1", hop } } },
    {
      turn: up(),
      expect: { ok: true, log: ['read 1 ["a","b"]'], outputs: { round: "2", hop } },
    },
    { turn: up({ fails: "1" }), expect: { ok: false, outputs: { round: "2", hop } } },
    {
      turn: up({ fails: "0" }),
      expect: { ok: true, log: ['read 2 ["a","b"]'], outputs: { round: "3", hop } },
    },
  ]);

  onBothEngines("of a stack that is not there are an error of the program", [
    {
      turn: up({ name: "organization/own-outputs/elsewhere" }),
      expect: { ok: false, log: [], errors: ["no organization/own-outputs/elsewhere"] },
    },
  ]);
});
