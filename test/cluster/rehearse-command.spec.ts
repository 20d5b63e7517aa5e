import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { encodeHelmSecret } from "../../packages/rehearsal/lib/helm-storage.js";
import { type ClusterUnderTest } from "./support/cluster-under-test.js";
import { ourLabels } from "./support/given-cluster.js";
import { toolsOrSkip } from "./support/global-setup.js";
import { openCluster } from "./support/open-cluster.js";
import { makeVolumes } from "./support/stand-in-palette.js";
import { type GivenTools } from "./support/tool-names.js";

interface Ended {
  exitCode: number | null;
  output: string;
  errors: string;
}

const route = ["--from", "4.6.36", "--to", "4.6.41", "--matrix", "palette-kubernetes-4.7.20", "--pace", "150"];
const cli = join(findPackageRoot(), "bin", "palette-upgrade");

describe("rehearse --kubeconfig", function () {
  this.timeout(400_000);
  let tools: Pick<GivenTools, "helm">;
  let plane: ClusterUnderTest;
  let folder: string;

  before(async function () {
    const found = toolsOrSkip(this);
    tools = found;
    folder = mkdtempSync(join(tmpdir(), "palette-rehearse-"));
    plane = (await openCluster({ tools: found })).plane;
    await makeVolumes(plane);
  });
  after(async () => {
    await plane?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  function rehearse(...more: string[]): Promise<Ended> {
    const path = [dirname(tools.helm), process.env.PATH].join(delimiter);
    const args = [cli, "rehearse", "--kubeconfig", plane.kubeconfig, "--dir", join(folder, "r"), ...route, ...more];
    const child = spawn(process.execPath, args, { env: { ...process.env, PATH: path, NO_COLOR: "1" } });
    const ended: Ended = { exitCode: null, output: "", errors: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (ended.output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (ended.errors += text));
    return new Promise((resolve) => child.once("close", (exitCode) => resolve({ ...ended, exitCode })));
  }

  it("refuses a cluster that holds a real Palette, and writes nothing", async () => {
    const record = encodeHelmSecret(
      {
        name: "hubble",
        namespace: "palette",
        version: 1,
        info: { status: "deployed", last_deployed: new Date().toISOString() },
        chart: { metadata: { name: "spectro-mgmt-plane", version: "4.6.36" } },
      },
      new Date().toISOString(),
    );
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "palette", labels: ourLabels } };
    await plane.api.create("/api/v1/namespaces", namespace);
    await plane.api.create("/api/v1/namespaces/palette/secrets", record);
    const { exitCode, errors } = await rehearse();
    assert.equal(exitCode, 3, errors);
    assert.match(errors, /CLUSTER_NOT_THROWAWAY: The cluster holds Helm release "hubble".* in namespace palette/);
    assert.equal(await plane.api.find("/api/v1/namespaces/hubble-system"), null);
    await plane.api.delete(`/api/v1/namespaces/palette/secrets/${record.metadata.name}`);
  });

  it("refuses a fault that only the simulated cluster can have", async () => {
    const { exitCode, errors } = await rehearse("--fault", "release-fails");
    assert.equal(exitCode, 2, errors);
    assert.match(errors, /FAULT_NOT_HERE: --fault release-fails/);
  });

  it("takes the whole route with Helm on a throwaway cluster, and tells what it touched", async () => {
    const image = plane.image ?? "pause";
    const { exitCode, output, errors } = await rehearse("--image", image);
    assert.equal(exitCode, 0, errors + output);
    assert.match(errors, /Helm on the cluster at https:\/\/[\w.-]+(:\d+)? .*throwaway/);
    assert.match(output, /1 +superseded +spectro-mgmt-plane-4\.6\.36 +Install complete/);
    assert.match(output, /2 +deployed +spectro-mgmt-plane-4\.6\.41 +Palette 4\.6\.41/);
    const pods = await plane.api.get<{ items: { spec: { containers: { image: string }[] } }[] }>(
      "/api/v1/namespaces/cp-system/pods",
    );
    assert.ok(
      pods.items.length > 0 && pods.items.every(({ spec }) => spec.containers.every((each) => each.image === image)),
    );
  });
});
