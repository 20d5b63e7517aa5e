import type { Clock } from "./clock.js";
import { abortReason, httpRequest, type HttpAnswer } from "./http.js";
import { isRetryAfter, noKey, notJson, refusalOf, tooLate, unreachable, type AskedOf } from "./palette-refusals.js";
import type { RequestBudget } from "./request-budget.js";
import { SiteError } from "./types.js";

/** How one tenant's key reaches the Palette API. */
export interface PaletteConnection {
  /** `https://host` without a path. */
  baseUrl: string;
  tenant: string;
  apiKey: string;
  ca: string | undefined;
  clock: Clock;
  budget: RequestBudget;
  timeoutSeconds: number;
}

/** One request to the Palette API. */
export interface PaletteRequest {
  method: "GET" | "POST" | "PATCH";
  /** With its query. */
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  /**
   * False for a write that must not be carried out twice: it is only sent again where Palette has said that it was
   * refused (429), never where it may have been carried out.
   */
  repeatable: boolean;
}

const maxBytes = 8_000_000;
const attempts = 4;
const firstDelaySeconds = 0.5;
const longestDelaySeconds = 30;
/** Quick answers are never timed by the clock: a rehearsal's is asked over HTTP itself. */
const armAfterMs = 25;
/** A rehearsal's clock may jump to the limit while the answer is on its way: it is given this real time to arrive… */
const graceMs = 100;
/** …and is then only too late where the clock says that it came so long after the limit. */
const lateSeconds = 5;

/** GET of a path, as JSON. @throws SiteError as {@link paletteRequest}. */
export function paletteGet(connection: PaletteConnection, path: string): Promise<unknown> {
  return paletteRequest(connection, { method: "GET", path, repeatable: true });
}

/**
 * One request, its answer as JSON, null for an empty one. Refused (429), failed (5xx) and cut requests are tried again with
 * growing pauses, Retry-After honoured up to 30 s; four attempts in all. Without a ProjectUid header: tenant scope, where
 * PCGs live.
 * @throws SiteError whose message names tenant and path and says what to do, never the key.
 */
export async function paletteRequest(connection: PaletteConnection, request: PaletteRequest): Promise<unknown> {
  if (connection.apiKey === "") throw noKey(connection.tenant);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptOnce(connection, request);
    } catch (thrown) {
      const pause = pauseAfter(thrown, attempt, request);
      if (pause === null) throw thrown;
      await connection.clock.sleep(pause);
    }
  }
}

/** Seconds until the next attempt; null when there is to be none. A time limit that passed is not tried again. */
function pauseAfter(thrown: unknown, attempt: number, { repeatable }: PaletteRequest): number | null {
  if (!isRetryAfter(thrown) || attempt >= attempts) return null;
  if (!repeatable && thrown.kind !== "throttled") return null;
  const own = firstDelaySeconds * 2 ** (attempt - 1);
  const asked = thrown.retryAfterSeconds ?? 0;
  return asked > longestDelaySeconds ? null : Math.max(own, asked);
}

async function attemptOnce(connection: PaletteConnection, request: PaletteRequest): Promise<unknown> {
  const url = new URL(request.path, connection.baseUrl);
  const asked: AskedOf = { tenant: connection.tenant, method: request.method, url };
  await connection.budget.take();
  const answer = await withinLimit(connection, request, asked);
  if (answer.status < 200 || answer.status >= 300) throw refusalOf(asked, answer);
  if (answer.body === "" && request.method !== "GET") return null;
  try {
    return JSON.parse(answer.body) as unknown;
  } catch (cause) {
    throw notJson(asked, answer.status, cause);
  }
}

async function withinLimit(
  connection: PaletteConnection,
  request: PaletteRequest,
  asked: AskedOf,
): Promise<HttpAnswer> {
  const limit = new TimeLimit(connection, asked);
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  try {
    const answer = await httpRequest({
      url: asked.url.href,
      method: request.method,
      headers: { ApiKey: connection.apiKey, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body }),
      ca: connection.ca,
      maxBytes,
      signal: limit.signal,
    });
    await limit.check();
    return answer;
  } catch (thrown) {
    if (thrown === limit.passed) throw limit.passed;
    if (thrown instanceof SiteError && thrown.kind !== "network") throw thrown;
    throw unreachable(asked, thrown);
  } finally {
    limit.end();
  }
}

/** The time limit of one request, on the connection's clock. */
class TimeLimit {
  readonly passed: SiteError;
  readonly #ending = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #armedAt: number | null = null;
  #reached = false;

  constructor(
    private readonly connection: PaletteConnection,
    asked: AskedOf,
  ) {
    this.passed = tooLate(asked, connection.timeoutSeconds);
    this.#timer = setTimeout(() => void this.#arm(), armAfterMs);
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** @throws {@link passed} where the answer that is there came too late. */
  async check(): Promise<void> {
    if (!this.#reached || this.#armedAt === null) return;
    const now = (await this.connection.clock.now()).getTime();
    if (now - this.#armedAt > (this.connection.timeoutSeconds + lateSeconds) * 1000) throw this.passed;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#ending.abort();
  }

  async #arm(): Promise<void> {
    const { clock, timeoutSeconds } = this.connection;
    try {
      this.#armedAt = (await clock.now()).getTime();
      await clock.sleep(timeoutSeconds, this.signal);
      this.#reached = true;
      await new Promise((resolve) => setTimeout(resolve, graceMs));
      this.#ending.abort(this.passed);
    } catch (thrown) {
      // Either the request is over, or the clock itself has failed and with it the request.
      this.#ending.abort(thrown instanceof Error ? thrown : abortReason(this.signal));
    }
  }
}
