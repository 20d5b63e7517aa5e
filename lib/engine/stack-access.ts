import { type RawConfig } from "../settings/settings.js";
import { type Engine } from "./engine.js";

/** Who holds a stack's lock. */
export interface LockHolder {
  user: string;
  host: string;
  pid: number | null;
  /** ISO 8601, or as the backend prints it. */
  since: string;
}

/** A stack's configuration, keys with their namespace. */
interface StackConfiguration {
  /** As the program gets it, with secrets in clear text: for this process only. */
  values: RawConfig;
  /** Keys that the engine keeps as secrets, as a whole or in a part. */
  secretKeys: readonly string[];
}

/** One existing stack on one engine, as the driver and related commands use it. */
export interface StackAccess {
  /** The name as it was given. */
  name: string;
  /** The name that no other stack has: organization/project/stack. */
  fullName(): Promise<string>;
  projectDir: string;
  engine: Engine;
  config(): Promise<StackConfiguration>;
  /** Reads the last outputs of another stack of the same backend, by its full name; secrets stay encrypted. */
  readOutputsOf(stack: string): Promise<Record<string, unknown>>;
  /** Null where nobody holds it, or the backend does not say. */
  lockHolder(): Promise<LockHolder | null>;
  /** Null where the engine stores nothing in clear text. */
  state: StackState | null;
}

/** Access to the stored state, only to mark as secret what a failed adoption left in clear text. */
export interface StackState {
  read(): Promise<unknown>;
  write(state: unknown): Promise<void>;
  /** Folder of a file backend, in which older copies lie; null for any other backend. */
  folder(): Promise<string | null>;
}
