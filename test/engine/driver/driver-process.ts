import { spawn } from "node:child_process";
import { join } from "node:path";
import type { ProgramRig } from "../support/program-rig.js";
import { patienceSeconds } from "./disturbed-rig.js";

export interface DriverEnd {
  /** Null where it was killed. */
  exitCode: number | null;
  /** What it printed, parsed; null where it did not get that far. */
  result: { outcome: string; refusals: { code: string; message: string }[] } | null;
  errors: string;
}

/** The driver as people run it, in a process that can be killed. */
export function startDriver(rig: ProgramRig): { pid: number; ended: Promise<DriverEnd> } {
  const options = { stack: rig.stack, yes: true, output: "json", patience: patienceSeconds };
  const words = ["up", "--stack", rig.stack, "--yes", "--output", "json", "--patience", String(patienceSeconds)];
  const script =
    rig.engine.name === "pulumi"
      ? [join(rig.projectDir, "bin/palette-upgrade"), ...words]
      : [join(__dirname, "embedded-driver.cjs")];
  const env = { ...process.env, ...rig.environment };
  const child = spawn(process.execPath, script, { cwd: rig.projectDir, env, stdio: "pipe" });
  child.stdin.end(
    JSON.stringify({
      projectDir: rig.projectDir,
      stateFile: join(rig.projectDir, "backend/state.json"),
      config: Object.fromEntries(
        Object.entries(rig.config).map(([key, value]) => [key, { value, secret: key === "palette:tenants" }]),
      ),
      environment: rig.environment,
      options,
    }),
  );
  child.stdin.on("error", () => undefined);
  let told = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (told += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  // Not "close": what it leaves behind may keep its streams open.
  const ended = new Promise<DriverEnd>((resolve) => {
    child.once("exit", (exitCode) => setImmediate(() => resolve({ exitCode, result: parsed(told), errors })));
  });
  return { pid: child.pid!, ended };
}

function parsed(text: string): DriverEnd["result"] {
  try {
    return JSON.parse(text) as DriverEnd["result"];
  } catch {
    return null;
  }
}
