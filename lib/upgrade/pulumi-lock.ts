import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type LockHolder } from "./stack-access.js";

const lockSchema = z.object({ pid: z.number(), username: z.string(), hostname: z.string(), timestamp: z.string() });

/** The lock of a stack in the folder of a file backend; other backends do not tell before an update asks. */
export function holderIn(folder: string | null, stack: string, project: string): LockHolder | null {
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
      // A lock that is just being written or taken away tells nothing.
    }
  }
  return null;
}

/** The words in which `pulumi` names a holder. */
export function saidOfHolder({ user, host, pid, since }: LockHolder): string {
  return `created by ${user}@${host} (pid ${pid}) at ${since}`;
}

/** The holder out of what an update says that found the stack locked, whatever the backend; null where it does not tell. */
export function holderSaid(text: string): LockHolder | null {
  const match = /created by (\S+)@(\S+) \(pid (\d+)\) at ([^\s.]\S*?)\.?(?:\s|$)/.exec(text);
  return match === null ? null : { user: match[1]!, host: match[2]!, pid: Number(match[3]), since: match[4]! };
}
