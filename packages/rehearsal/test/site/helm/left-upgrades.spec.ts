import assert from "node:assert/strict";
import { join } from "node:path";
import { beginUpgrade, encodeHelmSecret, readReleaseHistory, type HelmStorage } from "../../../lib/helm-storage.js";
import { type FaultSpec } from "../../../lib/types.js";
import { startSite, stopSites, temporaryFolder } from "../running.js";

const now = "2026-01-01T00:00:00.000Z";

/** Moves or installs a release up to the moment of the kill; `supersede` as Helm does before it deploys. */
async function leaveUpgrade(storage: HelmStorage, name: string, version: string, supersede = false): Promise<void> {
  const chart = { name: name === "hubble" ? "spectro-mgmt-plane" : name, version, appVersion: version };
  await beginUpgrade(storage, { name, namespace: "default", chart, values: {}, maxHistory: 10, now });
  if (!supersede) return;
  const first = (await readReleaseHistory(storage, "default", name))[0]!;
  const secret = encodeHelmSecret({ ...first, info: { ...first.info, status: "superseded" } }, now);
  const url = `${storage.url}/api/v1/namespaces/default/secrets/${secret.metadata.name}`;
  const headers = { "content-type": "application/json" };
  assert.equal((await fetch(url, { method: "PUT", headers, body: JSON.stringify(secret) })).status, 200);
}

/** The history of a release after the site was stopped with the upgrade pending, and started again. */
async function historyAfterRestart(
  name: string,
  leave: (storage: HelmStorage) => Promise<void>,
  fault?: FaultSpec,
): Promise<string[]> {
  const stateFile = join(temporaryFolder(), "site.json");
  const { running } = await startSite({ stateFile, ...(fault ? { faults: [fault] } : {}) });
  await leave({ url: running.url });
  await running.stop();
  const again = await startSite({ stateFile });
  const records = await readReleaseHistory({ url: again.running.url }, "default", name);
  return records.map(({ version, info }) => `${version} ${info.status}: ${info.description}`);
}

describe("an upgrade that a killed rehearsal left", () => {
  afterEach(stopSites);

  const cases: [string, string, (storage: HelmStorage) => Promise<void>, string[]][] = [
    [
      "pending: it has failed, the revision before it stays deployed",
      "hubble",
      (storage) => leaveUpgrade(storage, "hubble", "4.2.7"),
      ["1 deployed: Install complete", '2 failed: Upgrade "hubble" failed: context canceled'],
    ],
    [
      "pending, the revision before it superseded: that one is deployed again",
      "hubble",
      (storage) => leaveUpgrade(storage, "hubble", "4.2.7", true),
      ["1 deployed: Install complete", '2 failed: Upgrade "hubble" failed: context canceled'],
    ],
    [
      "a first installation has failed",
      "image-swap",
      (storage) => leaveUpgrade(storage, "image-swap", "1"),
      ['1 failed: Release "image-swap" failed: context canceled'],
    ],
    ["nothing pending: nothing changes", "hubble", () => Promise.resolve(), ["1 deployed: Install complete"]],
  ];
  for (const [title, name, leave, expected] of cases) {
    it(title, async () => assert.deepEqual(await historyAfterRestart(name, leave), expected));
  }

  for (const name of ["release-pending-young", "release-pending-old"] as const) {
    it(`a revision that the fault ${name} left stays pending`, async () => {
      const nothing = (): Promise<void> => Promise.resolve();
      assert.deepEqual(await historyAfterRestart("hubble", nothing, { name, version: "4.2.7" }), [
        "1 deployed: Install complete",
        "2 pending-upgrade: Preparing upgrade",
      ]);
    });
  }
});
