import type { Clock } from "../../base/time/clock.js";
import { createSharedBudget } from "./shared-budget.js";

/** Limits the rate of requests. */
export interface RequestBudget {
  /** Resolves when the next request, to this path, may be sent. */
  take(path: string): Promise<void>;
}

export interface RateLimit {
  burst: number;
  perSecond: number;
}

/**
 * The Palette API documents its limits by source address and first part of the path: 10 requests a second with a burst
 * of 50, for clusters and their events 50 with a burst of 250. What is taken here stays below.
 */
const limitsOfPaths: readonly (readonly [name: string, pattern: RegExp, limit: RateLimit])[] = [
  ["clusters", /^\/v1\/(spectroclusters|events\/components)\b/, { burst: 200, perSecond: 45 }],
  ["other", /^/, { burst: 20, perSecond: 8 }],
];

/**
 * Creates the budget of an installation, which all its tenants share; with a folder also all processes of a run.
 */
export function createPaletteBudget(clock: Clock, folder: string | null = null): RequestBudget {
  const buckets = limitsOfPaths.map(([name, pattern, limit]) => ({
    pattern,
    budget: folder === null ? createRequestBudget(clock, limit) : createSharedBudget(folder, name, clock, limit),
  }));
  return { take: (path) => buckets.find(({ pattern }) => pattern.test(path))!.budget.take(path) };
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
