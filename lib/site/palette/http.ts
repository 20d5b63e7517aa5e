import { SiteError } from "../../base/errors/site-error.js";
import { type Clock } from "../../base/time/clock.js";
import { type LimitTime } from "../../base/time/limit-time.js";
import { type HttpAnswer, sendHttpRequest } from "../../base/net/http.js";
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
  limitTime: LimitTime;
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
  const { apiKey, ca, limitTime, timeoutSeconds } = connection;
  const timeoutError = createTimeoutError(target, timeoutSeconds);
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const headers = { ApiKey: apiKey, ...(body === undefined ? {} : { "content-type": "application/json" }) };
  try {
    return await limitTime(timeoutSeconds, timeoutError, (signal) =>
      sendHttpRequest({ url: target.url.href, method: request.method, headers, body, ca, maxBytes, signal }),
    );
  } catch (thrown) {
    if (thrown === timeoutError) throw timeoutError;
    if (thrown instanceof SiteError && thrown.kind !== "network") throw thrown;
    throw createUnreachableError(target, thrown);
  }
}
