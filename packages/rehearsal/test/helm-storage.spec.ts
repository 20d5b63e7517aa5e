import assert from "node:assert/strict";
import { beginUpgrade, finishRevision, readReleaseHistory, type ReleaseChange } from "../lib/helm-storage.js";
import { startSite, stopSites, type Rehearsed } from "./site/running.js";

const now = "2026-01-01T00:00:00.000Z";

function change(version: string, more: Partial<ReleaseChange> = {}): ReleaseChange {
  const chart = { name: "image-swap", version, appVersion: version };
  return { name: "image-swap", namespace: "default", chart, values: { version }, maxHistory: 10, now, ...more };
}

async function history({ running }: Rehearsed): Promise<string[]> {
  const records = await readReleaseHistory({ url: running.url }, "default", "image-swap");
  return records.map(({ version, info }) => `${version} ${info.status}: ${info.description}`);
}

describe("Helm's storage over the site's API", () => {
  afterEach(stopSites);

  it("installs, then upgrades: the older revision is superseded, the newer one deployed", async () => {
    const rehearsed = await startSite();
    const storage = { url: rehearsed.running.url };
    const first = await beginUpgrade(storage, change("1"));
    assert.deepEqual(await history(rehearsed), ["1 pending-install: Initial install underway"]);
    await finishRevision(storage, first, { status: "deployed" }, now);
    const second = await beginUpgrade(storage, change("2", { description: "Palette 4.2.7" }));
    assert.deepEqual(await history(rehearsed), [
      "1 deployed: Install complete",
      "2 pending-upgrade: Preparing upgrade",
    ]);
    await finishRevision(storage, second, { status: "deployed" }, now);
    assert.deepEqual(await history(rehearsed), ["1 superseded: Install complete", "2 deployed: Palette 4.2.7"]);
  });

  it("a failed upgrade leaves the older revision deployed, and the next one is a new revision", async () => {
    const rehearsed = await startSite();
    const storage = { url: rehearsed.running.url };
    await finishRevision(storage, await beginUpgrade(storage, change("1")), { status: "deployed" }, now);
    const failing = await beginUpgrade(storage, change("2"));
    await finishRevision(storage, failing, { status: "failed", failure: "webhook said no" }, now);
    assert.deepEqual(await history(rehearsed), [
      "1 deployed: Install complete",
      '2 failed: Upgrade "image-swap" failed: webhook said no',
    ]);
    await finishRevision(storage, await beginUpgrade(storage, change("2")), { status: "deployed" }, now);
    assert.deepEqual(
      (await history(rehearsed)).map((line) => line.split(":")[0]),
      ["1 superseded", "2 failed", "3 deployed"],
    );
  });

  it("refuses in Helm's words while another operation is pending", async () => {
    const rehearsed = await startSite();
    const storage = { url: rehearsed.running.url };
    await beginUpgrade(storage, change("1"));
    await assert.rejects(beginUpgrade(storage, change("2")), {
      name: "HelmStorageError",
      message: "another operation (install/upgrade/rollback) is in progress",
    });
    assert.equal((await history(rehearsed)).length, 1);
  });

  it("keeps as many revisions as it was told, and never drops the deployed one", async () => {
    const rehearsed = await startSite();
    const storage = { url: rehearsed.running.url };
    await finishRevision(
      storage,
      await beginUpgrade(storage, change("1", { maxHistory: 3 })),
      { status: "deployed" },
      now,
    );
    for (const version of ["2", "3", "4"]) {
      const begun = await beginUpgrade(storage, change(version, { maxHistory: 3 }));
      await finishRevision(storage, begun, { status: "failed", failure: "no" }, now);
    }
    assert.deepEqual(
      (await history(rehearsed)).map((line) => line.split(":")[0]),
      ["1 deployed", "3 failed", "4 failed"],
    );
    await finishRevision(
      storage,
      await beginUpgrade(storage, change("5", { maxHistory: 0 })),
      { status: "deployed" },
      now,
    );
    assert.equal((await history(rehearsed)).length, 4);
  });

  it("what it writes is what the real client reads, values too", async () => {
    const { running, site } = await startSite();
    const storage = { url: running.url };
    const values = { registry: { password: "made-up" } };
    await finishRevision(
      storage,
      await beginUpgrade(storage, change("1.2.3", { values })),
      { status: "deployed" },
      now,
    );
    const found = (await site.kubernetes.helmRevisions("default")).find(({ name }) => name === "image-swap")!;
    assert.deepEqual(
      [found.chart, found.chartVersion, found.status, found.lastDeployed],
      ["image-swap", "1.2.3", "deployed", now],
    );
    assert.deepEqual(await site.kubernetes.helmValues("default", "image-swap", 1), values);
  });

  it("an API that is gone is an error, not an empty history", async () => {
    const { running } = await startSite();
    await running.stop();
    await assert.rejects(readReleaseHistory({ url: running.url }, "default", "image-swap"));
  });
});
