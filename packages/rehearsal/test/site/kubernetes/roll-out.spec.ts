import assert from "node:assert/strict";
import { injectFaults } from "../../../lib/site/create.js";
import { listPodObjects, listWorkloadObjects } from "../../../lib/site/kubernetes/workloads.js";
import { minutes, seconds } from "../../../lib/site/model.js";
import { rollOutDuration, listSimulatedWorkloads } from "../../../lib/site/kubernetes/roll-out.js";
import { listNamespaces, listWorkloads } from "../../../lib/site/kubernetes/workload-list.js";
import { afterHops, freshModel, start } from "../models.js";

const hop = afterHops(freshModel(), ["4.2.7"]);

describe("the simulated roll-out", () => {
  it("takes two to five minutes, and jet is last", () => {
    assert.ok(rollOutDuration >= 2 * minutes && rollOutDuration <= 5 * minutes);
    const busy = (at: number): string[] =>
      listSimulatedWorkloads(hop, start + at)
        .filter(({ pods, updated }) => updated < pods.length || pods.some(({ ready }) => !ready))
        .map(({ spec }) => spec.name);
    assert.deepEqual(busy(rollOutDuration - 1 * seconds), ["jet"]);
    assert.deepEqual(busy(rollOutDuration), []);
  });

  it("restarts every platform workload once and leaves cert-manager alone", () => {
    const before = new Map(
      listSimulatedWorkloads(freshModel(), start).map((workload) => [
        `${workload.spec.namespace}/${workload.spec.name}`,
        workload,
      ]),
    );
    for (const workload of listSimulatedWorkloads(hop, start + rollOutDuration)) {
      const old = before.get(`${workload.spec.namespace}/${workload.spec.name}`)!;
      const restarted = workload.pods.every((pod, index) => pod.startedAt > old.pods[index]!.startedAt);
      assert.equal(restarted, workload.spec.namespace !== "cert-manager", workload.spec.name);
      assert.equal(workload.newVersion, workload.spec.namespace === "cert-manager" ? "4.1.12" : "4.2.7");
    }
  });

  it("counts and revisions of the StatefulSet follow its members", () => {
    const mongo = (at: number): Record<string, unknown> =>
      listWorkloadObjects(hop, "StatefulSet", start + at * seconds).find(({ metadata }) => metadata.name === "mongo")![
        "status"
      ] as Record<string, unknown>;
    assert.equal(mongo(0)["updatedReplicas"], 0);
    assert.notEqual(mongo(100)["currentRevision"], mongo(100)["updateRevision"]);
    assert.deepEqual([mongo(20)["readyReplicas"], mongo(20)["updatedReplicas"]], [2, 1]);
    assert.equal(mongo(185)["currentRevision"], mongo(185)["updateRevision"]);
  });

  it("Kubernetes has not yet seen a change of this second", () => {
    const mgmt = (at: number) =>
      listWorkloadObjects(hop, "Deployment", start + at * seconds).find(({ metadata }) => metadata.name === "mgmt")!;
    const seen = (at: number): boolean =>
      (mgmt(at)["status"] as { observedGeneration: number }).observedGeneration === mgmt(at).metadata["generation"];
    assert.deepEqual([seen(0.5), seen(3)], [false, true]);
  });

  it("pods have names and UIDs of their own, and rightly completed ones are there", () => {
    for (const at of [0, 60, 130, 300]) {
      const pods = listPodObjects(hop, start + at * seconds);
      assert.equal(new Set(pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).size, pods.length);
      assert.equal(new Set(pods.map(({ metadata }) => metadata["uid"])).size, pods.length);
      assert.equal(pods.filter((pod) => (pod["status"] as { phase: string }).phase === "Succeeded").length, 1);
    }
  });

  it("rollout-stuck: one more pod cannot pull its image, and after ten minutes Kubernetes says so", () => {
    const stuck = injectFaults(freshModel(), [{ name: "rollout-stuck" }], start);
    const waiting = listSimulatedWorkloads(stuck, start).flatMap(({ pods }) =>
      pods.flatMap((pod) => pod.waiting ?? []),
    );
    assert.deepEqual(waiting, [
      { reason: "ImagePullBackOff", message: 'Back-off pulling image "palette-images/hashboard:4.1.12"' },
    ]);
    const late = (at: number): boolean =>
      JSON.stringify(listWorkloadObjects(stuck, "Deployment", start + at)).includes("ProgressDeadlineExceeded");
    assert.deepEqual([late(9 * minutes), late(10 * minutes)], [false, true]);
  });

  const namespaces: [version: string, nginx: boolean, traefik: boolean, controllerNginx: boolean][] = [
    ["4.8.46", true, false, true],
    ["4.8.47", true, true, true],
    ["4.9.13", true, true, true],
    ["4.9.14", true, true, false],
    ["4.10.13", true, true, false],
  ];
  for (const [version, nginx, traefik, controller] of namespaces) {
    it(`${version}: ingress namespaces and controllers as the guides say`, () => {
      assert.equal(listNamespaces(version).includes("ingress-nginx"), nginx);
      assert.equal(listNamespaces(version).includes("ingress-traefik"), traefik);
      assert.equal(
        listWorkloads(version).some(({ name }) => name === "ingress-nginx-controller"),
        controller,
      );
    });
  }

  it("a controller that a hop brings is not ready before its pods are", () => {
    const brought = afterHops(freshModel({ version: "4.8.33" }), ["4.8.47"]);
    const traefik = (at: number) =>
      listSimulatedWorkloads(brought, start + at).find(({ spec }) => spec.name === "traefik-ingress-controller")!;
    assert.equal(traefik(0).ready, 0);
    assert.equal(traefik(rollOutDuration).ready, 3);
  });
});
