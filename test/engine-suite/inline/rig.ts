import { fork } from "node:child_process";
import { join } from "node:path";
import type { EngineName } from "../support/program-rig.js";
import type { Observed, Turn } from "../support/trial.js";

export interface Question {
  engine: EngineName;
  turns: Turn[];
}

export type Answer = { observed: Observed[] } | { error: string };

/** A process that runs the programs of episodes in itself, on either engine, each episode on a new stack. */
export interface Rig {
  run(engine: EngineName, turns: Turn[]): Promise<Observed[]>;
  stop(): void;
}

/** The longest time that the runs of one episode may take together. */
const deadlineMs = 120_000;

/** `program` is a folder of `programs`. */
export function startRig(program: string): Rig {
  const child = fork(join(__dirname, "rig-process.ts"), [program], { execArgv: ["--import", "tsx"] });
  const run = (question: Question): Promise<Observed[]> =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        settle();
      };
      const timer = setTimeout(
        () => end(() => reject(new Error(`${question.engine}: no answer in ${deadlineMs / 1000} s`))),
        deadlineMs,
      );
      child.once("exit", (code) => end(() => reject(new Error(`the process of the episodes ended with ${code}`))));
      child.once("message", (answer: Answer) =>
        end(() => ("error" in answer ? reject(new Error(answer.error)) : resolve(answer.observed))),
      );
      child.send(question);
    });
  return { run: (engine, turns) => run({ engine, turns }), stop: () => child.disconnect() };
}
