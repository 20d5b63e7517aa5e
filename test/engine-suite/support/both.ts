import assert from "node:assert/strict";
import { embeddedTrial } from "./embedded-trial.js";
import { itOnRealEngine, skipWithoutLanguageEngine } from "./engines.js";
import { realTrial } from "./real-trial.js";
import { brokenOrder, type Observed, type Trial, type Turn } from "./trial.js";

/** One run and what must hold after it, on whichever engine. */
export interface Episode {
  turn: Turn;
  expect: Partial<Omit<Observed, "order">>;
}

/**
 * The same program through the same runs: on the embedded engine always, on the real one where it is on PATH. There the two
 * must tell the same in every point, not only in those that are expected here.
 */
export function onBothEngines(
  title: string,
  program: string,
  episodes: readonly Episode[],
  options: { concurrent?: boolean } = {},
): void {
  const observed: Observed[] = [];
  const comparable = (one: Observed): unknown => ({
    ...one,
    order: [],
    errors: one.errors.map(keepSameWords),
    log: options.concurrent === true ? [...one.log].sort() : one.log,
  });
  it(`${title}: embedded engine`, async function () {
    await through(embeddedTrial(program), episodes, (one) => observed.push(one));
  });
  itOnRealEngine(`${title}: real engine does the same`, async function () {
    skipWithoutLanguageEngine(this);
    let episode = 0;
    await through(realTrial(program), episodes, (one) => {
      assert.deepEqual(comparable(observed[episode]!), comparable(one), `run ${episode + 1}`);
      episode += 1;
    });
  });
}

/** What is said about protection differs behind that word. */
export function keepSameWords(message: string): string {
  return message.replaceAll(/\s+/g, " ").replace(/(is protected|for protection).*/, "$1");
}

async function through(trial: Trial, episodes: readonly Episode[], seen: (observed: Observed) => void): Promise<void> {
  try {
    for (const [index, { turn, expect }] of episodes.entries()) {
      const observed = await trial.run(turn);
      const picked = Object.fromEntries(Object.keys(expect).map((key) => [key, observed[key as keyof Observed]]));
      assert.deepEqual(picked, expect, `run ${index + 1}: ${observed.errors.join("\n")}`);
      assert.deepEqual(brokenOrder(observed), [], `run ${index + 1}`);
      seen(observed);
    }
  } finally {
    trial.dispose();
  }
}
