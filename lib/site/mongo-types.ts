/** A server's whole reply to a command, or `{ok: 0, code, codeName, errmsg}` in its place; `code` null where none answered. */
export type MongoReply = Record<string, unknown>;

/** What a connection string says of the set. */
export interface MongoSeeds {
  /** `host:port` of each member it names, sorted. */
  hosts: string[];
  /** The set's name it demands; null where it demands none. */
  setName: string | null;
}

/** A MongoDB outside the cluster, by connection string. */
export interface MongoSite {
  /** @throws InvalidInputError `MONGO_URI_INVALID`; SiteError where its DNS record cannot be read */
  seeds(): Promise<MongoSeeds>;
  /**
   * Runs admin commands on one member, in turn, over a connection to that member alone; gives a reply for each, redacted
   * where it failed. `limitSeconds`: how long each answer may take (default 10). @throws only for what `seeds` throws, and
   * when `signal` is aborted
   */
  ask(
    host: string,
    commands: readonly Record<string, unknown>[],
    signal: AbortSignal,
    limitSeconds?: number,
  ): Promise<MongoReply[]>;
}
