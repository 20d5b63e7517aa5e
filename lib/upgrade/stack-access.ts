import { type RawConfig } from "../stack/settings.js";
import { type Engine } from "./engine.js";

/** Who holds a stack's lock. */
export interface LockHolder {
  user: string;
  host: string;
  pid: number | null;
  /** ISO 8601, or as the backend says it. */
  since: string;
}

/** A stack's configuration, keys with their namespace. */
export interface StackConfiguration {
  /** As the program gets it, secrets in clear: for this process only. */
  values: RawConfig;
  /** Keys that the engine keeps as secrets, as a whole or in a part. */
  secretKeys: readonly string[];
}

/** One existing stack on one engine: all that the driver and its sister commands ask for. */
export interface StackAccess {
  /** As the person named it. */
  name: string;
  projectDir: string;
  engine: Engine;
  config(): Promise<StackConfiguration>;
  /** The last outputs of another stack of the same backend, by its full name; secrets are left sealed. */
  outputsOf(stack: string): Promise<Record<string, unknown>>;
  /** Null where nobody holds it, or the backend does not tell. */
  lockHolder(): Promise<LockHolder | null>;
  /** Null where the engine keeps nothing in clear. */
  state: StackState | null;
}

/** The stored state, for the one rewrite that is ever made of it: marking as secret what a failed adoption left in clear. */
export interface StackState {
  read(): Promise<unknown>;
  write(state: unknown): Promise<void>;
  /** Folder of a file backend, in which older copies lie; null for any other backend. */
  folder(): Promise<string | null>;
}
