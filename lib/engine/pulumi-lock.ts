import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { type LockHolder } from "./stack-access.js";

const lockSchema = z.object({ pid: z.number(), username: z.string(), hostname: z.string(), timestamp: z.string() });

/** Reads the lock of a stack in the folder of a file backend; other backends show a lock only to an update. */
export function readLockHolder(folder: string | null, stack: string, project: string): LockHolder | null {
  if (folder === null) return null;
  const locks = join(folder, ".pulumi", "locks", "organization", project, stack.split("/").at(-1)!);
  if (!existsSync(locks)) return null;
  for (const file of readdirSync(locks).filter((name) => name.endsWith(".json"))) {
    try {
      const { pid, username, hostname, timestamp } = lockSchema.parse(
        JSON.parse(readFileSync(join(locks, file), "utf8")),
      );
      return { user: username, host: hostname, pid, since: timestamp };
    } catch {
      // The lock is being written or removed at this moment.
    }
  }
  return null;
}

/** Formats a holder in the words of `pulumi`. */
export function formatHolder({ user, host, pid, since }: LockHolder): string {
  return `created by ${user}@${host} (pid ${pid}) at ${since}`;
}

/** Parses the holder from the message of an update that found the stack locked; null if it names none. */
export function parseHolder(text: string): LockHolder | null {
  const match = /created by (\S{1,256})@(\S{1,256}) \(pid (\d{1,10})\) at ([^\s.]\S{0,63}?)\.?(?:\s|$)/.exec(text);
  return match === null ? null : { user: match[1]!, host: match[2]!, pid: Number(match[3]), since: match[4]! };
}
