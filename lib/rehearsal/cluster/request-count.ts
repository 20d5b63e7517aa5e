/** How often who asked the cluster, and what for. */
export interface RequestCount {
  client: string;
  verb: string;
  count: number;
}

/** Counts the requests that pass, by client and verb. */
export class RequestCounter {
  readonly #counts = new Map<string, number>();

  count(method: string, path: string, userAgent: string): void {
    const key = `${clientOf(userAgent)} ${verbOf(method, path)}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** What was counted since the last call, most first. */
  take(): RequestCount[] {
    const counts = [...this.#counts.entries()].map(([key, count]) => {
      const [client = "", verb = ""] = key.split(" ");
      return { client, verb, count };
    });
    this.#counts.clear();
    return counts.sort((a, b) => b.count - a.count);
  }
}

/** By what it calls itself; ours calls itself nothing. */
function clientOf(userAgent: string): string {
  const name = /^[a-z-]+/i.exec(userAgent)?.[0].toLowerCase() ?? "";
  if (name === "" || name === "node") return "palette-upgrade";
  return name;
}

function verbOf(method: string, path: string): string {
  if (/\/exec(\?|$)/.test(path)) return "exec";
  if (/[?&]watch=(true|1)/.test(path)) return "watch";
  return method.toLowerCase();
}
