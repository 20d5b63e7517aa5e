import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { getErrorMessage } from "../../../lib/base/errors/errors.js";
import type { ProgramRig } from "../support/program-rig.js";

export interface HandEnd {
  ok: boolean;
  /** Everything it said. */
  said: string;
}

/** A process's number, null where the update runs in this one. */
export interface UpdateByHand {
  pid: number | null;
  ended: Promise<HandEnd>;
}

/** Somebody's own update of the stack, past the driver: `pulumi up`, or the embedded engine's. */
export function updateByHand(rig: ProgramRig): UpdateByHand {
  if (rig.engine.name === "embedded") return { pid: null, ended: embedded(rig) };
  const words = ["up", "--yes", "--skip-preview", "--non-interactive", "--stack", rig.stack];
  const env = { ...process.env, ...rig.environment };
  const child = spawn("pulumi", words, { cwd: rig.projectDir, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<HandEnd>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ ok: exitCode === 0, said }));
  });
  return { pid: child.pid!, ended };
}

async function embedded({ engine }: ProgramRig): Promise<HandEnd> {
  try {
    const { ok, diagnostics } = await engine.up();
    return { ok, said: diagnostics.map(({ message }) => message).join("\n") };
  } catch (error) {
    return { ok: false, said: getErrorMessage(error) };
  }
}

/** Whether an update holds the stack now, as the engine itself keeps it. */
export function isLocked({ projectDir, engine, stack }: ProgramRig): boolean {
  const backend = join(projectDir, "backend");
  if (engine.name === "embedded") return existsSync(join(backend, "state.json.lock"));
  const locks = join(backend, ".pulumi/locks/organization/palette", stack);
  return existsSync(locks) && readdirSync(locks).some((name) => name.endsWith(".json"));
}
