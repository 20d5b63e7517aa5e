import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type EngineRun } from "../../lib/engine/engine.js";
import { programRig, type ProgramRig } from "./support/program-rig.js";
import { describeOnRealEngine, skipWithoutEngine } from "./support/engines.js";

const release = "kubernetes:helm.sh/v3:Release";

function why(run: EngineRun): string {
  return run.diagnostics.map(({ severity, message }) => `${severity}: ${message}`).join("\n");
}

function moved(run: EngineRun): Record<string, string[]> {
  const steps = run.steps.filter((step) => step.type === release && step.operation !== "same");
  return Object.fromEntries(
    [...new Set(steps.map(({ name }) => name))].map((name) => [
      name,
      steps.filter((step) => step.name === name).map(({ operation }) => operation),
    ]),
  );
}

describeOnRealEngine("a stack whose releases were imported by hand (real engine)", function () {
  this.timeout(900_000);
  let rig: ProgramRig;

  before(function () {
    skipWithoutEngine(this, "pulumi");
  });
  afterEach(async () => rig?.dispose());

  for (const resource of ["hubble", "my-palette"]) {
    it(`pulumi import of default/hubble as ${resource}: goes on without delete or replace, and its state is sealed`, async () => {
      rig = await programRig("pulumi", { from: "4.6.41", to: "4.7.20" });
      const words = ["import", release, resource, "default/hubble", "--stack", "dev", "--yes", "--skip-preview"];
      // Not synchronous: the site is served by this process.
      await promisify(execFile)("pulumi", [...words, "--generate-code=false"], {
        cwd: rig.projectDir,
        env: { ...process.env, ...rig.environment, KUBECONFIG: rig.site.kubeconfig },
      });

      const enrol = await rig.up();
      assert.ok(enrol.ok, why(enrol));
      const kinds = Object.values(moved(enrol)).flat();
      assert.ok(
        !kinds.some((kind) => kind === "delete" || kind === "replace" || kind === "create"),
        JSON.stringify(moved(enrol)),
      );
      assert.deepEqual(await rig.history(), ["1 superseded 4.6.41", "2 deployed 4.6.41"]);
      const hop = await rig.up();
      assert.ok(hop.ok, why(hop));
      assert.deepEqual(moved(hop).hubble, ["update"]);
      assert.deepEqual((await rig.history()).at(-1), "3 deployed 4.7.20");
      // The import itself left values in clear in the backend's own copies; the state is sealed by the first update.
      const state = readFileSync(join(rig.projectDir, "backend/.pulumi/stacks/palette/dev.json"), "utf8");
      for (const secret of await rig.secrets()) assert.ok(!state.includes(secret), "a secret in clear in the state");
      const quiet = await rig.up();
      assert.deepEqual([quiet.ok, moved(quiet)], [true, {}], why(quiet));
    });
  }
});
