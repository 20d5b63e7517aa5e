import { type Clock } from "../../base/time/clock.js";
import { type LimitTime } from "../../base/time/limit-time.js";

/** Delay before the limit starts: quick answers need no clock, which is read over HTTP. */
const armAfterMs = 25;
/** The clock may jump to the limit while the answer is in transit: real time the answer has to arrive, */
const graceMs = 100;
/** and is too late only when the clock then shows that it arrived more than this long after the limit. */
const lateSeconds = 5;

/** Creates a limit by a clock whose time jumps ahead while its clients sleep. */
export function createClockLimit(clock: Clock): LimitTime {
  return async (seconds, error, run) => {
    const ended = new AbortController();
    const controller = new AbortController();
    let latestAt = Infinity;
    const enforceLimit = async (): Promise<void> => {
      const armedAt = (await clock.now()).getTime();
      await clock.sleep(seconds, ended.signal);
      latestAt = armedAt + (seconds + lateSeconds) * 1000;
      await new Promise((resolve) => setTimeout(resolve, graceMs));
      controller.abort(error);
    };
    const timer = setTimeout(() => {
      // If the clock itself fails, so does the request.
      enforceLimit().catch((thrown: unknown) => controller.abort(thrown));
    }, armAfterMs);
    try {
      const answer = await run(controller.signal);
      if (latestAt !== Infinity && (await clock.now()).getTime() > latestAt) throw error;
      return answer;
    } finally {
      clearTimeout(timer);
      ended.abort();
    }
  };
}
