import assert from "node:assert/strict";
import { helmReleaseGate } from "../../../lib/gates/helm-release/gate.js";
import { adviseStuckRevision } from "../../../lib/gates/helm-release/what-runs.js";
import type { HelmRevision } from "../../../lib/site/types.js";
import { arrived, at, FakeClock, fakeSite, inputFor, neverAborted, pod, readyWorkloads, revision, workload, type FakeFacts } from "../fake-site.js"; // prettier-ignore

/** Legend: Palette 4.6.41 is deployed; cert-manager's upgrade to 1.16.1 began at 08:00 and its Helm was killed; it is 12:00. */
const ofCertManager = (change: Partial<HelmRevision>): HelmRevision =>
  revision({ revision: 1, name: "certs", namespace: "cert-manager", chart: "cert-manager", chartVersion: "1.14.5", ...change }); // prettier-ignore
const deployed = ofCertManager({ revision: 7, lastDeployed: at(-9000) });
const stuck = ofCertManager({ revision: 8, chartVersion: "1.16.1", status: "pending-upgrade", lastDeployed: at(0) });
const revisions = [...arrived("4.5.23", "4.6.41", at(-10_000)), deployed, stuck];
const controller = workload({ namespace: "cert-manager", name: "certs", images: ["r.example/controller:1.14.5"] });
const before: Partial<FakeFacts> = {
  revisions,
  workloads: [...readyWorkloads, controller],
  pods: [pod({ startTime: at(-9000) })],
  images: { 7: ["r.example/controller:1.14.5"], 8: ["r.example/controller:1.16.1"] },
};

async function reported(change: Partial<FakeFacts> = {}): Promise<string> {
  const site = fakeSite({ ...before, ...change });
  const input = inputFor({ site, clock: new FakeClock(at(240)), to: "4.7.20" });
  const { outcome, reasons } = await helmReleaseGate.sample(input, neverAborted);
  assert.deepEqual(
    [outcome, reasons.map(({ code, member }) => [code, member])],
    ["fail", [["RELEASE_STUCK", "certs"]]],
  );
  return reasons[0]!.message;
}

describe("gate helm-release, a stuck release beside Palette's own", () => {
  it("is rolled back by its own name, revision and namespace where nothing of it runs", async () => {
    assert.ok(
      (await reported()).endsWith(
        "Nothing of it runs: none of the 1 images that only it names, no workload waits for a newer template and no pod was " +
          'started since. Undo it with "helm rollback certs 7 --namespace cert-manager", then run this again. ' +
          'Where Helm refuses that with "no … with the name … found", take the records away instead, which touches nothing ' +
          'that runs: kubectl delete secrets --namespace cert-manager --selector "owner=helm,name=certs,version in (8,9)".',
      ),
    );
  });

  it("so the program says too, where it refuses to plan", async () => {
    const advice = await adviseStuckRevision(fakeSite(before).kubernetes, stuck, "4.6.41");
    assert.match(advice, /"helm rollback certs 7 --namespace cert-manager"/);
  });

  const never: [title: string, change: Partial<FakeFacts>, why: string][] = [
    [
      "its new image runs",
      { workloads: [...readyWorkloads, { ...controller, images: ["r.example/controller:1.16.1"] }] },
      "Deployment cert-manager/certs is at its image controller:1.16.1",
    ],
    [
      "its workload moves",
      { workloads: [...readyWorkloads, { ...controller, observedGeneration: controller.generation - 1 }] },
      "Deployment cert-manager/certs is not at its old revision",
    ],
    [
      "what ran of it before is nowhere that was looked",
      { workloads: readyWorkloads },
      "what ran of it before could not be found",
    ],
    ["a pod was started since", { pods: [pod({ name: "certs-1", startTime: at(5) })] }, "pod hubble-system/certs-1 was started since"],
    ["nothing earlier is deployed", { revisions: revisions.filter((each) => each !== deployed) }, "no earlier revision is deployed"],
    [
      "its manifests name the same images",
      { images: { 7: ["r.example/controller:1"], 8: ["r.example/controller:1"] } },
      "its manifest names no image that what was there before lacks",
    ],
  ]; // prettier-ignore
  for (const [title, change, why] of never) {
    it(`is never rolled back where ${title}; the way on names its chart, not Palette's version`, async () => {
      const message = await reported(change);
      assert.ok(!message.includes("helm rollback"), message);
      assert.ok(
        message.endsWith(
          `Never roll it back: ${why}, and data may have been migrated. The way on is forward, to cert-manager 1.16.1; ` +
            "call the vendor's support before you touch Helm's record. Once that says failed, run this again: it takes the hop up.",
        ),
        message,
      );
    });
  }

  it("a young one is somebody's upgrade: nothing is advised, nothing more is read", async () => {
    const site = fakeSite(before, { workloads: () => assert.fail("workloads were read") });
    const input = inputFor({ site, clock: new FakeClock(at(30)), to: "4.7.20" });
    const { outcome, reasons } = await helmReleaseGate.sample(input, neverAborted);
    assert.deepEqual([outcome, reasons.map(({ code }) => code)], ["wait", ["RELEASE_PENDING"]]);
  });
});
