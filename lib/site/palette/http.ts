import { exchange, HttpTimeoutError } from "../../base/net/exchange.js";
import { type HttpAnswer } from "../../base/net/http.js";
import { InvalidInputError } from "../../base/errors/errors.js";
import { SiteError } from "../../base/errors/site-error.js";
import { findTrustFault } from "../../base/net/tls-trust.js";
import { type Clock } from "../../base/time/clock.js";
import { type LimitTime } from "../../base/time/limit-time.js";
import {
  createNoKeyError,
  createNotJsonError,
  createTimeoutError,
  createUnreachableError,
  createUntrustedApiError,
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
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  budget: RequestBudget;
  limitTime: LimitTime;
  timeoutSeconds: number;
}

/** One request to the Palette API. */
interface PaletteRequest {
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

/** GET of a path, as JSON. @throws SiteError as {@link sendPaletteRequest}. */
export function getFromPalette(connection: PaletteConnection, path: string): Promise<unknown> {
  return sendPaletteRequest(connection, { method: "GET", path, repeatable: true });
}

/**
 * Sends one request and returns its answer as JSON, null for an empty one; repeated as `exchange` does, each attempt
 * within the request budget. No ProjectUid header is sent: that selects tenant scope, where PCGs are.
 * @throws SiteError whose message names tenant and path and says what to do, never the key.
 */
export async function sendPaletteRequest(connection: PaletteConnection, request: PaletteRequest): Promise<unknown> {
  if (connection.apiKey === "") throw createNoKeyError(connection.tenant);
  const url = new URL(request.path, connection.baseUrl);
  const target: RequestTarget = { tenant: connection.tenant, method: request.method, url };
  const answer = await sendToTarget(connection, request, target);
  if (answer.status < 200 || answer.status >= 300) throw toRefusalError(target, answer);
  if (answer.body === "" && request.method !== "GET") return null;
  try {
    return JSON.parse(answer.body) as unknown;
  } catch (cause) {
    throw createNotJsonError(target, answer.status, cause);
  }
}

async function sendToTarget(
  { apiKey, ca, environment, clock, limitTime, timeoutSeconds, budget }: PaletteConnection,
  { method, body, repeatable }: PaletteRequest,
  target: RequestTarget,
): Promise<HttpAnswer> {
  const content =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const request = {
    url: target.url.href,
    method,
    credentials: { ApiKey: apiKey },
    ca,
    environment,
    maxBytes,
    ...content,
  };
  try {
    const answer = await exchange(request, {
      clock,
      limitTime,
      timeoutSeconds,
      repeatable,
      admit: () => budget.take(target.url.pathname),
    });
    return { ...answer, body: answer.body.toString("utf8") };
  } catch (thrown) {
    if (thrown instanceof HttpTimeoutError) throw createTimeoutError(target, timeoutSeconds);
    if (thrown instanceof InvalidInputError || (thrown instanceof SiteError && thrown.kind !== "network")) throw thrown;
    const fault = findTrustFault(thrown);
    if (fault !== null) throw createUntrustedApiError(target, fault, thrown);
    throw createUnreachableError(target, thrown);
  }
}
