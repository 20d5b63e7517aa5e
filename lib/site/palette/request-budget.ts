import type { Clock } from "../../base/time/clock.js";

/** Limits the rate of requests. */
export interface RequestBudget {
  /** Resolves when the next request, to this path, may be sent. */
  take(path: string): Promise<void>;
}

export interface RateLimit {
  burst: number;
  perSecond: number;
}

/** Creates a token bucket over `clock`. */
export function createRequestBudget(
  clock: Clock,
  limits: RateLimit = { burst: 20, perSecond: 8 },
): Pick<RequestBudget, "take"> & { take(path?: string): Promise<void> } {
  let tokens = limits.burst;
  let refilledAt: number | null = null;
  let queue: Promise<void> = Promise.resolve();

  async function refill(): Promise<void> {
    const now = (await clock.now()).getTime();
    if (refilledAt !== null) {
      tokens = Math.min(limits.burst, tokens + ((now - refilledAt) / 1000) * limits.perSecond);
    }
    refilledAt = now;
  }

  async function takeOne(): Promise<void> {
    if (refilledAt === null || tokens < 1) await refill();
    if (tokens < 1) {
      await clock.sleep((1 - tokens) / limits.perSecond);
      await refill();
    }
    tokens -= 1;
  }

  return {
    take() {
      const turn = queue.then(takeOne);
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
}
