import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLockFile } from "../../base/process/lock-file.js";
import { type Clock } from "../../base/time/clock.js";
import { type RateLimit, type RequestBudget } from "./request-budget.js";

/** Real time after which the lock of a killed process is taken away; it is held for one small file. */
const staleMs = 2000;
const pollMs = 10;
/** A time further ahead is none that requests have run up: the clock was set back. */
const furthestMs = 120_000;

/**
 * Creates a budget that all processes of a run share by a file in `folder`: the time by which all requests so far are
 * paid for, at the limit's rate (the generic cell rate algorithm).
 */
export function createSharedBudget(folder: string, name: string, clock: Clock, limit: RateLimit): RequestBudget {
  const file = join(folder, `${name}.budget`);
  return {
    async take() {
      const wait = await waitInRow(file, () =>
        withLock(`${file}.lock`, folder, async () => {
          const now = (await clock.now()).getTime();
          const kept = readTime(file);
          const paidUntil = (kept > now && kept < now + furthestMs ? kept : now) + 1000 / limit.perSecond;
          writeFileSync(file, String(paidUntil), { mode: 0o600 });
          return (paidUntil - now) / 1000 - limit.burst / limit.perSecond;
        }),
      );
      if (wait > 0) await clock.sleep(wait);
    },
  };
}

function readTime(file: string): number {
  try {
    return Number(readFileSync(file, "utf8")) || 0;
  } catch {
    return 0;
  }
}

/** Within one process requests wait in a row, and only the first of them for the lock. */
const rows = new Map<string, Promise<unknown>>();

function waitInRow<T>(file: string, work: () => Promise<T>): Promise<T> {
  const turn = (rows.get(file) ?? Promise.resolve()).then(work);
  rows.set(
    file,
    turn.catch(() => undefined),
  );
  return turn;
}

async function withLock<T>(lock: string, folder: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  while (!takeLock(lock)) await new Promise((resolve) => setTimeout(resolve, pollMs));
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock: string): boolean {
  if (createLockFile(lock)) return true;
  const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (since !== undefined && Date.now() - since > staleMs) rmSync(lock, { force: true });
  return false;
}
