import { Agent } from "node:http";
import { SiteError } from "../../base/errors/site-error.js";
import { type Clock } from "../../base/time/clock.js";
import { sendHttpRequest } from "../../base/net/http.js";

/**
 * Creates a clock that reads the simulated site's time over HTTP. `base` is the value of the environment variable
 * PALETTE_REHEARSAL, e.g. `http://127.0.0.1:40123/rehearsal`. The site's time jumps ahead while every client sleeps, so
 * a rehearsal never waits in real time.
 */
export function createSiteClock(base: string): Clock {
  return {
    async now() {
      const answer = await requestClock(`${base}/clock`);
      return new Date(parseNow(answer));
    },
    async sleep(seconds, signal) {
      signal?.throwIfAborted();
      await requestClock(`${base}/sleep`, { body: JSON.stringify({ seconds }), signal });
    },
  };
}

/** A sleep must not be asked for twice, so it never uses a kept connection, which the site may be closing. */
const agent = new Agent({ keepAlive: false });

async function requestClock(
  url: string,
  options: { body?: string; signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const answer = await sendHttpRequest({
    url,
    method: options.body === undefined ? "GET" : "POST",
    ...(options.body === undefined ? {} : { body: options.body, headers: { "content-type": "application/json" } }),
    agent,
    maxBytes: 10_000,
    signal: options.signal,
  });
  if (answer.status !== 200)
    throw new SiteError("server", `The rehearsal's clock at ${url} answered ${answer.status}.`);
  return answer.body;
}

function parseNow(body: string): string {
  const parsed = JSON.parse(body) as { now?: unknown };
  if (typeof parsed.now !== "string" || Number.isNaN(Date.parse(parsed.now))) {
    throw new SiteError("malformed", "The rehearsal's clock answered without a time.");
  }
  return parsed.now;
}
