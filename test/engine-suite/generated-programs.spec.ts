import assert from "node:assert/strict";
import fc from "fast-check";
import { normalise } from "./generated/compare.js";
import { listTurns } from "./generated/declare.js";
import { findUnfaithful } from "./generated/faithful.js";
import { startRig, type Rig } from "./inline/rig.js";
import { episodes, type Episode } from "./generated/slots.js";
import { command, up, urnOf } from "./support/cases.js";
import { itOnRealEngine, listEngines, skipWithoutEngine } from "./support/engines.js";

const runs = Number(process.env.COMPARE_RUNS ?? 300);
const seed = Number(process.env.COMPARE_SEED ?? 20261129);
const path = process.env.COMPARE_PATH;

describe(`Generated programs (COMPARE_SEED=${seed} COMPARE_RUNS=${runs})`, function () {
  this.timeout(Math.max(900_000, runs * 10_000));
  let rig: Rig;
  before(() => (rig = startRig("declared")));
  after(() => rig.stop());

  /** fast-check reports the smallest episode it found, with the seed and path that lead to it. */
  const check = (numRuns: number, hold: (episode: Episode) => Promise<void>): Promise<void> =>
    fc.assert(fc.asyncProperty(episodes, hold), { seed, numRuns, ...(path === undefined ? {} : { path }) });

  if (listEngines().includes("embedded")) {
    it("deleteBeforeReplace is refused by the embedded engine, which they leave out", async () => {
      const turn = up([command("a", { options: { deleteBeforeReplace: true } })]);
      const [observed] = await rig.run("embedded", [turn]);
      const message = `resource '${urnOf("a")}' has deleteBeforeReplace, which the embedded engine does not do: take it out, or use the real engine`;
      assert.deepEqual([observed!.ok, observed!.errors, observed!.log], [false, [message], []]);
    });

    it("the embedded engine holds what they declare, and a second run changes nothing", () =>
      check(Math.ceil(runs / 5), async (episode) => {
        const turns = listTurns(episode);
        const observed = await rig.run("embedded", [...turns, turns.at(-1)!]);
        assert.deepEqual(findUnfaithful(turns, observed), []);
      }));
  }

  itOnRealEngine("do the same on both engines", async function () {
    skipWithoutEngine(this, "pulumi", []);
    await check(runs, async (episode) => {
      const turns = listTurns(episode);
      const embedded = await rig.run("embedded", turns);
      const real = await rig.run("pulumi", turns);
      for (const [index, { what, config }] of turns.entries())
        assert.deepEqual(
          normalise(embedded[index]!),
          normalise(real[index]!),
          `run ${index + 1}, ${what}: the embedded engine (+) and the real one (-) differ at ${config.resources}`,
        );
    });
  });
});
