import { SiteError } from "../errors/site-error.js";
import { type Clock } from "../time/clock.js";
import { type LimitTime, limitTime } from "../time/limit-time.js";
import { findTrustFault } from "./tls-trust.js";
import { fetchBytes, formatUrl, type HttpBytes, type HttpRequest } from "./http.js";

/** A request whose secrets are apart from its other headers. */
export interface ExchangeRequest extends Omit<HttpRequest, "signal"> {
  /**
   * Headers that hold a secret. They are sent to the origin of `url`, which the user has named, and to no other: once a
   * redirect has left it they are not sent again, not even back to it.
   */
  credentials?: Record<string, string>;
}

/** How a request is limited, repeated and redirected. */
export interface ExchangePolicy {
  /** Clock of the pauses between attempts. */
  clock: Clock;
  /** Limit of one attempt with its whole body. */
  timeoutSeconds: number;
  /** How that limit is kept. Default: by the machine's own time. */
  limitTime?: LimitTime;
  /** Most redirects that are followed, for GET and HEAD. Default 0: a redirect is the answer. */
  redirects?: number;
  /** False for a request that must not be executed twice: it is repeated only where it was refused (429). Default true. */
  repeatable?: boolean;
  /** Resolves when the next attempt may be sent. */
  admit?: () => Promise<void>;
  /** Sends one request. Default: a real one. */
  send?: ((request: HttpRequest) => Promise<HttpBytes>) | undefined;
  signal?: AbortSignal | undefined;
}

/** The last answer, and who gave it. */
export interface ExchangeAnswer extends HttpBytes {
  url: URL;
  /** Whether a redirect has left the origin that was asked. */
  leftOrigin: boolean;
}

/** No answer within the limit of one attempt. It is not repeated: the limit is long, and a gate samples again. */
export class HttpTimeoutError extends SiteError {
  constructor(url: URL, seconds: number) {
    super("network", `${formatUrl(url)} did not answer within ${seconds} s.`);
  }
}

const attempts = 4;
const firstPauseSeconds = 0.5;
const longestPauseSeconds = 30;

/**
 * Sends a request, and repeats it where it was refused (429), failed (5xx) or cut off: four attempts with growing
 * pauses, at least as long as Retry-After asks; one that asks for more than 30 s ends it. Resolves for every status.
 * @throws SiteError `network` without an answer, `malformed` for one that is too long or that redirects without end or
 * to plain HTTP; the signal's reason when aborted.
 */
export async function exchange(request: ExchangeRequest, policy: ExchangePolicy): Promise<ExchangeAnswer> {
  const { credentials, ...bare } = request;
  const first = new URL(request.url);
  let url = first;
  let leftOrigin = false;
  for (let followed = 0; ; followed += 1) {
    const headers = { ...bare.headers, ...(leftOrigin ? {} : credentials) };
    const answer = await sendWithRetry({ ...bare, url: url.href, headers }, url, policy);
    const target = findRedirect(request, answer, url);
    if (target === null || (policy.redirects ?? 0) === 0) return { ...answer, url, leftOrigin };
    if (followed >= policy.redirects!)
      throw new SiteError("malformed", `${formatUrl(first)} redirects more than ${policy.redirects} times.`);
    if (target.protocol !== "https:" && (target.protocol !== "http:" || first.protocol === "https:"))
      throw new SiteError("malformed", `${formatUrl(first)} redirects to ${target.origin}, which is not https.`);
    leftOrigin ||= target.origin !== first.origin;
    url = target;
  }
}

function findRedirect({ method = "GET" }: ExchangeRequest, { status, headers }: HttpBytes, url: URL): URL | null {
  const isRedirect = [301, 302, 303, 307, 308].includes(status) && (method === "GET" || method === "HEAD");
  if (!isRedirect || headers.location === undefined) return null;
  if (!URL.canParse(headers.location, url.href))
    throw new SiteError("malformed", `${formatUrl(url)} redirects to something that is no address.`);
  return new URL(headers.location, url);
}

async function sendWithRetry(request: HttpRequest, url: URL, policy: ExchangePolicy): Promise<HttpBytes> {
  for (let attempt = 1; ; attempt += 1) {
    await policy.admit?.();
    const outcome = await sendOnce(request, url, policy).catch((thrown: unknown) => toRepeatable(thrown, policy));
    const pause = await computePause(outcome, attempt, policy);
    if (pause === null) {
      if (outcome instanceof SiteError) throw outcome;
      return outcome;
    }
    await policy.clock.sleep(pause, policy.signal);
  }
}

async function sendOnce(request: HttpRequest, url: URL, policy: ExchangePolicy): Promise<HttpBytes> {
  const { signal: outer, timeoutSeconds, limitTime: limit = limitTime, send = fetchBytes } = policy;
  return limit(timeoutSeconds, new HttpTimeoutError(url, timeoutSeconds), (signal) =>
    send({ ...request, signal: outer === undefined ? signal : AbortSignal.any([signal, outer]) }),
  );
}

/** Returns an error that another attempt may not meet; throws any other. */
function toRepeatable(thrown: unknown, { signal, repeatable }: ExchangePolicy): SiteError {
  signal?.throwIfAborted();
  const isCutOff = thrown instanceof SiteError && thrown.kind === "network" && !(thrown instanceof HttpTimeoutError);
  if (isCutOff && findTrustFault(thrown) === null && repeatable !== false) return thrown;
  throw thrown;
}

/** Computes the seconds until the next attempt; null for no further attempt. */
async function computePause(
  outcome: HttpBytes | SiteError,
  attempt: number,
  { clock, repeatable }: ExchangePolicy,
): Promise<number | null> {
  const backOff = firstPauseSeconds * 2 ** (attempt - 1);
  if (attempt >= attempts) return null;
  if (outcome instanceof SiteError) return backOff;
  if (outcome.status !== 429 && (outcome.status < 500 || repeatable === false)) return null;
  const wanted = parseRetryAfter(outcome.headers["retry-after"], await clock.now());
  return wanted > longestPauseSeconds ? null : Math.max(backOff, wanted);
}

/** Parses Retry-After: seconds or an HTTP date; 0 for anything else. */
function parseRetryAfter(header: string | undefined, now: Date): number {
  const text = (header ?? "").trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const date = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, (date - now.getTime()) / 1000);
}
