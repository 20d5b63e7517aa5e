import assert from "node:assert/strict";
import { startRig, type Rig } from "../inline/rig.js";
import { itOnRealEngine, skipWithoutLanguageEngine } from "./engines.js";
import { brokenOrder, type Observed, type Turn } from "./trial.js";

/** One run and what must hold after it, on whichever engine. */
export interface Episode {
  turn: Turn;
  expect: Partial<Omit<Observed, "order">>;
}

/**
 * The same program through the same runs: on the embedded engine always, on the real one where it is asked for. There the
 * two must tell the same in every point, not only in those that are expected here.
 */
export type OnBothEngines = (title: string, episodes: readonly Episode[], options?: { concurrent?: boolean }) => void;

/** `describe` for cases of one program of `programs`, all run by one process. */
export function describeOnBothEngines(
  title: string,
  program: string,
  body: (onBothEngines: OnBothEngines) => void,
): void {
  describe(title, () => {
    let rig: Rig;
    before(() => (rig = startRig(program)));
    after(() => rig.stop());
    body((title, episodes, options = {}) => declareCase(() => rig, title, episodes, options.concurrent ?? false));
  });
}

function declareCase(rig: () => Rig, title: string, episodes: readonly Episode[], concurrent: boolean): void {
  const turns = episodes.map(({ turn }) => turn);
  const comparable = (one: Observed): unknown => ({
    ...one,
    order: [],
    errors: one.errors.map(keepSameWords),
    log: concurrent ? [...one.log].sort() : one.log,
  });
  let embedded: Observed[] = [];
  it(`${title}: embedded engine`, async () => {
    embedded = await rig().run("embedded", turns);
    for (const [index, { expect }] of episodes.entries()) {
      const observed = embedded[index]!;
      const picked = Object.fromEntries(Object.keys(expect).map((key) => [key, observed[key as keyof Observed]]));
      assert.deepEqual(picked, expect, `run ${index + 1}: ${observed.errors.join("\n")}`);
      assert.deepEqual(brokenOrder(observed), [], `run ${index + 1}`);
    }
  });
  itOnRealEngine(`${title}: real engine does the same`, async function () {
    skipWithoutLanguageEngine(this);
    for (const [index, observed] of (await rig().run("pulumi", turns)).entries()) {
      assert.deepEqual(comparable(observed), comparable(embedded[index]!), `run ${index + 1}`);
      assert.deepEqual(brokenOrder(observed), [], `run ${index + 1}`);
    }
  });
}

/** What is said about protection differs behind that word. */
export function keepSameWords(message: string): string {
  return message.replaceAll(/\s+/g, " ").replace(/(is protected|for protection).*/, "$1");
}
