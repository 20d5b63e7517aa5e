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
/** Quick answers are never timed by the clock: a rehearsal's is asked over HTTP itself. */
const armAfterMs = 25;
/** A rehearsal's clock may jump to the limit while the answer is on its way: it is given this real time to arrive… */
const graceMs = 100;
/** …and is then only too late where the clock says that it came so long after the limit. */
const lateSeconds = 5;

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
  const limit = new TimeLimit(connection, url);
  try {
    const headers = { ApiKey: connection.apiKey };
    const answer = await httpRequest({ url: url.href, headers, ca: connection.ca, maxBytes, signal: limit.signal });
    await limit.check();
    return answer;
  } catch (thrown) {
    if (thrown === limit.passed) throw limit.passed;
    if (thrown instanceof SiteError && thrown.kind !== "network") throw thrown;
    throw new RetryAfterError("network", `Tenant ${connection.tenant}: ${messageOf(thrown)}`, null, { cause: thrown });
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
    url: URL,
  ) {
    const { tenant, timeoutSeconds } = connection;
    this.passed = new SiteError(
      "network",
      `Tenant ${tenant}: ${shown(url)} did not answer within ${timeoutSeconds} seconds.`,
    );
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
