/** Error of the clients. By `kind`, a gate knows what it can retry (`network`, `server`, `throttled`) and what not. */
export class SiteError extends Error {
  constructor(
    readonly kind:
      "network" | "untrusted" | "server" | "throttled" | "unauthorized" | "forbidden" | "not-found" | "malformed",
    message: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SiteError";
  }
}
