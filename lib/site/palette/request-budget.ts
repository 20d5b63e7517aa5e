import type { Clock } from "../../base/time/clock.js";

/** Limits the rate of requests. */
export interface RequestBudget {
  /** Resolves when the next request may be sent. */
  take(): Promise<void>;
}

/**
 * Creates a token bucket over `clock`: a burst
 * of 20, then 8 requests a second. The Palette API documents 10 a second with a
 * burst of 50 for its gateways and counts by source address, so all tenants of an installation share one budget.
 */
export function createRequestBudget(clock: Clock, limits = { burst: 20, perSecond: 8 }): RequestBudget {
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
