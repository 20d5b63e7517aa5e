import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createConnectOptions } from "../../../lib/program/rehearsal/connect-options.js";
import { findCutOffFiles } from "../../../lib/engine/cut-off-state.js";
import type { ProgramRig } from "../support/program-rig.js";
import { bringForwardByHand, rollBackByHand } from "./by-hand.js";
import type { DriverEnd } from "./driver-process.js";

/** Site time after which a revision that stays pending is called stuck. */
const releaseTimeoutSeconds = 3600;

/** What a person did who read what the driver said. */
export type Deed = "lock taken away" | "rolled back" | "support called" | "waited" | null;

/**
 * Does what the driver's refusal says: the stale lock away, a release whose Helm is gone rolled back where it says so and
 * else handed to the vendor's support. `stillAtWork`: something of an earlier run lives, so that a pending release may end by
 * itself.
 */
export async function followAdvice(rig: ProgramRig, end: DriverEnd, stillAtWork: () => boolean): Promise<Deed> {
  const reported = (code: string): Reported | undefined =>
    end.result?.refusals.find((refusal) => refusal.code === code);
  const locked = reported("STACK_LOCKED");
  if (locked !== undefined) return followLockAdvice(rig, locked);
  const stuck = reported("RELEASE_STUCK");
  if (stuck !== undefined) return followStuckAdvice(rig, stuck);
  if (reported("RELEASE_PENDING") === undefined) return null;
  if (stillAtWork()) await sleep(500);
  else await createConnectOptions(rig.site.environment).clock.sleep(releaseTimeoutSeconds);
  return "waited";
}

export type Reported = NonNullable<DriverEnd["result"]>["refusals"][number];

export async function followLockAdvice(rig: ProgramRig, { message }: Pick<Reported, "message">): Promise<Deed> {
  if (!message.includes("that process is gone")) {
    await sleep(500);
    return "waited";
  }
  const env = { ...process.env, ...rig.environment };
  const words = ["cancel", "--yes", "--stack", rig.stack];
  const cancel = spawn("pulumi", words, { cwd: rig.projectDir, env, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  cancel.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const [exitCode] = (await once(cancel, "close")) as [number | null];
  assert.equal(exitCode, 0, `pulumi cancel: ${errors}`);
  return "lock taken away";
}

export async function followStuckAdvice({ site }: ProgramRig, { message, next }: Reported): Promise<Deed> {
  const release = /^Release "([\w-]+)" in namespace "([\w-]+)"/.exec(message);
  assert.ok(release !== null, message);
  const [, name = "", namespace = ""] = release;
  const back = /"helm rollback ([\w-]+) (\d+) --namespace ([\w-]+)"/.exec(next ?? "");
  if (back !== null) {
    assert.deepEqual([back[1], back[3]], [name, namespace], next ?? "");
    await rollBackByHand(site, { name, namespace, revision: Number(back[2]) });
    return "rolled back";
  }
  assert.match(next ?? "", /^Never roll it back: .* call the vendor's support/);
  await bringForwardByHand(site, { name, namespace });
  return "support called";
}

/**
 * Deletes the attributes of the stack's state where the real engine was killed while it wrote them, as the driver's
 * STATE_CUT_OFF advises (cut-off-state.spec.ts): until then every command of Pulumi fails on the stack.
 */
export function deleteCutOffAttributes({ engine, projectDir, stack }: ProgramRig): void {
  if (engine.name !== "pulumi") return;
  for (const { file } of findCutOffFiles(join(projectDir, "backend"), "palette", stack)) {
    assert.match(file, /\.attrs$/);
    rmSync(file);
  }
}
