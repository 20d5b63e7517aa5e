import assert from "node:assert/strict";
import { helmReleaseGate } from "../../../lib/gates/helm-release/gate.js";
import type { Verdict } from "../../../lib/gates/verdict/types.js";
import type { HelmRevision, Pod, Workload } from "../../../lib/site/types.js";
import {
  arrived,
  at,
  container,
  FakeClock,
  fakeSite,
  inputFor,
  neverAborted,
  pod,
  readyWorkloads,
  revision,
  workload,
} from "../fake-site.js";

interface Case {
  /** Revisions beside hubble's history 4.5.23 -> 4.6.41 (revision 2). */
  more: HelmRevision[];
  minutes?: number;
  to?: string;
  workloads?: Workload[];
  pods?: Pod[];
  /** Images by revision; revision 3 is the newest, 2 the deployed one. */
  images?: Record<number, string[]>;
}

async function judge({
  more,
  minutes = 30,
  to = "4.7.20",
  workloads = readyWorkloads,
  pods = [pod({ startTime: at(1) })],
  images = { 2: ["r.example/mgmt:4.6.41", "r.example/same:1"], 3: ["r.example/mgmt:4.7.20", "r.example/same:1"] },
}: Case): Promise<Verdict> {
  const site = fakeSite({ revisions: [...arrived("4.5.23", "4.6.41"), ...more], workloads, pods, images });
  return helmReleaseGate.sample(inputFor({ site, clock: new FakeClock(at(minutes)), to }), neverAborted);
}

const pendingAt = (minutes: number): HelmRevision =>
  revision({ revision: 3, chartVersion: "4.7.20", status: "pending-upgrade", lastDeployed: at(minutes) });
const failed = (version: string): HelmRevision =>
  revision({ revision: 3, chartVersion: version, status: "failed", lastDeployed: at(20) });
const certManager = (description: string, status: HelmRevision["status"] = "deployed"): HelmRevision =>
  revision({ revision: 4, name: "cert-manager", chart: "cert-manager", chartVersion: "1.14.5", description, status });

describe("gate helm-release", () => {
  const table: [string, Case, string, string[]][] = [
    ["all deployed", { more: [certManager("Palette 4.6.41")] }, "pass", []],
    [
      "a foreign chart that has failed",
      { more: [revision({ revision: 1, name: "redis", chart: "redis", chartVersion: "1.0.0", status: "failed" })] },
      "pass",
      [],
    ],
    [
      "another Palette namespace's release",
      { more: [revision({ revision: 9, namespace: "other", chartVersion: "4.7.20", status: "failed" })] },
      "pass",
      [],
    ],
    ["pending for 59 minutes", { more: [pendingAt(0)], minutes: 59 }, "wait", ["RELEASE_PENDING"]],
    ["pending for an hour", { more: [pendingAt(0)], minutes: 60 }, "fail", ["RELEASE_STUCK"]],
    [
      "cert-manager pending for 5 minutes",
      {
        more: [
          revision({
            revision: 4,
            name: "cert-manager",
            chart: "cert-manager",
            chartVersion: "1.14.5",
            status: "pending-upgrade",
            lastDeployed: at(25),
          }),
        ],
      },
      "wait",
      ["RELEASE_PENDING"],
    ],
    ["failed for the destination: taken up again", { more: [failed("4.7.20")] }, "pass", ["NOTE"]],
    ["failed for another version", { more: [failed("4.7.15")] }, "fail", ["HOP_BEGUN"]],
    [
      "cert-manager failed under our mark for the destination",
      { more: [certManager("Palette 4.7.20", "failed")] },
      "pass",
      ["NOTE", "NOTE"],
    ],
    ["half moved for the destination", { more: [certManager("Palette 4.7.20")] }, "pass", ["NOTE"]],
    ["half moved for another version", { more: [certManager("Palette 4.7.15")] }, "fail", ["SET_HALF_MOVED"]],
    ["a mark older than what is installed", { more: [certManager("Palette 4.5.23")] }, "pass", []],
    [
      "being uninstalled",
      { more: [revision({ revision: 3, chartVersion: "4.6.41", status: "uninstalling" })] },
      "fail",
      ["RELEASE_NOT_DEPLOYED"],
    ],
    [
      "changed by hand since",
      { more: [revision({ revision: 3, chartVersion: "4.6.41", valuesDigest: "d2" })] },
      "pass",
      ["NOTE"],
    ],
  ];
  for (const [title, given, outcome, codes] of table) {
    it(`${outcome}: ${title}`, async () => {
      const verdict = await judge(given);

      assert.deepEqual([verdict.outcome, verdict.reasons.map(({ code }) => code)], [outcome, codes]);
    });
  }

  it("says that someone is upgrading now, since when and until when that is believed", async () => {
    const verdict = await judge({ more: [pendingAt(0)], minutes: 3 });

    assert.equal(
      verdict.reasons[0]?.message,
      'Helm release "hubble" in namespace "default": revision 3 for 4.7.20 is pending-upgrade, begun 3 minutes ago: someone is ' +
        "upgrading now, or the Helm of a killed run is still at work. Let it end; after 2026-01-31T09:00:00.000Z it counts as stuck.",
    );
  });

  it("says in seconds what is younger than two minutes, and never less than none", async () => {
    const ages: [number, string][] = [[1, "60 s"], [1.99, "119 s"], [2, "2 minutes"], [-1, "0 s"]]; // prettier-ignore
    for (const [minutes, words] of ages) {
      const { reasons } = await judge({ more: [pendingAt(0)], minutes });
      assert.ok(reasons[0]?.message.includes(`begun ${words} ago`), words);
    }
  });

  it("tells who changed it by hand after one of ours, and with which values", async () => {
    const said = async (change: Partial<HelmRevision>): Promise<string[]> =>
      (await judge({ more: [revision({ revision: 3, chartVersion: "4.6.41", lastDeployed: at(9), description: "x", ...change })] })).reasons.map(({ message }) => message); // prettier-ignore
    const by = (values: string): string =>
      `FOREIGN_REVISION: Helm release "hubble" in namespace "default": revision 3 for 4.6.41 was not made by this tool, as revision 2 (4.6.41) was: someone changed it by hand on ${at(9)}, ${values} ("x").`;
    assert.deepEqual(await said({}), [by("with the same values")]);
    assert.deepEqual(await said({ valuesDigest: "d2" }), [by("with other values")]);
    assert.deepEqual(await said({ description: "Palette 4.6.41" }), []);
  });

  it("names the only next hop of one that was begun", async () => {
    const verdict = await judge({ more: [failed("4.7.15")] });

    assert.equal(
      verdict.reasons[0]?.message,
      'Helm release "hubble" in namespace "default": revision 3 for 4.7.15 has failed: the hop 4.6.41 -> 4.7.15 was begun. ' +
        "4.7.15 is the only next hop, whatever the target; finish it first. It is not rolled back: data may have been migrated.",
    );
  });

  describe("the remedy of a stuck revision", () => {
    const stuck: Case = { more: [pendingAt(10)], minutes: 200 };

    it("is the exact rollback where nothing of the new revision runs", async () => {
      const verdict = await judge(stuck);

      assert.equal(
        verdict.reasons[0]?.message,
        'Helm release "hubble" in namespace "default": revision 3 for 4.7.20 has been pending-upgrade for 190 minutes, so its Helm ' +
          "is gone. Nothing of it runs: none of the 1 images that only it names, no workload waits for a newer template and no pod " +
          "was started since. Undo it with " +
          '"helm rollback hubble 2 --namespace default", then run this again. ' +
          'Where Helm refuses that with "no … with the name … found", take the records away instead, which touches nothing ' +
          'that runs: kubectl delete secrets --namespace default --selector "owner=helm,name=hubble,version in (3,4)".',
      );
    });

    const traces: [string, Partial<Case>, string][] = [
      [
        "a StatefulSet is not at its old revision",
        { workloads: [workload({ kind: "StatefulSet", name: "mongo", currentRevision: "a", updateRevision: "b" })] },
        "StatefulSet hubble-system/mongo is not at its old revision",
      ],
      [
        "a Deployment's new template is not observed",
        { workloads: [workload({ generation: 3 })] },
        "Deployment hubble-system/mgmt is not at its old revision",
      ],
      [
        "pods of a new template are missing",
        { workloads: [workload({ updated: 1 })] },
        "Deployment hubble-system/mgmt is not at its old revision",
      ],
      [
        "a label names the new version",
        { workloads: [workload({ labels: { "helm.sh/chart": "spectro-mgmt-plane-4.7.20" } })] },
        "Deployment hubble-system/mgmt is labelled with 4.7.20",
      ],
      [
        "a pod was started since",
        { pods: [pod({ startTime: at(11) })] },
        "pod hubble-system/mgmt-7d9f-abcde was started since",
      ],
      [
        "a hook's Job was started since",
        { pods: [pod({ name: "migrate-x1", ownerKind: "Job", ownerName: "migrate", startTime: at(11) })] },
        "pod hubble-system/migrate-x1 was started since",
      ],
      [
        "a pod has an image that only the new revision names, whatever registry it was swapped to",
        { pods: [pod({ startTime: at(1), containers: [container({ image: "mirror.example/x/mgmt:4.7.20" })] })] },
        "pod hubble-system/mgmt-7d9f-abcde runs its image mgmt:4.7.20",
      ],
      [
        "a hook's pod with such an image has ended",
        {
          pods: [
            pod({
              name: "migrate-x1",
              phase: "Succeeded",
              startTime: at(1),
              containers: [
                container({ image: "mgmt:4.7.20", terminated: { reason: "Completed", exitCode: 0 }, ready: false }),
              ],
            }),
          ],
        },
        "pod hubble-system/migrate-x1 ran its image mgmt:4.7.20",
      ],
      [
        "a member of a StatefulSet that moves has such an image: the member is named",
        {
          workloads: [workload({ kind: "StatefulSet", name: "mongo", currentRevision: "a", updateRevision: "b" })],
          pods: [pod({ name: "mongo-2", startTime: at(11), containers: [container({ image: "mgmt:4.7.20" })] })],
        },
        "pod hubble-system/mongo-2 runs its image mgmt:4.7.20",
      ],
      [
        "a workload's template is at such an image",
        { workloads: [workload({ images: ["mgmt:4.7.20"] })] },
        "Deployment hubble-system/mgmt is at its image mgmt:4.7.20",
      ],
      [
        "both manifests name the same images",
        { images: { 2: ["mgmt:1"], 3: ["other.example/mgmt:1"] } },
        "its manifest names no image that what was there before lacks",
      ],
      [
        "the deployed revision's manifest names none",
        { images: { 3: ["mgmt:4.7.20"] } },
        "its manifest names no image that what was there before lacks",
      ],
      ["nothing can be seen", { pods: [] }, "what runs could not be seen"],
    ];
    for (const [title, change, trace] of traces) {
      it(`is never a rollback where ${title}`, async () => {
        const verdict = await judge({ ...stuck, ...change });

        const message = verdict.reasons[0]!.message;
        assert.equal(message.includes("helm rollback"), false);
        assert.ok(
          message.endsWith(
            `Never roll it back: ${trace}, and data may have been migrated. The way on is forward, to 4.7.20; ` +
              "call the vendor's support before you touch Helm's record. Once that says failed, run this again: it takes the hop up.",
          ),
          message,
        );
      });
    }

    it("ignores a CronJob's pod, which comes by the clock", async () => {
      const scheduled = pod({
        name: "packsync-29384756-abcde",
        ownerKind: "Job",
        ownerName: "packsync-29384756",
        startTime: at(100),
      });
      const verdict = await judge({ ...stuck, pods: [pod({ startTime: at(1) }), scheduled] });

      assert.ok(verdict.reasons[0]!.message.includes("helm rollback hubble 2"));
    });
  });
});
