import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { atExit } from "./at-exit.js";

/** A program that runs until it is stopped. */
export interface Running {
  name: string;
  pid: number;
  logFile: string;
  /** Ends it: TERM, and KILL when it has not gone in time. */
  stop(): Promise<void>;
  kill(): Promise<void>;
  ended(): boolean;
}

export interface StartRequest {
  name: string;
  program: string;
  arguments: string[];
  logFile: string;
  environment?: NodeJS.ProcessEnv;
}

const maxWaitMs = 8000;

/** Starts a program with its output in a file; killed by its id should this process end first. */
export function startProgram({ name, program, arguments: args, logFile, environment }: StartRequest): Running {
  const log = openSync(logFile, "a");
  const child = spawn(program, args, { stdio: ["ignore", log, log], env: environment ?? process.env });
  closeSync(log);
  const isGone = atExit(() => child.kill("SIGKILL"));
  let isOver = false;
  const gone = new Promise<void>((resolve) => {
    const end = (): void => {
      isOver = true;
      isGone();
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });
  const kill = (): Promise<void> => {
    if (!isOver) child.kill("SIGKILL");
    return gone;
  };
  const stop = async (): Promise<void> => {
    if (!isOver) child.kill("SIGTERM");
    const timer = setTimeout(() => void kill(), maxWaitMs);
    await gone;
    clearTimeout(timer);
  };
  return { name, pid: child.pid ?? -1, logFile, stop, kill, ended: () => isOver };
}

/** The last lines that a program wrote. */
export function lastLines(logFile: string, count = 15): string {
  return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-count).join("\n");
}

/** Free ports of loopback, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Asks again until the answer is not null; the programs named are watched meanwhile. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null>,
  options: { seconds?: number; everyMs?: number; watched?: Running[] } = {},
): Promise<T> {
  const limit = performance.now() + (options.seconds ?? 60) * 1000;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null) return answer;
    const dead = options.watched?.find((running) => running.ended());
    if (dead !== undefined)
      throw new Error(`${dead.name} ended while ${what} was awaited:\n${lastLines(dead.logFile)}`);
    if (performance.now() > limit) throw new Error(`not within ${options.seconds ?? 60} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 100));
  }
}
