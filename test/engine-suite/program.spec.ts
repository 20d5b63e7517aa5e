import assert from "node:assert/strict";
import { type EngineRun } from "../../lib/engine/engine.js";
import { listFailedGates, parseRefusals } from "../../lib/driver/evidence.js";
import { acceptHop } from "./driver/disturbed-rig.js";
import { programRig, type ProgramRig } from "./support/program-rig.js";
import { listEngines, skipWithoutEngine } from "./support/engines.js";

function why(run: EngineRun): string {
  return run.diagnostics.map(({ severity, message }) => `${severity}: ${message}`).join("\n");
}

/** Operation by name of what is neither unchanged nor a component. */
function moved(run: EngineRun, type: string): Record<string, string> {
  const steps = run.steps.filter((step) => step.type === type && step.operation !== "same");
  return Object.fromEntries(steps.map(({ name, operation }) => [name, operation]));
}

const release = "kubernetes:helm.sh/v3:Release";
const command = "command:local:Command";

for (const engineName of listEngines()) {
  describe(`the program on the ${engineName} engine`, function () {
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

    it("4.6.41 -> 4.7.20: enrols, refuses at a gate, hops when it is fixed, then has nothing to do", async () => {
      rig = await programRig(engineName, { from: "4.6.41", to: "4.7.20" });
      const enrol = await up();
      assert.deepEqual(moved(enrol, release), {});
      assert.deepEqual([enrol.outputs.appliedVersion, enrol.outputs.remaining], ["4.6.41", ["4.7.20"]]);
      assert.deepEqual(enrol.outputs.verifiedHops, []);

      await rig.site.changeFaults({ add: [{ name: "two-primaries" }] });
      const refused = await up(false);
      const codes = listFailedGates(refused).flatMap((report) => [
        report.gate,
        ...report.reasons.map(({ code }) => code),
      ]);
      assert.ok(codes.includes("mongo-replica-set") && codes.includes("TWO_PRIMARIES"), why(refused));
      assert.deepEqual(moved(refused, release), {});
      assert.deepEqual(await rig.history(), ["1 deployed 4.6.41"]);
      assert.equal((await rig.engine.outputs()).appliedVersion, "4.6.41");

      await rig.site.changeFaults({ clear: ["two-primaries"] });
      const preview = await rig.preview();
      assert.ok(preview.ok, why(preview));
      const hop = await up();
      assert.deepEqual(await rig.history(), ["1 superseded 4.6.41", "2 deployed 4.7.20"]);
      assert.deepEqual(Object.keys(moved(hop, release)).sort(), Object.keys(moved(preview, release)).sort());
      assert.deepEqual([hop.outputs.appliedVersion, hop.outputs.remaining, hop.outputs.adopted], ["4.7.20", [], true]);
      const verified = hop.outputs.verifiedHops as { from: string; to: string }[];
      assert.deepEqual(
        verified.map(({ from, to }) => `${from} -> ${to}`),
        ["4.6.41 -> 4.7.20"],
      );

      for (const run of [await rig.preview(), await up()]) {
        assert.deepEqual([moved(run, release), moved(run, command)], [{}, {}], "a settled stack has no diff");
      }
      assert.deepEqual((await rig.engine.outputs()).verifiedHops, verified);
      const stored = rig.stored();
      for (const secret of await rig.secrets()) assert.ok(!stored.includes(secret), "a secret in clear");
    });

    it("4.6.36 -> 4.6.41: a check that fails is not forgotten: settle first, then go on", async () => {
      rig = await programRig(engineName, { from: "4.6.36", to: "4.7.20" });
      await up();
      await rig.site.changeFaults({ add: [{ name: "rollout-stuck", at: "4.6.41" }] });
      const failed = await up(false);
      assert.deepEqual(
        listFailedGates(failed).map(({ gate, when }) => `${gate} ${when}`),
        ["rollout after"],
        why(failed),
      );
      assert.deepEqual(await rig.history(), ["1 superseded 4.6.36", "2 deployed 4.6.41"]);
      assert.equal((await rig.engine.outputs()).appliedVersion, "4.6.36");

      const again = await up(false);
      assert.deepEqual(moved(again, release), {}, "nothing moves on while the installed version is not proved");
      await rig.site.changeFaults({ clear: ["rollout-stuck"] });
      const settled = await up();
      assert.deepEqual(moved(settled, release), {});
      assert.deepEqual(settled.outputs.appliedVersion, "4.6.41");
      const verified = settled.outputs.verifiedHops as { from: string; to: string }[];
      assert.deepEqual(
        verified.map(({ from, to }) => `${from} -> ${to}`),
        ["4.6.36 -> 4.6.41"],
      );
      await up();
      assert.deepEqual((await rig.engine.outputs()).appliedVersion, "4.7.20");
    });

    it("4.6.41 -> 4.7.20: a release that failed is taken up on a person's word, and its gates are judged again", async () => {
      rig = await programRig(engineName, { from: "4.6.41", to: "4.7.20" });
      await up();
      await rig.site.changeFaults({ add: [{ name: "release-failed", version: "4.7.20" }] });
      rig.set("accept", acceptHop("4.6.41->4.7.20"));
      await rig.site.changeFaults({ add: [{ name: "two-primaries" }] });
      const refused = await up(false);
      assert.deepEqual(moved(refused, release), {}, why(refused));
      await rig.site.changeFaults({ clear: ["two-primaries"] });
      await up();
      assert.deepEqual(await rig.history(), ["1 superseded 4.6.41", "2 failed 4.7.20", "3 deployed 4.7.20"]);
      const stored = rig.stored();
      for (const secret of await rig.secrets()) assert.ok(!stored.includes(secret), "a secret in clear");
    });

    it("refuses another cluster than the enrolled one, in the preview already", async () => {
      rig = await programRig(engineName, { from: "4.6.41", to: "4.7.20" });
      await up();
      await rig.site.changeFaults({ add: [{ name: "wrong-cluster" }] });
      for (const run of [await rig.preview(), await up(false)]) {
        assert.deepEqual([run.ok, parseRefusals(run)[0]?.code], [false, "CLUSTER_MISMATCH"], why(run));
      }
      assert.deepEqual(await rig.history(), ["1 deployed 4.6.41"]);
    });
  });
}
