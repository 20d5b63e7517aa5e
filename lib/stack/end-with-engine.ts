const lookEveryMilliseconds = 1000;

/** The part of a process that is asked. */
export interface Program {
  readonly ppid: number;
  prependListener(event: "unhandledRejection" | "uncaughtException", listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * Ends the program when the engine that started it is gone. Left alone it would never end: the SDK tells the engine of
 * every failure, telling fails as well, and that failure it tells again (seen on Node 20 with SDK 3.248.0: 100 % of a core
 * and 2 GB after some minutes). The timer alone does not do: that loop lets none run.
 */
export function endWithEngine(program: Program): void {
  const engine = program.ppid;
  const look = (): void => {
    if (program.ppid !== engine) program.exit(1);
  };
  program.prependListener("unhandledRejection", look);
  program.prependListener("uncaughtException", look);
  setInterval(look, lookEveryMilliseconds).unref();
}
