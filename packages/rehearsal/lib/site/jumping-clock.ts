import type { SiteTime } from "./model.js";

/** Idle real time after which the site's time jumps. */
const idleMs = 15;

interface Sleeper {
  wakesAt: SiteTime;
  wake: () => void;
}

/**
 * The site's time: it runs in real time from `start` on, and jumps to the earliest wake-up, never past it, once all
 * clients have only slept for 15 ms. So waiting takes no real time, and work takes its real time.
 */
export class JumpingClock {
  readonly #startedAt = performance.now();
  readonly #sleepers = new Set<Sleeper>();
  #offset: number;
  #busy = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `onJump` is called with the new time after each jump. */
  constructor(
    start: SiteTime,
    private readonly onJump: (now: SiteTime) => void = () => undefined,
  ) {
    this.#offset = start;
  }

  now(): SiteTime {
    return this.#offset + (performance.now() - this.#startedAt);
  }

  /** Prevents jumps until the returned function is called. */
  blockJumps(): () => void {
    this.#busy += 1;
    this.#schedule();
    let isBlocking = true;
    return () => {
      if (!isBlocking) return;
      isBlocking = false;
      this.#busy -= 1;
      this.#schedule();
    };
  }

  /** Calls `wake` when `seconds` of the site's time have passed. The returned function cancels the sleep. */
  sleep(seconds: number, wake: () => void): () => void {
    const sleeper = { wakesAt: this.now() + seconds * 1000, wake };
    this.#sleepers.add(sleeper);
    this.#schedule();
    return () => {
      if (this.#sleepers.delete(sleeper)) this.#schedule();
    };
  }

  /** Cancels all sleeps. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#sleepers.clear();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const earliest = this.#findEarliestWake();
    if (earliest === null) return;
    const real = Math.max(0, earliest - this.now());
    this.#timer =
      this.#busy > 0 ? setTimeout(() => this.#wakeDue(), real) : setTimeout(() => this.#jump(), Math.min(idleMs, real));
  }

  #jump(): void {
    const earliest = this.#findEarliestWake();
    if (earliest === null) return;
    const ahead = earliest - this.now();
    if (ahead > 0) {
      this.#offset += ahead;
      this.onJump(earliest);
    }
    this.#wakeDue();
  }

  #wakeDue(): void {
    const now = this.now();
    for (const sleeper of [...this.#sleepers]) {
      if (sleeper.wakesAt > now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
    this.#schedule();
  }

  #findEarliestWake(): SiteTime | null {
    let earliest: SiteTime | null = null;
    for (const { wakesAt } of this.#sleepers) earliest = earliest === null ? wakesAt : Math.min(earliest, wakesAt);
    return earliest;
  }
}
