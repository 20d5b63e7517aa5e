const checkIntervalMilliseconds = 1000;
/** More failures than any program has by itself: only the loop described below reaches this. */
const failuresOfALoop = 100;

/** The part of `process` that is used here. */
interface Program {
  readonly ppid: number;
  prependListener(event: "unhandledRejection" | "uncaughtException", listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * Ends the program when the engine that started it is gone. Otherwise it would never end: the SDK reports every failure
 * to the engine, the report fails as well, and that failure is reported again (seen on Node 20 with SDK 3.248.0: 100 %
 * of a core and 2 GB after some minutes). A timer alone is not enough, because that loop starves timers. Nor is the
 * parent's id: if the engine was killed while the program was loading, it is no longer the parent when the id is first
 * read.
 */
export function endWithEngine(program: Program): void {
  const engine = program.ppid;
  let failures = 0;
  const checkParent = (): void => {
    if (program.ppid !== engine) program.exit(1);
  };
  const countFailure = (): void => {
    failures += 1;
    if (failures > failuresOfALoop) program.exit(1);
    checkParent();
  };
  program.prependListener("unhandledRejection", countFailure);
  program.prependListener("uncaughtException", countFailure);
  setInterval(checkParent, checkIntervalMilliseconds).unref();
}
