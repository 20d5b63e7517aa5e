import type { Clock } from "../../base/time/clock.js";
import { createRequestBudget, type RateLimit, type RequestBudget } from "./request-budget.js";
import { createSharedBudget } from "./shared-budget.js";

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
