import assert from "node:assert/strict";
import { advance, clearFaults, createModel, injectFaults } from "../../lib/site/create.js";
import { minutes, paletteChart, type SiteModel } from "../../lib/site/model.js";
import {
  beginRollOut,
  createSecret,
  deleteSecret,
  listChartRecords,
  replaceSecret,
} from "../../lib/site/kubernetes/secret-store.js";
import { encodeHelmSecret } from "../../lib/helm-storage.js";
import { computeValuesDigest, type HelmRecord } from "../../../../lib/site/helm/records.js";
import type { HelmStatus } from "../../../../lib/site/types.js";
import { freshModel, start } from "./models.js";

function revision(version: number, chartVersion: string, status: HelmStatus, chart = paletteChart): HelmRecord {
  const time = new Date(start).toISOString();
  return {
    name: chart === paletteChart ? "hubble" : chart,
    namespace: "default",
    version,
    info: { status, last_deployed: time, first_deployed: time },
    chart: { metadata: { name: chart, version: chartVersion, appVersion: chartVersion } },
    config: {},
  };
}

function post(model: SiteModel, record: HelmRecord, at = start): SiteModel {
  const result = createSecret(model, "default", encodeHelmSecret(record, new Date(start).toISOString()), at);
  assert.ok("model" in result);
  return result.model;
}

function history(model: SiteModel): string[] {
  return listChartRecords(model, paletteChart).map(
    ({ version, chart, info }) => `${version} ${chart.metadata.version} ${info.status}`,
  );
}

describe("a simulated site's model", () => {
  it("starts with one deployed revision of each release", () => {
    const model = freshModel({ releases: ["image-swap", "reach-system"] });
    const names = Object.keys(model.secrets).sort();
    assert.deepEqual(names, [
      "default/sh.helm.release.v1.cert-manager.v1",
      "default/sh.helm.release.v1.hubble.v1",
      "default/sh.helm.release.v1.image-swap.v1",
      "default/sh.helm.release.v1.reach-system.v1",
    ]);
    assert.deepEqual(history(model), ["1 4.1.12 deployed"]);
  });

  it("has the CRDs' release from 4.8.47 on, and not before", () => {
    const has = (version: string): boolean =>
      listChartRecords(freshModel({ version }), "spectro-mgmt-crds").length === 1;
    assert.deepEqual([has("4.8.46"), has("4.8.47"), has("4.10.13")], [false, true, true]);
  });

  it("is VerteX exactly where Secret hubble-system/mongo-tls is", () => {
    const key = "hubble-system/mongo-tls";
    assert.equal(key in createModel({ version: "4.6.41", edition: "vertex" }, start).secrets, true);
    assert.equal(key in freshModel().secrets, false);
  });

  it("makes up another key for each tenant of each site", () => {
    const keys = [freshModel(), freshModel()].flatMap(({ apiKeys }) => Object.values(apiKeys));
    assert.equal(keys.length, 4);
    assert.equal(new Set(keys).size, 4);
  });

  it("a pending revision moves nothing, its deployed record begins the roll-out and moves the version", () => {
    const pending = post(freshModel(), revision(2, "4.2.7", "pending-upgrade"));
    assert.deepEqual([pending.hops.length, pending.installed], [0, "4.1.12"]);
    const input = encodeHelmSecret(revision(2, "4.2.7", "deployed"), new Date(start).toISOString());
    const done = replaceSecret(pending, "default", input, start + minutes);
    assert.ok("model" in done);
    assert.deepEqual(done.model.hops, [{ from: "4.1.12", to: "4.2.7", at: start + minutes }]);
    assert.equal(done.model.installed, "4.2.7");
  });

  it("Helm's first change of the cluster begins the roll-out of the pending revision, once", () => {
    const pending = post(freshModel(), revision(2, "4.2.7", "pending-upgrade"));
    const once = beginRollOut(pending, start);
    assert.deepEqual(once.hops, [{ from: "4.1.12", to: "4.2.7", at: start }]);
    assert.equal(beginRollOut(once, start + minutes), once);
    assert.equal(beginRollOut(freshModel(), start).hops.length, 0);
  });

  it("a release of another chart moves nothing", () => {
    const model = post(freshModel(), revision(2, "1.15.0", "deployed", "cert-manager"));
    assert.deepEqual([model.hops.length, model.installed], [0, "4.1.12"]);
  });

  it("Secrets are refused as the API server refuses them", () => {
    const model = freshModel();
    const input = { metadata: { name: "a" }, data: { key: "dGV4dA==" } };
    const made = createSecret(model, "default", input, start);
    assert.ok("model" in made);
    const refusals = [
      createSecret(made.model, "default", input, start),
      replaceSecret(model, "default", input, start),
      deleteSecret(model, "default", "a"),
      replaceSecret(made.model, "default", { metadata: { name: "a", resourceVersion: "1" } }, start),
    ].map((result) => ("refused" in result ? `${result.refused.code} ${result.refused.reason}` : "done"));
    assert.deepEqual(refusals, ["409 AlreadyExists", "404 NotFound", "404 NotFound", "409 Conflict"]);
    const kept = replaceSecret(
      made.model,
      "default",
      { metadata: { name: "a", resourceVersion: made.secret.metadata.resourceVersion } },
      start,
    );
    assert.ok("model" in kept && kept.secret.metadata.uid === made.secret.metadata.uid);
  });
});

describe("ordered faults", () => {
  it("release-failed leaves a failed revision over the deployed one, with the same values", () => {
    const model = injectFaults(freshModel(), [{ name: "release-failed", version: "4.2.7" }], start);
    assert.deepEqual(history(model), ["1 4.1.12 deployed", "2 4.2.7 failed"]);
    const [deployed, failed] = listChartRecords(model, paletteChart);
    assert.equal(computeValuesDigest(failed!.config ?? {}), computeValuesDigest(deployed!.config ?? {}));
    assert.deepEqual([model.installed, model.hops.length], ["4.1.12", 0]);
  });

  const pending: ["release-pending-young" | "release-pending-old", number][] = [
    ["release-pending-young", 1],
    ["release-pending-old", 180],
  ];
  for (const [name, age] of pending) {
    it(`${name} leaves a revision that has been pending for ${age} minutes`, () => {
      const model = injectFaults(freshModel(), [{ name, at: "4.2.7" }], start);
      assert.deepEqual(history(model), ["1 4.1.12 deployed", "2 4.2.7 pending-upgrade"]);
      const last = listChartRecords(model, paletteChart).at(-1)!;
      assert.equal(start - Date.parse(last.info.last_deployed), age * minutes);
    });
  }

  it("a revision fault without a version is refused, and says what to write", () => {
    assert.throws(() => injectFaults(freshModel(), [{ name: "release-failed" }], start), {
      code: "FAULT_VERSION",
      message: "The fault release-failed needs the version of the revision that it leaves behind.",
      next: 'Give the version of the next hop, for example {"name": "release-failed", "version": "4.2.7"}.',
    });
  });

  it("a fault with a version begins when that version, or a newer one, is installed", () => {
    const ordered = injectFaults(freshModel(), [{ name: "pcg-paused", at: "4.2.13" }], start);
    assert.equal(ordered.faults[0]!.since, null);
    const below = advance({ ...ordered, installed: "4.2.7" }, start + 1);
    assert.equal(below.faults[0]!.since, null);
    const reached = advance({ ...ordered, installed: "4.3.6" }, start + 2);
    assert.equal(reached.faults[0]!.since, start + 2);
    assert.equal(advance(reached, start + 3), reached);
  });

  it("a failed revision with both versions comes when the one is installed, for the other", () => {
    const ordered = injectFaults(freshModel(), [{ name: "release-failed", at: "4.2.7", version: "4.2.13" }], start);
    assert.deepEqual(history(ordered), ["1 4.1.12 deployed"]);
    const deployed = advance(post(ordered, revision(2, "4.2.7", "deployed")), start + minutes);
    assert.deepEqual(history(deployed).at(-1), "3 4.2.13 failed");
  });

  it("clearing takes away what a fault left behind, but nothing that Helm did since", () => {
    const failed = injectFaults(freshModel(), [{ name: "release-failed", version: "4.2.7" }], start);
    assert.deepEqual(history(clearFaults(failed, ["release-failed"], start)), ["1 4.1.12 deployed"]);
    const gone = post(failed, revision(3, "4.2.7", "deployed"));
    assert.equal(history(clearFaults(gone, ["release-failed"], start)).length, 3);
  });

  it("the same order twice is one order; after clearing it is a new one", () => {
    const spec = { name: "release-failed", version: "4.2.7" } as const;
    const once = injectFaults(freshModel(), [spec], start);
    assert.deepEqual(history(injectFaults(once, [spec], start + minutes)), history(once));
    const again = injectFaults(clearFaults(once, ["release-failed"], start), [spec], start + minutes);
    assert.deepEqual(history(again), ["1 4.1.12 deployed", "2 4.2.7 failed"]);
    assert.equal(injectFaults(once, [{ ...spec, version: "4.2.13" }], start).faults.length, 2);
  });

  it("a cleared fault does not begin again", () => {
    const cleared = clearFaults(injectFaults(freshModel(), [{ name: "fcv-6.0" }], start), ["fcv-6.0"], start + 1);
    assert.equal(advance(cleared, start + 2), cleared);
  });
});
