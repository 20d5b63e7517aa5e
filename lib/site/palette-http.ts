import { messageOf } from "../errors.js";
import type { Clock } from "./clock.js";
import { abortReason, httpRequest, shown, type HttpAnswer } from "./http.js";
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

const maxBytes = 8_000_000;
const attempts = 4;
const firstDelaySeconds = 0.5;
const longestDelaySeconds = 30;
/** A clock of a rehearsal may jump while the answer is already on its way: the real time it is given to arrive. */
const graceMs = 250;
const armAfterMs = 25;

/**
 * GET of a path, as JSON. Refused (429), failed (5xx) and cut requests are tried again with growing pauses, Retry-After
 * honoured up to 30 s; four attempts in all. Without a ProjectUid header: tenant scope, where PCGs live.
 * @throws SiteError whose message names tenant and path, never the key.
 */
export async function paletteGet(connection: PaletteConnection, path: string): Promise<unknown> {
  if (connection.apiKey === "")
    throw new SiteError("unauthorized", `Tenant ${connection.tenant}: no API key was given.`);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptGet(connection, path);
    } catch (thrown) {
      const pause = pauseAfter(thrown, attempt);
      if (pause === null) throw thrown;
      await connection.clock.sleep(pause);
    }
  }
}

class RetryAfterError extends SiteError {
  constructor(
    kind: SiteError["kind"],
    message: string,
    readonly retryAfterSeconds: number | null,
    options: { cause?: unknown } = {},
  ) {
    super(kind, message, options);
  }
}

/** Seconds until the next attempt; null when there is to be none. A time limit that passed is not tried again. */
function pauseAfter(thrown: unknown, attempt: number): number | null {
  if (!(thrown instanceof RetryAfterError) || attempt >= attempts) return null;
  const own = firstDelaySeconds * 2 ** (attempt - 1);
  const asked = thrown.retryAfterSeconds ?? 0;
  return asked > longestDelaySeconds ? null : Math.max(own, asked);
}

async function attemptGet(connection: PaletteConnection, path: string): Promise<unknown> {
  const { tenant } = connection;
  const url = new URL(path, connection.baseUrl);
  await connection.budget.take();
  const answer = await withinLimit(connection, url);
  if (answer.status >= 200 && answer.status < 300) return parseJson(answer, tenant, url);
  throw refusal(answer, tenant, url);
}

async function withinLimit(connection: PaletteConnection, url: URL): Promise<HttpAnswer> {
  const ending = new AbortController();
  const limit = new SiteError(
    "network",
    `Tenant ${connection.tenant}: ${shown(url)} did not answer within ${connection.timeoutSeconds} seconds.`,
  );
  const timer = setTimeout(() => void endAfter(connection, ending, limit), armAfterMs);
  try {
    const headers = { ApiKey: connection.apiKey };
    return await httpRequest({ url: url.href, headers, ca: connection.ca, maxBytes, signal: ending.signal });
  } catch (thrown) {
    if (thrown === limit) throw limit;
    if (thrown instanceof SiteError && thrown.kind !== "network") throw thrown;
    throw new RetryAfterError("network", `Tenant ${connection.tenant}: ${messageOf(thrown)}`, null, { cause: thrown });
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
}

async function endAfter(connection: PaletteConnection, ending: AbortController, limit: SiteError): Promise<void> {
  try {
    await connection.clock.sleep(connection.timeoutSeconds, ending.signal);
    await new Promise((resolve) => setTimeout(resolve, graceMs));
    ending.abort(limit);
  } catch (thrown) {
    if (!ending.signal.aborted) ending.abort(thrown instanceof Error ? thrown : abortReason(ending.signal));
  }
}

function parseJson(answer: HttpAnswer, tenant: string, url: URL): unknown {
  try {
    return JSON.parse(answer.body) as unknown;
  } catch (cause) {
    throw new SiteError(
      "malformed",
      `Tenant ${tenant}: ${shown(url)} answered ${answer.status} with something that is not JSON; is this the Palette API?`,
      { cause },
    );
  }
}

function refusal(answer: HttpAnswer, tenant: string, url: URL): SiteError {
  const where = `Tenant ${tenant}: GET ${shown(url)}`;
  const { status } = answer;
  if (status === 401) {
    return new SiteError(
      "unauthorized",
      `${where} answered 401: the API key of tenant ${tenant} is not valid or has expired.`,
    );
  }
  if (status === 403) {
    return new SiteError(
      "forbidden",
      `${where} answered 403: the role of tenant ${tenant}'s API key may not read this; it needs to read clusters and private cloud gateways in tenant scope.`,
    );
  }
  if (status === 404)
    return new SiteError("not-found", `${where} answered 404: there is no such object in tenant ${tenant}.`);
  if (status === 429) {
    const retryAfter = retryAfterSeconds(answer.headers["retry-after"]);
    return new RetryAfterError("throttled", `${where} answered 429: too many requests.`, retryAfter);
  }
  if (status >= 500) return new RetryAfterError("server", `${where} answered ${status}${codeOf(answer.body)}.`, null);
  return new SiteError("malformed", `${where} answered ${status}${codeOf(answer.body)}; expected 200.`);
}

function retryAfterSeconds(header: string | undefined): number | null {
  if (header === undefined || !/^\d{1,6}$/.test(header.trim())) return null;
  return Number(header.trim());
}

/** The API's own error code; free text of a body is not repeated. */
function codeOf(body: string): string {
  const code = /"code"\s*:\s*"([A-Za-z0-9]{1,60})"/.exec(body.slice(0, 10_000))?.[1];
  return code === undefined ? "" : ` (${code})`;
}
