import assert from "node:assert/strict";
import { breakChart, breakRelease } from "../support/broken-release.js";
import { weekdays } from "../../../lib/settings/list-entries.js";
import { acceptHop, disturbedRig, onEachEngine, stopped, describeEnd, type DisturbedRig } from "./disturbed-rig.js";
import { siteEvidence } from "./evidence.js";
import type { UpResult } from "../../../lib/driver/up-result.js";

const lastHop = { from: "4.6.41", to: "4.7.20" };

/** 4.6.43 is reached from 4.6.36 at once, and from 4.6.41 too. */
const twoHops = { from: "4.6.36", to: "4.7.20" };
const otherTarget = "4.6.43";

const refusedByCluster = {
  embedded: /^Helm release "default\/hubble" was updated, but failed to initialize completely\. .*webhook/m,
  pulumi:
    /Helm release "default\/hubble" failed to initialize completely\..* failed to create resource: the server does not allow this method/,
};

function nextStep(to: string): RegExp {
  return new RegExp(
    `^Helm's records show what moved: .*hubble from revision \\d+ \\(.*\\) to revision \\d+ \\(failed, ${to}\\)\\. ` +
      `hubble ${to} may run in part beside the old version\\. Its hop is the only next one\\. ` +
      "Fix what is named and run the same command again; every gate is judged again before it goes on\\.$",
  );
}

function updates(result: UpResult): string[] {
  return result.updates.map(({ step, from, to, outcome }) => `${step} ${from} -> ${to} ${outcome}`);
}

onEachEngine("disturbances, a release that fails", 1800, (engineName) => {
  let disturbed: DisturbedRig;
  afterEach(async () => disturbed?.rig.dispose());

  async function enrolled(route: Parameters<typeof disturbedRig>[1], charts: string[] = []): Promise<DisturbedRig> {
    disturbed = await disturbedRig(engineName, route, { charts });
    await disturbed.run({ to: route.from });
    return disturbed;
  }

  /** One run in which Helm fails on the platform itself; what the preview behind it says comes next. */
  async function failing({ rig, run }: DisturbedRig, from: string, to: string): Promise<void> {
    const failed = await run();
    assert.deepEqual([failed.outcome, failed.exitCode, failed.applied], ["failed", 1, from], describeEnd(failed));
    assert.deepEqual(updates(failed), [`hop ${from} -> ${to} failed`]);
    const [refusal, ...others] = failed.refusals;
    assert.deepEqual([refusal?.code, others], ["UPDATE_FAILED", []]);
    assert.match(refusal?.next ?? "", nextStep(to));
    assert.match(refusal!.message, refusedByCluster[engineName]);
    await rig.preview();
    const { step, plan } = rig.report();
    assert.deepEqual(step, { kind: "hop", from, destination: to, resuming: true, declareReleases: true });
    assert.equal(plan?.hops[0]?.to, to);
  }

  it("the hop of a release that failed is tried again, fails again, and is finished once what failed is fixed", async () => {
    const { rig, reaches } = await enrolled(lastHop);
    const before = "1 deployed 4.6.41";
    await breakRelease(rig, "4.7.20");
    await failing(disturbed, "4.6.41", "4.7.20");
    assert.deepEqual(await rig.history(), [before, "2 failed 4.7.20"]);
    const fix = await breakRelease(rig, "4.7.20");
    await failing(disturbed, "4.6.41", "4.7.20");
    assert.deepEqual(await rig.history(), [before, "2 failed 4.7.20", "3 failed 4.7.20"]);
    await fix();
    const fixed = await reaches("4.7.20");
    assert.deepEqual(updates(fixed), ["hop 4.6.41 -> 4.7.20 succeeded"]);
    assert.deepEqual(await rig.history(), [
      "1 superseded 4.6.41",
      "2 failed 4.7.20",
      "3 failed 4.7.20",
      "4 deployed 4.7.20",
    ]);
  });

  it("a hop in progress moves nothing past gates of a hop's beginning that fail now, and goes on once they are fixed", async () => {
    const { rig, run, reaches } = await enrolled(lastHop);
    const fixRelease = await breakRelease(rig, "4.7.20");
    await failing(disturbed, "4.6.41", "4.7.20");
    await fixRelease();
    const half = await rig.history();
    await rig.site.changeFaults({ add: [{ name: "pcg-paused" }] });
    const paused = await run({ patience: 0 });
    assert.notEqual(paused.outcome, "done", describeEnd(paused));
    assert.match(stopped(paused).join("\n"), /^PCG_PAUSED: /, describeEnd(paused));
    assert.deepEqual(await rig.history(), half);
    await rig.site.changeFaults({ clear: ["pcg-paused"] });
    rig.set("windows", JSON.stringify([{ days: weekdays, from: "00:00", to: "00:01", zone: "UTC" }]));
    const closed = await run({ patience: 0 });
    assert.notEqual(closed.outcome, "done", describeEnd(closed));
    assert.match(stopped(closed).join("\n"), /WINDOW_TOO_SHORT/, describeEnd(closed));
    assert.deepEqual(await rig.history(), half);
    rig.set("windows", "[]");
    await reaches("4.7.20");
  });

  it("a release that failed in somebody else's hands is taken up where a person says so, though it is for the next stop", async () => {
    const { rig, run, reaches } = await enrolled(lastHop);
    await rig.site.changeFaults({ add: [{ name: "release-failed", version: "4.7.20" }] });
    const refused = await run();
    assert.deepEqual([refused.exitCode, refused.updates], [3, []], describeEnd(refused));
    assert.match(
      stopped(refused).join("\n"),
      /^HOP_IN_PROGRESS: .* Somebody else began it: .* It is the first hop of the route/,
    );
    rig.set("accept", acceptHop("4.6.41->4.7.20"));
    await reaches("4.7.20");
    assert.deepEqual(await rig.history(), ["1 superseded 4.6.41", "2 failed 4.7.20", "3 deployed 4.7.20"]);
  });

  it("a target that is changed while a hop is begun holds from its end on: what was begun is finished first", async () => {
    const { rig, run, reaches } = await enrolled(twoHops, [otherTarget]);
    const fix = await breakRelease(rig, "4.6.41");
    await failing(disturbed, "4.6.36", "4.6.41");
    await fix();
    disturbed.rig.set("target", otherTarget);
    const refused = await run();
    assert.deepEqual([refused.exitCode, refused.updates], [3, []], describeEnd(refused));
    assert.match(stopped(refused).join("\n"), /^HOP_IN_PROGRESS: .* This tool began it: .* It is not on the route/);
    disturbed.rig.set("accept", acceptHop("4.6.36->4.6.41"));
    const finished = await run({ maxHops: 1 });
    assert.deepEqual(updates(finished), ["hop 4.6.36 -> 4.6.41 succeeded"], describeEnd(finished));
    assert.deepEqual(
      [finished.outcome, finished.applied, finished.target, finished.remaining],
      ["stopped", "4.6.41", otherTarget, [otherTarget]],
    );
    const arrived = await reaches(otherTarget);
    assert.deepEqual(updates(arrived), [`hop 4.6.41 -> ${otherTarget} succeeded`]);
    assert.deepEqual(await rig.history(), [
      "1 superseded 4.6.36",
      "2 failed 4.6.41",
      "3 superseded 4.6.41",
      `4 deployed ${otherTarget}`,
    ]);
    disturbed.rig.set("target", "4.6.41");
    const back = await run();
    assert.deepEqual([back.exitCode, back.refusals[0]?.code, back.updates], [3, "DOWNGRADE", []], describeEnd(back));
  });

  it("a target that is changed before anything is begun is gone to by its own route", async () => {
    const { rig, reaches } = await enrolled(twoHops, [otherTarget]);
    disturbed.rig.set("target", otherTarget);
    const arrived = await reaches(otherTarget);
    assert.deepEqual(updates(arrived), [`hop 4.6.36 -> ${otherTarget} succeeded`]);
    assert.deepEqual(await rig.history(), ["1 superseded 4.6.36", `2 deployed ${otherTarget}`]);
  });

  if (engineName === "pulumi") {
    it("a release that goes before the platform's fails: its hop is known by its chart, and finished once it is fixed", async () => {
      const { rig, run, reaches } = await enrolled(lastHop);
      const fix = breakChart(rig, "4.7.20", "cert-manager");
      const failed = await run();
      assert.deepEqual([failed.outcome, failed.exitCode, failed.applied], ["failed", 1, "4.6.41"], describeEnd(failed));
      assert.match(failed.refusals[0]!.message, /Helm release "default\/cert-manager" failed to initialize completely/);
      assert.deepEqual(await rig.history(), ["1 deployed 4.6.41"]);
      const revisions = siteEvidence(rig.model()).releases["default/cert-manager"]!;
      assert.equal(revisions.at(-1)?.status, "failed");
      assert.match(revisions.at(-1)!.description, /^Upgrade "cert-manager" failed: /, "Helm's words, not our mark");
      await fix();
      const fixed = await reaches("4.7.20");
      assert.deepEqual(updates(fixed), ["hop 4.6.41 -> 4.7.20 succeeded"]);
      assert.deepEqual(await rig.history(), ["1 superseded 4.6.41", "2 deployed 4.7.20"]);
    });
  }
});
