import { type SiteTime } from "../site/model.js";

/**
 * Time of a model that passes `pace` times as fast as the cluster's: a gateway that polls every 15 minutes polls every
 * 15 seconds at pace 60. Times in the model's answers are converted to the cluster's time, so that both compare.
 */
export class PacedTime {
  constructor(
    private readonly startedAt: { model: SiteTime; real: number },
    readonly pace: number,
    private readonly now: () => number = Date.now,
  ) {}

  getModelTime(): SiteTime {
    return this.startedAt.model + (this.now() - this.startedAt.real) * this.pace;
  }

  /** Converts every ISO 8601 time in an answer to the cluster's time. */
  toRealTimes<T>(body: T): T {
    if (typeof body === "string") return (isoTime.test(body) ? this.#toRealTime(body) : body) as T;
    if (Array.isArray(body)) return body.map((entry) => this.toRealTimes<unknown>(entry)) as T;
    if (typeof body !== "object" || body === null) return body;
    return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, this.toRealTimes<unknown>(value)])) as T;
  }

  #toRealTime(iso: string): string {
    const ahead = Date.parse(iso) - this.startedAt.model;
    return new Date(this.startedAt.real + ahead / this.pace).toISOString();
  }
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
