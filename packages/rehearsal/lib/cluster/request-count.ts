/** Number of requests of one client and verb to the cluster. */
export interface RequestCount {
  client: string;
  verb: string;
  count: number;
}

/** Counts forwarded requests by client and verb. */
export class RequestCounter {
  readonly #counts = new Map<string, number>();

  count(method: string, path: string, userAgent: string): void {
    const key = `${parseClientName(userAgent)} ${getRequestVerb(method, path)}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** Returns the counts since the last call, highest first, and resets them. */
  take(): RequestCount[] {
    const counts = [...this.#counts.entries()].map(([key, count]) => {
      const [client = "", verb = ""] = key.split(" ");
      return { client, verb, count };
    });
    this.#counts.clear();
    return counts.sort((a, b) => b.count - a.count);
  }
}

/** Returns the client's name from its User-Agent; this tool sends none. */
function parseClientName(userAgent: string): string {
  const name = /^[a-z-]+/i.exec(userAgent)?.[0].toLowerCase() ?? "";
  if (name === "" || name === "node") return "palette-upgrade";
  return name;
}

function getRequestVerb(method: string, path: string): string {
  if (/\/exec(\?|$)/.test(path)) return "exec";
  if (/[?&]watch=(true|1)/.test(path)) return "watch";
  return method.toLowerCase();
}
