/** Runs what must end within `seconds`: then its signal is aborted with `error`. */
export type LimitTime = <T>(seconds: number, error: Error, run: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/** Limits by the machine's own time. */
export const limitTime: LimitTime = async (seconds, error, run) => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(error), seconds * 1000);
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
  }
};
