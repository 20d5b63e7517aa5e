import type { SiteTime } from "./model.js";

/** Real time without work after which the site's time jumps. */
const idleMs = 15;

interface Sleeper {
  wakesAt: SiteTime;
  wake: () => void;
}

/**
 * The site's time: real time from `start` on, which jumps to the earliest wake-up, never past it, once nothing but
 * sleeping has gone on for 15 ms. So waiting costs nothing, and work takes the time it takes.
 */
export class JumpingClock {
  readonly #startedAt = performance.now();
  readonly #sleepers = new Set<Sleeper>();
  #offset: number;
  #busy = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `onJump` is told each new time. */
  constructor(
    start: SiteTime,
    private readonly onJump: (now: SiteTime) => void = () => undefined,
  ) {
    this.#offset = start;
  }

  now(): SiteTime {
    return this.#offset + (performance.now() - this.#startedAt);
  }

  /** Time does not jump until the returned function is called. */
  hold(): () => void {
    this.#busy += 1;
    this.#schedule();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#busy -= 1;
      this.#schedule();
    };
  }

  /** Calls `wake` when the site's time is `seconds` later. The returned function gives the sleep up. */
  sleep(seconds: number, wake: () => void): () => void {
    const sleeper = { wakesAt: this.now() + seconds * 1000, wake };
    this.#sleepers.add(sleeper);
    this.#schedule();
    return () => {
      if (this.#sleepers.delete(sleeper)) this.#schedule();
    };
  }

  /** Nobody is woken any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#sleepers.clear();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const earliest = this.#earliest();
    if (earliest === null) return;
    const real = Math.max(0, earliest - this.now());
    this.#timer =
      this.#busy > 0 ? setTimeout(() => this.#wakeDue(), real) : setTimeout(() => this.#jump(), Math.min(idleMs, real));
  }

  #jump(): void {
    const earliest = this.#earliest();
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

  #earliest(): SiteTime | null {
    let earliest: SiteTime | null = null;
    for (const { wakesAt } of this.#sleepers) earliest = earliest === null ? wakesAt : Math.min(earliest, wakesAt);
    return earliest;
  }
}
