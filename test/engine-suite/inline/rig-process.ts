/** Runs episodes of the program that is its argument for a spec, in a process of its own: programs run in it, and their unhandled errors are theirs. */
import { existsSync, rmSync } from "node:fs";
import { embeddedTrial } from "../support/embedded-trial.js";
import type { Observed, Turn } from "../support/trial.js";
import { startQuickRealTrial } from "./quick-real-trial.js";
import type { Answer, Question } from "./rig.js";
import { startInline } from "./start-inline.js";

const program = process.argv[2] ?? "declared";
const embedded = embeddedTrial(program, startInline);
let real: ReturnType<typeof startQuickRealTrial> | null = null;

async function answer({ engine, turns }: Question): Promise<Observed[]> {
  if (engine === "embedded") {
    if (existsSync(embedded.stateFile)) rmSync(embedded.stateFile);
    return runTurns((turn) => embedded.run(turn), turns);
  }
  const trial = await (real ??= startQuickRealTrial(program));
  trial.reset();
  return runTurns((turn) => trial.run(turn), turns);
}

async function runTurns(run: (turn: Turn) => Promise<Observed>, turns: readonly Turn[]): Promise<Observed[]> {
  const observed: Observed[] = [];
  for (const turn of turns) observed.push(await run(turn));
  return observed;
}

process.on("message", (question: Question) => {
  const send = (result: Answer): void => void process.send?.(result);
  answer(question).then(
    (observed) => send({ observed }),
    (error: unknown) => send({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.once("disconnect", () => {
  embedded.dispose();
  void Promise.resolve(real)
    .then((trial) => trial?.dispose())
    .finally(() => process.exit());
});
