import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { previewGatesOnly } from "../../lib/program/preview/without-engine.js";
import { parseSettings } from "../../lib/settings/settings.js";
import { type PreviewReport } from "../../lib/program/preview/report.js";
import { programRig, type ProgramRig } from "./support/program-rig.js";
import { listEngines, skipWithoutEngine } from "./support/engines.js";

/** `gate subject when: outcome`, what does not apply left out. */
function outcomes({ gates }: PreviewReport): string[] {
  return gates
    .filter(({ outcome }) => outcome !== "not-applicable")
    .map(({ gate, subject, when, outcome }) => `${gate}${subject === null ? "" : ` ${subject}`} ${when}: ${outcome}`);
}

for (const engineName of listEngines()) {
  describe(`what a preview tells, on the ${engineName} engine`, function () {
    this.timeout(900_000);
    let rig: ProgramRig;

    before(function () {
      skipWithoutEngine(this, engineName);
    });
    afterEach(async () => rig?.dispose());

    it("4.6.36 -> 4.7.20: the route, each gate's verdict now, charts, acts, how long, no return; then without the cluster", async () => {
      rig = await programRig(engineName, { from: "4.6.36", to: "4.7.20" });
      const first = await rig.preview();
      assert.ok(first.ok);
      const enrol = rig.report();
      assert.deepEqual([enrol.step?.kind, enrol.approval, enrol.releases], ["enrol", null, []]);
      assert.ok(outcomes(enrol).includes("rollout after: pass"), outcomes(enrol).join("\n"));

      assert.ok((await rig.up()).ok);
      await rig.site.changeFaults({ add: [{ name: "two-primaries" }] });
      const preview = await rig.preview();
      assert.ok(preview.ok, "what a gate finds does not fail a preview");
      const report = rig.report();
      assert.deepEqual(
        report.plan?.hops.map(({ to }) => to),
        ["4.6.41", "4.7.20"],
      );
      const seen = outcomes(report);
      for (const line of [
        "mongo-replica-set before: fail",
        "helm-release before: pass",
        "rollout before: pass",
        "pcg-readiness acme/pcg-vsphere before: pass",
        "rollout after: will-check",
        "pcg-catch-up acme/pcg-vsphere after: will-check",
      ])
        assert.ok(seen.includes(line), `${line} not in\n${seen.join("\n")}`);
      const mongo = report.gates.find(({ gate }) => gate === "mongo-replica-set")!;
      assert.ok(mongo.reasons.some(({ code }) => code === "TWO_PRIMARIES"));
      assert.deepEqual(
        report.gates.filter(({ outcome }) => outcome === "will-check").map(({ why }) => why),
        report.gates.filter(({ when }) => when === "after").map(() => "after the hop"),
      );
      assert.deepEqual(
        report.releases.filter(({ role }) => role === "hubble").map(({ from, to }) => [from, to]),
        [["4.6.36", "4.6.41"]],
      );
      assert.deepEqual(
        report.estimates.map(({ hop }) => hop.to),
        ["4.6.41", "4.7.20"],
      );
      assert.equal(report.pointOfNoReturn?.to, "4.7.20");
      assert.equal(report.approval?.version, "4.6.41");
      assert.match(report.approval.fingerprint, /^[0-9a-f]{64}$/);
      const shown = preview.diagnostics.map(({ message }) => message).join("\n");
      assert.match(shown, /mongo-replica-set \(before\): fail\n\s+TWO_PRIMARIES: /);
      assert.match(shown, /Point of no return: 4\.6\.41 -> 4\.7\.20; /);

      const outputs = await rig.engine.outputs();
      const { report: ahead } = await previewGatesOnly({
        stack: "dev",
        projectDir: rig.projectDir,
        settings: parseSettings(
          { ...rig.config, "palette:kubernetes": JSON.stringify({ kubeconfig: rig.site.kubeconfig }) },
          null,
        ),
        outputs,
        readStackOutputs: () => Promise.reject(new Error("nothing is promoted here")),
        readStateReleases: () => Promise.resolve(null),
        environment: { ...process.env, ...rig.site.environment },
      });
      assert.deepEqual(outcomes(ahead), seen, "without an engine the gates say the same");

      renameSync(rig.site.kubeconfig, `${rig.site.kubeconfig}.away`);
      const unseen = await rig.preview();
      assert.ok(unseen.ok, unseen.diagnostics.map(({ message }) => message).join("\n"));
      const blind = rig.report();
      assert.deepEqual(
        blind.plan?.hops.map(({ to }) => to),
        ["4.6.41", "4.7.20"],
      );
      assert.match(blind.notice ?? "", /^Preview without the cluster/);
      assert.ok(blind.gates.every(({ outcome, why }) => outcome === "will-check" && why !== null));
      assert.deepEqual(blind.refusal, null);
      for (const secret of Object.values(rig.site.apiKeys))
        assert.ok(!JSON.stringify([enrol, report, ahead]).includes(secret), "a secret in the report");
    });

    it("a preview that refuses says so in its report", async () => {
      rig = await programRig(engineName, { from: "4.6.41", to: "4.7.20" }, { target: "4.9.51" });
      assert.equal((await rig.preview()).ok, true, "enrolling needs no route");
      assert.ok((await rig.up()).ok);
      assert.equal((await rig.preview()).ok, false);
      const { refusal, stack } = rig.report();
      assert.deepEqual([refusal?.code, stack], ["TARGET_UNKNOWN", "dev"]);
    });
  });
}
