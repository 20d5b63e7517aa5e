const lookEveryMilliseconds = 1000;
/** A program fails once or a few times; only the loop below reaches this. */
const failuresOfALoop = 100;

/** The part of a process that is asked. */
export interface Program {
  readonly ppid: number;
  prependListener(event: "unhandledRejection" | "uncaughtException", listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * Ends the program when the engine that started it is gone. Left alone it would never end: the SDK tells the engine of
 * every failure, telling fails as well, and that failure it tells again (seen on Node 20 with SDK 3.248.0: 100 % of a core
 * and 2 GB after some minutes). The timer alone does not do: that loop lets none run. Nor does the parent's id: an engine
 * that was killed while the program was still loading is not the parent any more when it is first asked.
 */
export function endWithEngine(program: Program): void {
  const engine = program.ppid;
  let failures = 0;
  const look = (): void => {
    if (program.ppid !== engine) program.exit(1);
  };
  const fail = (): void => {
    failures += 1;
    if (failures > failuresOfALoop) program.exit(1);
    look();
  };
  program.prependListener("unhandledRejection", fail);
  program.prependListener("uncaughtException", fail);
  setInterval(look, lookEveryMilliseconds).unref();
}
