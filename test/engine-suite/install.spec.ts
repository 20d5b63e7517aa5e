import assert from "node:assert/strict";
import { type EngineRun } from "../../lib/engine/engine.js";
import { listFailedGates, parseRefusals } from "../../lib/driver/evidence.js";
import { programRig, type ProgramRig } from "./support/program-rig.js";
import { listEngines, skipWithoutEngine } from "./support/engines.js";

const release = "kubernetes:helm.sh/v3:Release";

function why(run: EngineRun): string {
  return run.diagnostics.map(({ severity, message }) => `${severity}: ${message}`).join("\n");
}

/** Operation by name of what is neither unchanged nor a component. */
function moved(run: EngineRun, type?: string): Record<string, string> {
  const steps = run.steps.filter((step) => step.operation !== "same" && (type === undefined || step.type === type));
  return Object.fromEntries(steps.map(({ name, operation }) => [name, operation]));
}

const values = JSON.stringify({ hubble: { mongo: { databasePassword: "planted-in-a-test" } } });
const withoutGateways = { install: "true", "pcg.none": "true", tenants: null, secrets: null, values };

for (const engineName of listEngines()) {
  describe(`installing from nothing on the ${engineName} engine`, function () {
    this.timeout(900_000);
    let rig: ProgramRig;

    before(function () {
      skipWithoutEngine(this, engineName);
    });
    afterEach(async () => rig?.dispose());

    async function up(ok = true): Promise<EngineRun> {
      const run = await rig.up();
      assert.equal(run.ok, ok, why(run));
      return run;
    }

    it("a clean cluster: straight to the target; its open check is settled later; then nothing to do", async () => {
      rig = await programRig(engineName, { from: "4.6.41", to: "4.7.20" }, withoutGateways, { empty: true });
      const preview = await rig.preview();
      assert.ok(preview.ok, why(preview));
      const report = rig.report();
      assert.deepEqual([report.step?.kind, report.approval?.version], ["install", "4.7.20"]);
      const mongo = report.gates.find(({ gate }) => gate === "mongo-replica-set");
      assert.deepEqual(
        [mongo?.outcome, mongo?.reasons[0]?.message],
        [
          "not-applicable",
          "4.7.20 is installed from nothing; there is no installation before it that the gate mongo-replica-set could judge.",
        ],
      );

      await rig.site.changeFaults({ add: [{ name: "rollout-stuck" }] });
      const stuck = await up(false);
      assert.deepEqual(moved(stuck, release), { "cert-manager": "create", hubble: "create" }, why(stuck));
      assert.deepEqual(
        listFailedGates(stuck).map(({ gate, when }) => `${gate} ${when}`),
        ["rollout after"],
      );
      assert.equal((await rig.engine.outputs()).appliedVersion, undefined);

      await rig.site.changeFaults({ clear: ["rollout-stuck"] });
      const settled = await up();
      assert.deepEqual(moved(settled, release), {}, "nothing is installed twice");
      assert.deepEqual([settled.outputs.appliedVersion, settled.outputs.adopted], ["4.7.20", true]);
      assert.deepEqual(await rig.history(), ["1 deployed 4.7.20"]);
      assert.deepEqual([moved(await rig.preview()), moved(await up())], [{}, {}], "a settled stack has no diff");
      const stored = rig.stored();
      for (const secret of await rig.secrets()) assert.ok(!stored.includes(secret), "a secret in clear");
    });

    it("in one run: recorded like any other, no diff afterwards", async () => {
      rig = await programRig(engineName, { from: "4.6.41", to: "4.7.20" }, withoutGateways, { empty: true });
      const installed = await up();
      assert.deepEqual([installed.outputs.appliedVersion, installed.outputs.remaining], ["4.7.20", []]);
      assert.deepEqual(installed.outputs.verifiedHops, [], "no hop was taken");
      assert.deepEqual([moved(await rig.preview()), moved(await up())], [{}, {}]);
    });

    it("without palette:install nothing is begun, and it is said how", async () => {
      rig = await programRig(
        engineName,
        { from: "4.6.41", to: "4.7.20" },
        { ...withoutGateways, install: null },
        { empty: true },
      );
      const run = await up(false);
      assert.deepEqual([parseRefusals(run)[0]?.code, moved(run, release)], ["NO_INSTALLATION", {}]);
      assert.match(why(run), /set palette:install to true/);
    });
  });
}
