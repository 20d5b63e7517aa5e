import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { stuckAnnotation } from "../../packages/rehearsal/lib/cluster/chart-objects.js";
import { encodeHelmSecret, type StoredSecret } from "../../packages/rehearsal/lib/helm-storage.js";
import { decodeHelmRecord } from "../../lib/site/helm/records.js";
import { type EngineRun } from "../../lib/engine/engine.js";
import { clusterRig, type ClusterRig } from "./support/cluster-rig.js";
import { ownToolsOrSkip } from "./support/global-setup.js";
import { until } from "./support/processes.js";
import { movedReleases, refusedBy, up, why } from "./support/run-words.js";
import { type Tools } from "./support/tool-names.js";

const from = "4.6.36";
const to = "4.6.41";
/** Helm waits no longer, and the record counts as stuck from then on. */
const releaseTimeoutSeconds = 20;

describe("the API server killed while Helm moves a release", function () {
  this.timeout(600_000);
  let tools: Tools;
  let rig: ClusterRig;

  beforeEach(async function () {
    tools = ownToolsOrSkip(this, "the API server is killed here");
    const settings = {
      "pcg.none": "true",
      tenants: null,
      secrets: null,
      "helm.timeout": `${releaseTimeoutSeconds}s`,
    };
    rig = await clusterRig({ tools, from, to, settings });
    await up(rig);
  });
  afterEach(async () => rig?.dispose());

  const chartFile = (): string => join(rig.palette.chartOf(to, "hubble"), "templates", "held.yaml");

  /** Begins the hop with a chart that Helm is held up at, and kills the API server until Helm has given up. */
  async function killed(hook: "pre-upgrade" | "post-upgrade"): Promise<EngineRun> {
    writeFileSync(chartFile(), stringify(heldJob(hook)));
    const running = rig.up();
    await until(
      "the revision pending",
      async () => {
        const newest = (await rig.history()).at(-1) ?? "";
        return newest.startsWith("2 pending-upgrade") && (await rig.plane.api.find(jobPath)) !== null ? true : null;
      },
      { seconds: 240 },
    );
    await rig.own().restartApiServer((releaseTimeoutSeconds + 8) * 1000);
    const run = await running;
    assert.equal(run.ok, false, why(run));
    rmSync(chartFile());
    assert.match((await rig.history()).at(-1)!, /^2 pending-upgrade 4\.6\.41/, "Helm could not write its end");
    return run;
  }

  async function stuck(): Promise<string> {
    const refused = await until("the record old enough", async () => {
      const run = await rig.up();
      return refusedBy(run).includes("RELEASE_STUCK") ? run : null;
    });
    assert.deepEqual(movedReleases(refused), {});
    return why(refused);
  }

  async function upUntilDone(): Promise<void> {
    let run = await rig.up();
    for (let turn = 0; turn < 3 && run.outputs.appliedVersion !== to; turn++) run = await rig.up();
    assert.equal(run.outputs.appliedVersion, to, why(run));
  }

  it("before anything of the new version ran: what it prints undoes it, and the next run is at the target", async () => {
    await killed("pre-upgrade");
    const reported = await stuck();
    const rollback = /Undo it with "helm (rollback hubble 1 --namespace default)"/.exec(reported)?.[1];
    const instead = /kubectl (delete secrets --namespace default) --selector "([^"]+)"/.exec(reported);
    assert.ok(rollback !== undefined && instead !== null, reported);
    // The Jobs of these charts are called by version, so Helm 3 does not get over those of the version that runs.
    await assert.rejects(rig.palette.helm(rollback.split(" ")), /no Job with the name "\S+" found/);
    const [, deletion = "", selector = ""] = instead;
    const args = ["--kubeconfig", rig.plane.kubeconfig, ...deletion.split(" "), "--selector", selector];
    const done = spawnSync(tools.kubectl, args, { encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr);
    assert.deepEqual(await rig.history(), [`1 deployed ${from} Install complete`]);
    await upUntilDone();
    assert.deepEqual((await rig.history()).at(-1), `2 deployed ${to} Palette ${to}`);
  });

  it("when part of it ran: never a rollback; once the record says failed, as support makes it, the hop is taken up", async () => {
    await killed("post-upgrade");
    const reported = await stuck();
    assert.match(reported, /Never roll it back: .* The way on is forward, to 4\.6\.41; call the vendor's support/);
    assert.doesNotMatch(reported, /helm rollback/);
    await markFailed(rig);
    await upUntilDone();
    assert.deepEqual((await rig.history()).at(-1), `3 deployed ${to} Palette ${to}`);
  });
});

const jobPath = "/apis/batch/v1/namespaces/default/jobs/held";

/** A hook of Helm's that never ends: its pod cannot pull its image. */
function heldJob(hook: string): unknown {
  const template = {
    metadata: { annotations: { [stuckAnnotation]: "ImagePullBackOff" } },
    spec: { restartPolicy: "Never", containers: [{ name: "held", image: "held" }] },
  };
  const metadata = { name: "held", namespace: "default", annotations: { "helm.sh/hook": hook } };
  return { apiVersion: "batch/v1", kind: "Job", metadata, spec: { template } };
}

async function markFailed(rig: ClusterRig): Promise<void> {
  const path = "/api/v1/namespaces/default/secrets/sh.helm.release.v1.hubble.v2";
  const { data } = await rig.plane.api.get<StoredSecret>(path);
  const record = decodeHelmRecord({ name: "hubble", namespace: "default", release: data.release });
  const failed = { ...record, info: { ...record.info, status: "failed" } } as typeof record;
  await rig.plane.api.replace(path, encodeHelmSecret(failed, new Date().toISOString()));
}
