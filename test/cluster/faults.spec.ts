import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { stuckAnnotation } from "../../packages/rehearsal/lib/cluster/chart-objects.js";
import { type EngineRun } from "../../lib/engine/engine.js";
import { clusterRig, type ClusterRig, type RigOptions } from "./support/cluster-rig.js";
import { ownToolsOrSkip } from "./support/global-setup.js";
import { movedReleases, refusedBy, up, why } from "./support/run-words.js";
import { until } from "./support/processes.js";
import { type Tools } from "./support/tool-names.js";

const from = "4.6.36";
const to = "4.6.41";
const hashboard = "/apis/apps/v1/namespaces/hubble-system/deployments/hashboard";
const settledHistory = [`1 superseded ${from} Install complete`, `2 deployed ${to} Palette ${to}`];

describe("what goes wrong on a real control plane", function () {
  this.timeout(600_000);
  let tools: Tools;
  let rig: ClusterRig;

  before(function () {
    tools = ownToolsOrSkip(this, "parts of the control plane are ended and slowed here");
  });
  afterEach(async () => rig?.dispose());

  async function enrolled(more: Partial<RigOptions> = {}): Promise<ClusterRig> {
    // Without gateways: these runs are about the cluster.
    const settings = { "pcg.none": "true", tenants: null, secrets: null, ...more.settings };
    rig = await clusterRig({ tools, from, to, ...more, settings });
    await up(rig);
    return rig;
  }

  /** Runs on until it succeeds, as the driver does; never more often than a person would. */
  async function upUntilDone(first: EngineRun): Promise<EngineRun> {
    let run = first;
    for (let turn = 0; turn < 4 && !(run.ok && run.outputs.appliedVersion === to); turn++) run = await rig.up();
    assert.equal(run.outputs.appliedVersion, to, why(run));
    return run;
  }

  it("a roll-out that stalls: the hop is not settled, the workload is named, and fixed it settles", async () => {
    await enrolled({ settings: { "rollout.deadline": "12s" } });
    order(rig, { hashboard: "CrashLoopBackOff" });
    const failed = await up(rig, false);
    assert.ok(
      refusedBy(failed).some((code) => code.startsWith("rollout ")),
      why(failed),
    );
    assert.match(why(failed), /hubble-system\/hashboard/);
    assert.equal((await rig.engine.outputs()).appliedVersion, from);
    assert.deepEqual(await rig.history(), settledHistory);

    await rig.plane.api.patch(hashboard, {
      spec: { template: { metadata: { annotations: { [stuckAnnotation]: "" } } } },
    });
    const settled = await up(rig);
    assert.deepEqual(movedReleases(settled), {}, "only the open checks run");
    assert.equal(settled.outputs.appliedVersion, to);
  });

  it("a node lost before the hop: nothing moves, what is missing is named; with the node back the hop is taken", async () => {
    const settings = { "rollout.deadline": "8s", "mongo.deadline": "8s" };
    await enrolled({ nodeApart: true, nodeGraceSeconds: 12, settings });
    await rig.own().loseNode();
    await until("a node NotReady", async () => {
      const set = await rig.plane.api.get<{ status: { numberReady: number } }>(
        "/apis/apps/v1/namespaces/ingress-nginx/daemonsets/ingress-nginx-controller",
      );
      return set.status.numberReady < 3 ? true : null;
    });
    const refused = await up(rig, false);
    assert.deepEqual(movedReleases(refused), {}, why(refused));
    assert.match(why(refused), /StatefulSet mongo has 2 of 3 pods ready/);
    rig.own().returnNode();
    await upUntilDone(await rig.up());
    assert.deepEqual(await rig.history(), settledHistory);
  });

  it("the API server restarted under the gates: nothing is lost, the hop is taken once", async () => {
    await enrolled();
    let isAsked = false;
    const running = rig.up((event) => {
      isAsked ||= event.kind === "step-started" && event.step.name.startsWith("gate-");
    });
    await until("a gate begun", () => Promise.resolve(isAsked ? true : null), { seconds: 200 });
    await rig.own().restartApiServer(1000);
    await upUntilDone(await running);
    assert.deepEqual(await rig.history(), settledHistory);
  });

  it("the API server restarted under the checks after: they go on, or the next run settles", async () => {
    await enrolled({ settings: { "rollout.deadline": "60s" } });
    let isMoved = false;
    // Helm has returned by then: cut off in its last words, it would be asked for the same version once more.
    const running = rig.up((event) => {
      isMoved ||= event.kind === "step-done" && event.step.name === "hubble" && event.step.operation === "update";
    });
    await until("hubble moved", () => Promise.resolve(isMoved ? true : null), { seconds: 200 });
    assert.match((await rig.history()).at(-1)!, new RegExp(`^2 deployed ${to} `));
    await rig.own().restartApiServer(1000);
    await upUntilDone(await running);
    assert.deepEqual(await rig.history(), settledHistory);
  });

  it("a slow etcd: the hop takes longer, and is taken", async () => {
    await enrolled({ slowEtcd: true });
    rig.own().etcd!.delay(60);
    const run = await rig.up();
    rig.own().etcd!.delay(0);
    await upUntilDone(run);
    assert.deepEqual(await rig.history(), settledHistory);
  });

  it("a release left pending by a killed helm: young, someone is upgrading; old, stuck, with the exact remedy", async () => {
    await enrolled({ settings: { "helm.timeout": "20s" } });
    const stuck = ["--set", "standIn.stuck.hashboard=CrashLoopBackOff"];
    const chart = rig.palette.chartOf(to, "hubble");
    const args = ["upgrade", "hubble", chart, "--namespace", "default", "--reuse-values", "--wait", ...stuck];
    const helm = spawn(tools.helm, args, {
      env: { ...process.env, KUBECONFIG: rig.plane.kubeconfig },
      stdio: "ignore",
    });
    const gone = new Promise((resolve) => helm.once("exit", resolve));
    await until("the pending revision", async () => {
      const newest = (await rig.history()).at(-1) ?? "";
      const workload = await rig.plane.api.get<{
        spec: { template: { metadata: { annotations?: Record<string, string> } } };
      }>(hashboard);
      const moved = workload.spec.template.metadata.annotations?.[stuckAnnotation] === "CrashLoopBackOff";
      return newest.startsWith("2 pending-upgrade") && moved ? true : null;
    });
    helm.kill("SIGKILL");
    await gone;
    const young = await up(rig, false);
    assert.ok(refusedBy(young).includes("RELEASE_PENDING"), why(young));

    await new Promise((resolve) => setTimeout(resolve, 20_000));
    const old = await up(rig, false);
    assert.ok(refusedBy(old).includes("RELEASE_STUCK"), why(old));
    assert.deepEqual(movedReleases(old), {});
    assert.doesNotMatch(why(old), /helm rollback hubble/, "parts of the new version run: there is no way back");
    assert.equal((await rig.history()).length, 2);
  });
});

/** Pods of these workloads will not start in the version to come. */
function order(rig: ClusterRig, stuck: Record<string, string>): void {
  const file = join(rig.palette.chartOf(to, "hubble"), "values.yaml");
  const values = parse(readFileSync(file, "utf8")) as { standIn: { stuck: Record<string, string> } };
  writeFileSync(file, stringify({ ...values, standIn: { ...values.standIn, stuck } }));
}
