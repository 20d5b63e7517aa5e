import { httpRequest } from "../site/http.js";
import { SiteError } from "../site/types.js";
import type { Clock } from "../site/clock.js";

/**
 * The simulated site's clock, asked over HTTP. `base` is what the environment variable PALETTE_REHEARSAL holds, e.g.
 * `http://127.0.0.1:40123/rehearsal`. Time jumps there while everybody sleeps, so a rehearsal waits for nothing real.
 */
export function rehearsalClock(base: string): Clock {
  return {
    async now() {
      const answer = await ask(`${base}/clock`);
      return new Date(readNow(answer));
    },
    async sleep(seconds, signal) {
      signal?.throwIfAborted();
      await ask(`${base}/sleep`, { body: JSON.stringify({ seconds }), signal });
    },
  };
}

async function ask(url: string, options: { body?: string; signal?: AbortSignal | undefined } = {}): Promise<string> {
  const answer = await httpRequest({
    url,
    method: options.body === undefined ? "GET" : "POST",
    ...(options.body === undefined ? {} : { body: options.body, headers: { "content-type": "application/json" } }),
    maxBytes: 10_000,
    signal: options.signal,
  });
  if (answer.status !== 200)
    throw new SiteError("server", `The rehearsal's clock at ${url} answered ${answer.status}.`);
  return answer.body;
}

function readNow(body: string): string {
  const parsed = JSON.parse(body) as { now?: unknown };
  if (typeof parsed.now !== "string" || Number.isNaN(Date.parse(parsed.now))) {
    throw new SiteError("malformed", "The rehearsal's clock answered without a time.");
  }
  return parsed.now;
}
