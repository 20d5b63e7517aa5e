/** The clock that gates use. */
export interface Clock {
  now(): Promise<Date>;
  /** Resolves after `seconds`, rejects when `signal` is aborted. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Promise.resolve(new Date()),
  sleep: (seconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(getAbortReason(signal));
      const handleAbort = (): void => {
        clearTimeout(timer);
        reject(getAbortReason(signal!));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", handleAbort);
        resolve();
      }, seconds * 1000);
      signal?.addEventListener("abort", handleAbort, { once: true });
    }),
};

function getAbortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("aborted");
}
