import { readdirSync, readFileSync } from "node:fs";
import { type RequestCount } from "../../../packages/rehearsal/lib/cluster/request-count.js";

/** The largest resident size that one kind of child process had while it was watched, in megabytes; 0 where it cannot be seen. */
export interface MemoryWatch {
  stop(): number;
}

const everyMs = 250;

/** Watches processes whose command line holds `words`; by /proc, so on Linux only. */
export function watchMemory(words: string): MemoryWatch {
  let largestKb = 0;
  const timer = setInterval(() => {
    for (const pid of processes()) {
      if (!textOf(`/proc/${pid}/cmdline`).includes(words)) continue;
      const peak = Number(/VmHWM:\s+(\d+) kB/.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0);
      largestKb = Math.max(largestKb, peak);
    }
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return Math.round(largestKb / 1024);
    },
  };
}

function processes(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Empty for a process that is gone. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** `412 palette-upgrade (400 get, 12 exec), 160 helm (…)`. */
export function requestWords(counts: readonly RequestCount[]): string {
  const clients = [...new Set(counts.map(({ client }) => client))];
  const sum = (some: readonly RequestCount[]): number => some.reduce((total, { count }) => total + count, 0);
  return clients
    .map((client) => {
      const own = counts.filter((each) => each.client === client);
      return `${sum(own)} ${client} (${own.map(({ verb, count }) => `${count} ${verb}`).join(", ")})`;
    })
    .join(", ");
}

/** One line of what was measured, below the test it belongs to. */
export function print(line: string): void {
  process.stdout.write(`      ${line}\n`);
}
