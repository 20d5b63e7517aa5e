import { type SiteTime } from "../site/model.js";

/**
 * Time of a model that passes `pace` times as fast as the cluster's: a gateway that asks every 15 minutes asks every 15
 * seconds at pace 60. What the model tells with a time is told in the cluster's, so that both can be compared.
 */
export class PacedTime {
  constructor(
    private readonly startedAt: { model: SiteTime; real: number },
    readonly pace: number,
    private readonly now: () => number = Date.now,
  ) {}

  modelNow(): SiteTime {
    return this.startedAt.model + (this.now() - this.startedAt.real) * this.pace;
  }

  /** Every ISO 8601 time in an answer, as the cluster's clock has it. */
  asReal<T>(body: T): T {
    if (typeof body === "string") return (isoTime.test(body) ? this.#real(body) : body) as T;
    if (Array.isArray(body)) return body.map((entry) => this.asReal<unknown>(entry)) as T;
    if (typeof body !== "object" || body === null) return body;
    return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, this.asReal<unknown>(value)])) as T;
  }

  #real(iso: string): string {
    const ahead = Date.parse(iso) - this.startedAt.model;
    return new Date(this.startedAt.real + ahead / this.pace).toISOString();
  }
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
