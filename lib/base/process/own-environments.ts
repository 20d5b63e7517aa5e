import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";

const mostOutputBytes = 64 * 1024 * 1024;

/**
 * Lists the environments of a user's other processes; null where the system does not show them. What hides its
 * environment from its own user (ssh-agent) is left out: this tool starts nothing of that kind.
 */
export function listOwnEnvironments(user: number): string[] | null {
  if (!existsSync("/proc/self/environ")) return listByPs(user);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        return statSync(`/proc/${name}`).uid === user ? [readFileSync(`/proc/${name}/environ`, "utf8")] : [];
      } catch {
        return [];
      }
    });
}

/** Lists them as `ps -E` of macOS and BSD prints them, one process a line. */
function listByPs(user: number): string[] | null {
  const { status, stdout } = spawnSync("ps", ["-E", "-ww", "-U", String(user), "-o", "command="], {
    encoding: "utf8",
    maxBuffer: mostOutputBytes,
  });
  return status === 0 ? stdout.split("\n") : null;
}
