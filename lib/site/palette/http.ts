import { SiteError } from "../../base/errors/site-error.js";
import { type Clock } from "../../base/time/clock.js";
import { getAbortReason, type HttpAnswer, sendHttpRequest } from "../../base/net/http.js";
import {
  createNoKeyError,
  createNotJsonError,
  createTimeoutError,
  createUnreachableError,
  isRetryAfter,
  type RequestTarget,
  toRefusalError,
} from "./refusals.js";
import { type RequestBudget } from "./request-budget.js";

/** Connection of one tenant to the Palette API. */
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
   * False for a write that must not be executed twice: it is retried only where Palette refused it (429), never where
   * it may have been executed.
   */
  repeatable: boolean;
}

const maxBytes = 8_000_000;
const attempts = 4;
const firstDelaySeconds = 0.5;
const longestDelaySeconds = 30;
/** Delay before the time limit starts: quick answers need no clock, and a rehearsal's clock is read over HTTP. */
const armAfterMs = 25;
/** A rehearsal's clock may jump to the limit while the answer is in transit: real time the answer has to arrive, */
const graceMs = 100;
/** and is too late only when the clock then shows that it arrived more than this long after the limit. */
const lateSeconds = 5;

/** GET of a path, as JSON. @throws SiteError as {@link sendPaletteRequest}. */
export function getFromPalette(connection: PaletteConnection, path: string): Promise<unknown> {
  return sendPaletteRequest(connection, { method: "GET", path, repeatable: true });
}

/**
 * Sends one request and returns its answer as JSON, null for an empty one. Refused (429), failed (5xx) and interrupted
 * requests are retried with growing pauses, honouring Retry-After up to 30 s; four attempts in total. No ProjectUid
 * header is sent: that selects tenant scope, where PCGs are.
 * @throws SiteError whose message names tenant and path and says what to do, never the key.
 */
export async function sendPaletteRequest(connection: PaletteConnection, request: PaletteRequest): Promise<unknown> {
  if (connection.apiKey === "") throw createNoKeyError(connection.tenant);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sendOnce(connection, request);
    } catch (thrown) {
      const pause = computePause(thrown, attempt, request);
      if (pause === null) throw thrown;
      await connection.clock.sleep(pause);
    }
  }
}

/**
 * Computes the seconds until the next attempt; null for no further attempt. A request that timed out is not retried.
 */
function computePause(thrown: unknown, attempt: number, { repeatable }: PaletteRequest): number | null {
  if (!isRetryAfter(thrown) || attempt >= attempts) return null;
  if (!repeatable && thrown.kind !== "throttled") return null;
  const backoffSeconds = firstDelaySeconds * 2 ** (attempt - 1);
  const requestedSeconds = thrown.retryAfterSeconds ?? 0;
  return requestedSeconds > longestDelaySeconds ? null : Math.max(backoffSeconds, requestedSeconds);
}

async function sendOnce(connection: PaletteConnection, request: PaletteRequest): Promise<unknown> {
  const url = new URL(request.path, connection.baseUrl);
  const target: RequestTarget = { tenant: connection.tenant, method: request.method, url };
  await connection.budget.take();
  const answer = await sendWithinLimit(connection, request, target);
  if (answer.status < 200 || answer.status >= 300) throw toRefusalError(target, answer);
  if (answer.body === "" && request.method !== "GET") return null;
  try {
    return JSON.parse(answer.body) as unknown;
  } catch (cause) {
    throw createNotJsonError(target, answer.status, cause);
  }
}

async function sendWithinLimit(
  connection: PaletteConnection,
  request: PaletteRequest,
  target: RequestTarget,
): Promise<HttpAnswer> {
  const limit = new TimeLimit(connection, target);
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  try {
    const answer = await sendHttpRequest({
      url: target.url.href,
      method: request.method,
      headers: { ApiKey: connection.apiKey, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body,
      ca: connection.ca,
      maxBytes,
      signal: limit.signal,
    });
    await limit.throwIfLate();
    return answer;
  } catch (thrown) {
    if (thrown === limit.timeoutError) throw limit.timeoutError;
    if (thrown instanceof SiteError && thrown.kind !== "network") throw thrown;
    throw createUnreachableError(target, thrown);
  } finally {
    limit.end();
  }
}

/** The time limit of one request, on the connection's clock. */
class TimeLimit {
  readonly timeoutError: SiteError;
  readonly #abortController = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #armedAt: number | null = null;
  #reached = false;

  constructor(
    private readonly connection: PaletteConnection,
    target: RequestTarget,
  ) {
    this.timeoutError = createTimeoutError(target, connection.timeoutSeconds);
    this.#timer = setTimeout(() => void this.#arm(), armAfterMs);
  }

  get signal(): AbortSignal {
    return this.#abortController.signal;
  }

  /** @throws {@link passed} where the answer that is there came too late. */
  async throwIfLate(): Promise<void> {
    if (!this.#reached || this.#armedAt === null) return;
    const now = (await this.connection.clock.now()).getTime();
    if (now - this.#armedAt > (this.connection.timeoutSeconds + lateSeconds) * 1000) throw this.timeoutError;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#abortController.abort();
  }

  async #arm(): Promise<void> {
    const { clock, timeoutSeconds } = this.connection;
    try {
      this.#armedAt = (await clock.now()).getTime();
      await clock.sleep(timeoutSeconds, this.signal);
      this.#reached = true;
      await new Promise((resolve) => setTimeout(resolve, graceMs));
      this.#abortController.abort(this.timeoutError);
    } catch (thrown) {
      // Either the request has ended, or the clock itself has failed; then the request fails too.
      this.#abortController.abort(thrown instanceof Error ? thrown : getAbortReason(this.signal));
    }
  }
}
