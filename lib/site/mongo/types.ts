/** A server's whole reply to a command, or `{ok: 0, code, codeName, errmsg}` instead; `code` null without an answer. */
export type MongoReply = Record<string, unknown>;

/** What a connection string says about the replica set. */
export interface MongoSeeds {
  /** `host:port` of each member it names, sorted. */
  hosts: string[];
  /** Name of the replica set that it requires; null where it requires none. */
  setName: string | null;
}

/** A MongoDB outside the cluster, by connection string. */
export interface MongoSite {
  /** @throws InvalidInputError `MONGO_URI_INVALID`; SiteError where its DNS record cannot be read */
  seeds(): Promise<MongoSeeds>;
  /**
   * Runs admin commands on one member, one after another, over a connection to that member alone. Returns a reply for
   * each, redacted where it failed. `limitSeconds`: time limit of each reply (default 10).
   * @throws only for what `seeds` throws, and
   * when `signal` is aborted
   */
  ask(
    host: string,
    commands: readonly Record<string, unknown>[],
    signal: AbortSignal,
    limitSeconds?: number,
  ): Promise<MongoReply[]>;
}
