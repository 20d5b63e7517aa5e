import assert from "node:assert/strict";
import { decodeHelmRecord } from "../../lib/site/helm/records.js";
import { observeSite, requireInstalled } from "../../lib/program/step/observe.js";
import { encodeHelmSecret, type StoredSecret } from "../../packages/rehearsal/lib/helm-storage.js";
import { clusterRig, type ClusterRig } from "./support/cluster-rig.js";
import { ourLabels } from "./support/given-cluster.js";
import { judged, sentences } from "./support/gate-runner.js";
import { toolsOrSkip } from "./support/global-setup.js";
import { print } from "./support/measures.js";

const secrets = "/api/v1/namespaces/default/secrets";

describe("Helm's records on a real API server", function () {
  this.timeout(300_000);
  let rig: ClusterRig;

  before(async function () {
    rig = await clusterRig({ tools: toolsOrSkip(this), from: "4.6.36", to: "4.6.41" });
  });
  after(async () => rig?.dispose());

  const observed = async (): Promise<string> => {
    const question = { helm: { namespace: "default" }, edition: "palette" } as const;
    return requireInstalled(await observeSite(() => rig.kubernetes, question)).observedVersion;
  };

  it("a record that helm wrote is read whole: chart, version, description, time", async () => {
    const [only, ...more] = (await rig.kubernetes.helmRevisions("default")).filter(({ name }) => name === "hubble");
    assert.deepEqual(more, []);
    const { chart, chartVersion, status, description } = only!;
    assert.deepEqual(
      [chart, chartVersion, status, description],
      ["spectro-mgmt-plane", "4.6.36", "deployed", "Install complete"],
    );
    assert.ok(Math.abs(Date.now() - Date.parse(only!.lastDeployed)) < 300_000);
  });

  it("releases of like names, in other namespaces or of other charts, are not taken for Palette", async () => {
    for (const [name, namespace] of [
      ["hubble", "other"],
      ["hubble-dev", "other"],
      ["hubble2", "elsewhere"],
    ] as const) {
      await store(rig, await recordOf(rig), { name, namespace });
    }
    await store(rig, await recordOf(rig), { name: "hubble-ui", namespace: "default", chart: "hubble-ui" });
    await store(rig, await recordOf(rig), { name: "spectro", namespace: "default", chart: "spectro-mgmt-plane-tools" });
    assert.equal(await observed(), "4.6.36");
    const report = await judged(rig, "helm-release", { to: "4.6.41" });
    assert.equal(report.outcome, "pass", sentences(report));
  });

  it("a second release of Palette's chart in its namespace is refused, naming both", async () => {
    const record = await recordOf(rig);
    await store(rig, record, { name: "hubble-copy", namespace: "default" });
    await assert.rejects(observed(), /default\/hubble, default\/hubble-copy/);
    await rig.plane.api.delete(`${secrets}/sh.helm.release.v1.hubble-copy.v1`);
    assert.equal(await observed(), "4.6.36");
  });

  it("a hundred revisions are all read, page by page, and the deployed one is found", async () => {
    const record = await recordOf(rig);
    for (let revision = 2; revision <= 101; revision++) {
      const status = revision === 101 ? "deployed" : "superseded";
      const info = { ...record.info, status, description: "Upgrade complete" } as typeof record.info;
      await store(
        rig,
        {
          ...record,
          version: revision,
          info,
          chart: { metadata: { ...record.chart.metadata, version: "4.6.41", appVersion: "4.6.41" } },
        },
        {},
      );
    }
    const before = performance.now();
    const revisions = (await rig.kubernetes.helmRevisions("default")).filter(({ name }) => name === "hubble");
    print(`${revisions.length} revisions read in ${Math.round(performance.now() - before)} ms`);
    assert.deepEqual(
      revisions.map(({ revision }) => revision),
      Array.from({ length: 101 }, (_, index) => index + 1),
    );
    assert.equal(await observed(), "4.6.41");
  });
});

type Record = ReturnType<typeof decodeHelmRecord>;

async function recordOf(rig: ClusterRig): Promise<Record> {
  const secret = await rig.plane.api.get<StoredSecret>(`${secrets}/sh.helm.release.v1.hubble.v1`);
  return decodeHelmRecord({ name: "hubble", namespace: "default", release: secret.data.release });
}

async function store(
  rig: ClusterRig,
  record: Record,
  change: { name?: string; namespace?: string; chart?: string },
): Promise<void> {
  const { name = record.name, namespace = record.namespace, chart = record.chart.metadata.name } = change;
  if ((await rig.plane.api.find(`/api/v1/namespaces/${namespace}`)) === null) {
    await rig.plane.api.create("/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, labels: ourLabels },
    });
  }
  const changed = {
    ...record,
    name,
    namespace,
    chart: { ...record.chart, metadata: { ...record.chart.metadata, name: chart } },
  };
  await rig.plane.api.create(
    `/api/v1/namespaces/${namespace}/secrets`,
    encodeHelmSecret(changed, new Date().toISOString()),
  );
}
