import assert from "node:assert/strict";
import { type EngineRun } from "../../../lib/engine/engine.js";
import { listFailedGates, parseRefusals } from "../../../lib/driver/evidence.js";
import { type ClusterRig } from "./cluster-rig.js";

const release = "kubernetes:helm.sh/v3:Release";

/** What a run said, for a failed assertion. */
export function why(run: EngineRun): string {
  return run.diagnostics.map(({ severity, message }) => `${severity}: ${message}`).join("\n");
}

/** An update that must succeed, or must not. */
export async function up(rig: ClusterRig, ok = true): Promise<EngineRun> {
  const run = await rig.up();
  assert.equal(run.ok, ok, why(run));
  return run;
}

/** Roles of the releases that a run touched, with what it did. */
export function movedReleases(run: EngineRun): Record<string, string> {
  const steps = run.steps.filter((step) => step.type === release && step.operation !== "same");
  return Object.fromEntries(steps.map(({ name, operation }) => [name, operation]));
}

/** `gate CODE` of everything that refused. */
export function refusedBy(run: EngineRun): string[] {
  const gates = listFailedGates(run).flatMap(({ gate, reasons }) => reasons.map(({ code }) => `${gate} ${code}`));
  return [...new Set([...gates, ...parseRefusals(run).map(({ code }) => code)])];
}
