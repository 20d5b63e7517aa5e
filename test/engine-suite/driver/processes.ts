import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { isDefunctStat, readProcessStat } from "../../../lib/base/process/process-identity.js";

export interface SeenProcess {
  pid: number;
  parent: number;
  command: string[];
}

/** What `root` started, and what that started, alive now. Linux only, which is what CI runs on. */
export function descendants(root: number): SeenProcess[] {
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? seen(Number(name)) : []));
  const found: SeenProcess[] = [];
  const open = [root];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const child of all.filter((process) => process.parent === parent)) {
      found.push(child);
      open.push(child.pid);
    }
  }
  return found;
}

/** A plugin of the real engine, a program or a script that Node runs: idle, it takes minutes to notice that its engine is gone. */
export function isPlugin({ command: [file = "", script = ""] }: SeenProcess): boolean {
  return [file, script].some((path) => /(^|\/)pulumi-(language|resource)-[a-z-]+(\.cjs)?$/.test(path));
}

/** The provider that Helm works in. */
export function isProviderOfReleases({ command: [file = ""] }: SeenProcess): boolean {
  return /(^|\/)pulumi-resource-kubernetes$/.test(file);
}

/** Ends one process, if it is that one still and not a later one with its number. */
export function endIfStillThere({ pid, command }: SeenProcess): void {
  const [now] = seen(pid);
  if (now !== undefined && now.command.join("\0") === command.join("\0")) endProcess(now);
}

/** Ends one process that was seen just now; one that ended meanwhile is no error. */
export function endProcess({ pid }: Pick<SeenProcess, "pid">): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

const longestEndMs = 60_000;

/**
 * Ends a process and all below it but what is spared, which it returns with the rest, once the rest is gone. Blocks this
 * thread, so that no site that is served by it answers meanwhile.
 */
export function endFamily(
  root: number,
  isSpared: (process: SeenProcess) => boolean = () => false,
): { spared: SeenProcess[]; ended: SeenProcess[] } {
  const family = [processOf(root), ...descendants(root)].filter((one) => one !== null);
  const spared = family.filter(isSpared);
  const ended = family.filter((one) => !spared.includes(one));
  for (const one of ended) endProcess(one);
  for (const until = Date.now() + longestEndMs; ended.some(({ pid }) => isAlive(pid));) {
    assert.ok(Date.now() < until, "what was killed lives on");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
  return { spared, ended };
}

/** Null for one that is gone. */
export function processOf(pid: number): SeenProcess | null {
  return seen(pid)[0] ?? null;
}

export function isAlive(pid: number): boolean {
  return seen(pid).length > 0;
}

/** Empty for one that is gone, or dead to its last thread and not yet fetched by its parent. */
function seen(pid: number): SeenProcess[] {
  const stat = readProcessStat(pid);
  if (stat === null || isDefunctStat(stat)) return [];
  try {
    const [, parent] = stat;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
    return [{ pid, parent: Number(parent), command }];
  } catch {
    return [];
  }
}

export const victims = ["driver", "program", "engine"] as const;
export type Victim = (typeof victims)[number];

/** The process that plays this part below a driver now; null where none does, as between two runs of the engine. */
export function victimOf(part: Victim, driver: number): SeenProcess | null {
  if (part === "driver") return processOf(driver);
  const isPart: Record<Exclude<Victim, "driver">, (command: string[]) => boolean> = {
    program: (command) => command.some((word) => word.endsWith("/cmd/run") || word.includes("/cmd/run/")),
    engine: ([file = "", ...words]) =>
      /(^|\/)pulumi$/.test(file) && words.some((word) => word === "up" || word === "preview"),
  };
  return descendants(driver).find(({ command }) => isPart[part](command)) ?? null;
}
