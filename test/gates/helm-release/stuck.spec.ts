import assert from "node:assert/strict";
import { describeStuckRemedy, type RunningObjects } from "../../../lib/gates/helm-release/stuck.js";
import type { HelmRevision } from "../../../lib/site/types.js";
import { at, pod, readyWorkloads, revision } from "../fake-site.js";

const stuck = revision({ revision: 3, chartVersion: "4.7.20", status: "pending-upgrade", lastDeployed: at(10) });
const before = (change: Partial<HelmRevision> = {}): HelmRevision =>
  revision({ revision: 2, chartVersion: "4.6.41", status: "deployed", lastDeployed: at(0), ...change });
const still: RunningObjects = {
  workloads: readyWorkloads,
  pods: [pod({ startTime: at(1) })],
  images: { stuck: ["r.example/mgmt:4.7.20", "r.example/same:1"], deployed: ["r.example/mgmt:4.6.41", "r.example/same:1"] },
}; // prettier-ignore

function advice(revisions: HelmRevision[], change: Partial<RunningObjects> | null = {}): string {
  return describeStuckRemedy(stuck, revisions, change === null ? null : { ...still, ...change });
}

const forward = (why: string): string =>
  `Never roll it back: ${why}, and data may have been migrated. The way on is forward, to 4.7.20; call the vendor's support before you touch Helm's record. Once that says failed, run this again: it takes the hop up.`;

describe("what to do about a stuck revision", () => {
  it("where nothing of it runs, the very revision of this release that is deployed", () => {
    const others = [
      before({ revision: 1, chartVersion: "4.5.23", status: "superseded" }),
      before(),
      before({ revision: 2, name: "other" }),
      before({ revision: 2, namespace: "other" }),
      before({ revision: 2, status: "failed" }),
      before({ revision: 4 }),
    ].map((each, index) => (index < 2 ? each : { ...each, revision: each.revision === 4 ? 4 : 2.5 }));
    assert.equal(
      advice([...others, stuck]),
      "Nothing of it runs: none of the 1 images that only it names, no workload waits for a newer template and no pod was started " +
        'since. Undo it with "helm rollback hubble 2 --namespace default", then run this again. ' +
        'Where Helm refuses that with "no … with the name … found", take the records away instead, which touches nothing that ' +
        'runs: kubectl delete secrets --namespace default --selector "owner=helm,name=hubble,version in (3,4)".',
    );
  });

  const never: [title: string, revisions: HelmRevision[], change: Partial<RunningObjects> | null, why: string][] = [
    ["no earlier one is deployed", [stuck], {}, "no earlier revision is deployed"],
    ["the only deployed one is of another release", [before({ name: "other" })], {}, "no earlier revision is deployed"],
    ["… of another namespace", [before({ namespace: "other" })], {}, "no earlier revision is deployed"],
    ["… later than it", [before({ revision: 4 })], {}, "no earlier revision is deployed"],
    ["the one before was superseded", [before({ status: "superseded" })], {}, "no earlier revision is deployed"],
    ["what runs cannot be determined", [before()], null, "whether anything of it runs cannot be determined"],
    ["no workload is seen", [before()], { workloads: [] }, "what runs could not be seen"],
    ["no pod is seen", [before()], { pods: [] }, "what runs could not be seen"],
    ["its images could not be read", [before()], { images: null }, "the images of its manifest could not be read"],
    [
      "it names no image of its own",
      [before()],
      { images: { stuck: ["a/b:1"], deployed: ["a/b:1"] } },
      "its manifest names no image that what was there before lacks",
    ],
    [
      "a pod was started at the very moment",
      [before()],
      { pods: [pod({ startTime: at(10) })] },
      "pod hubble-system/mgmt-6f-abc was started since",
    ],
    [
      "a pod has not started yet",
      [before()],
      { pods: [pod({ startTime: null })] },
      "pod hubble-system/mgmt-6f-abc was started since",
    ],
    [
      "a pod of something else that is named like a scheduled one",
      [before()],
      { pods: [pod({ startTime: at(20), ownerKind: "ReplicaSet", ownerName: "web-29012345" })] },
      "pod hubble-system/mgmt-6f-abc was started since",
    ],
    [
      "a pod of a Job that only holds such a number",
      [before()],
      { pods: [pod({ startTime: at(20), ownerKind: "Job", ownerName: "migrate-29012345-x" })] },
      "pod hubble-system/mgmt-6f-abc was started since",
    ],
  ];
  const name = pod().name;
  for (const [title, revisions, change, why] of never) {
    it(`no rollback where ${title}`, () =>
      assert.equal(advice(revisions, change), forward(why.replace("mgmt-6f-abc", name))));
  }
});
