import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ProgramRig } from "../support/program-rig.js";
import { maxWaitSeconds } from "./disturbed-rig.js";

export interface DriverEnd {
  /** Null where it was killed. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** What it printed, parsed; null where it did not get that far. */
  result: { outcome: string; refusals: { code: string; message: string; next: string | null }[] } | null;
  /** What it printed, as it came. */
  reported: string;
  errors: string;
}

export interface DriverStart {
  /** The stop to end at. */
  to?: string;
  /** Added to its environment. */
  environment?: Record<string, string>;
}

/** A driver that runs. */
export interface StartedDriver {
  pid: number;
  ended: Promise<DriverEnd>;
  /** Closes the pipes that it prints to, as a reader that ends. */
  closeOutput: () => void;
}

/** The driver as people run it, in a process that can be killed. */
export function startDriver(rig: ProgramRig, start: DriverStart = {}): StartedDriver {
  const { script, env, request } = commandOf(rig, start);
  const child = spawn(process.execPath, script, { cwd: rig.projectDir, env, stdio: "pipe" });
  child.stdin.end(request);
  child.stdin.on("error", () => undefined);
  let reported = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (reported += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  // Not "close": what it leaves behind may keep its streams open.
  const ended = new Promise<DriverEnd>((resolve) => {
    child.once("exit", (exitCode, signal) =>
      setImmediate(() => resolve({ exitCode, signal, result: parsed(reported), reported, errors })),
    );
  });
  const closeOutput = (): void => {
    for (const stream of [child.stdout, child.stderr]) stream.destroy();
  };
  return { pid: child.pid!, ended, closeOutput };
}

/** Waits for a moment of a driver's run. Fails with how the driver ended where it does so before. */
export async function duringRun(driver: StartedDriver, moment: Promise<void>): Promise<void> {
  const end = await Promise.race([moment, driver.ended]);
  if (end !== undefined) assert.fail(`it ended before: ${JSON.stringify(end)}`);
}

/** The driver on a terminal of its own, which goes when the returned process is killed. `exitFile` gets its exit code. */
export function startDriverOnTerminal(rig: ProgramRig, exitFile: string): ChildProcess {
  const { script, env, request } = commandOf(rig, { environment: { EXIT_FILE: exitFile } });
  const requestFile = `${exitFile}.request`;
  writeFileSync(requestFile, request, { mode: 0o600 });
  const command = `exec "$NODE" "$DRIVER" < "$REQUEST"`;
  return spawn("script", ["--quiet", "--command", command, "/dev/null"], {
    cwd: rig.projectDir,
    env: { ...env, NODE: process.execPath, DRIVER: script[0], REQUEST: requestFile },
    stdio: ["pipe", "ignore", "ignore"],
  });
}

function commandOf(
  rig: ProgramRig,
  { to, environment = {} }: DriverStart,
): { script: string[]; env: NodeJS.ProcessEnv; request: string } {
  const limit = to === undefined ? {} : { to };
  const options = { stack: rig.stack, yes: true, output: "json", patience: maxWaitSeconds, ...limit };
  const words = ["up", "--stack", rig.stack, "--yes", "--output", "json", "--patience", String(maxWaitSeconds)];
  if (to !== undefined) words.push("--to", to);
  const script =
    rig.engine.name === "pulumi"
      ? [join(rig.projectDir, "bin/palette-upgrade"), ...words]
      : [join(__dirname, "embedded-driver.cjs")];
  const request = JSON.stringify({
    projectDir: rig.projectDir,
    stateFile: join(rig.projectDir, "backend/state.json"),
    config: Object.fromEntries(
      Object.entries(rig.config).map(([key, value]) => [key, { value, secret: rig.secretKeys.includes(key) }]),
    ),
    environment: { ...rig.environment, ...environment },
    options,
  });
  return { script, env: { ...process.env, ...rig.environment, ...environment }, request };
}

function parsed(text: string): DriverEnd["result"] {
  try {
    return JSON.parse(text) as DriverEnd["result"];
  } catch {
    return null;
  }
}
