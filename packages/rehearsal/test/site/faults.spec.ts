import assert from "node:assert/strict";
import { EJSON } from "bson";
import { extractEnvelope } from "../../../../lib/gates/mongo-replica-set/text/envelope.js";
import { buildProbeCommand } from "../../../../lib/gates/mongo-replica-set/probe/probe-script.js";
import { beginUpgrade, finishRevision } from "../../lib/helm-storage.js";
import { faultNames, type FaultName, type SimulatedSiteOptions } from "../../lib/types.js";
import { refusalOf, startSite, stopSites, type Rehearsed } from "./running.js";

interface StatusMember {
  name: string;
  state: number;
  health: number;
  optimeDate: Date;
}

/** rs.status() as one member sees it. */
async function statusSeenBy({ site }: Rehearsed, ordinal: number): Promise<{ fcv: string; members: StatusMember[] }> {
  const command = buildProbeCommand("abcdefgh0123");
  const result = await site.kubernetes.exec("hubble-system", `mongo-${ordinal}`, "mongo", command, {
    timeoutSeconds: 10,
  });
  const extracted = extractEnvelope(result.stdout, "abcdefgh0123");
  assert.ok(extracted.ok);
  const envelope = EJSON.parse(extracted.text) as {
    status: { members: StatusMember[] };
    fcv: { featureCompatibilityVersion: { version: string } };
  };
  return { fcv: envelope.fcv.featureCompatibilityVersion.version, members: envelope.status.members };
}

async function stateOf(rehearsed: Rehearsed, ordinal = 2): Promise<string> {
  const member = (await statusSeenBy(rehearsed, 0)).members[ordinal]!;
  return `state ${member.state}, health ${member.health}`;
}

function overlordsOf({ site }: Rehearsed, tenant = 0) {
  return site.tenants[tenant]!.overlords();
}

async function revisionsOf({ site }: Rehearsed): Promise<string> {
  const revisions = await site.kubernetes.helmRevisions("default");
  return revisions
    .flatMap(({ name, chartVersion, status }) => (name === "hubble" ? `${chartVersion} ${status}` : []))
    .join(", ");
}

async function patchMgmt({ running }: Rehearsed): Promise<number> {
  const url = `${running.url}/apis/apps/v1/namespaces/hubble-system/deployments/mgmt`;
  const headers = { "content-type": "application/strategic-merge-patch+json" };
  return (await fetch(url, { method: "PATCH", headers, body: "{}" })).status;
}

interface Shown {
  start?: Partial<SimulatedSiteOptions>;
  version?: string;
  look: (rehearsed: Rehearsed) => Promise<unknown>;
  healthy: unknown;
  faulty: unknown;
}

/** What the clients see of each fault, and what they see without it. */
const shown: Record<FaultName, Shown> = {
  "member-recovering": { look: stateOf, healthy: "state 2, health 1", faulty: "state 3, health 1" },
  "member-lagging": {
    look: async (rehearsed) => {
      const { members } = await statusSeenBy(rehearsed, 0);
      return Math.round((members[0]!.optimeDate.getTime() - members[2]!.optimeDate.getTime()) / 1000);
    },
    healthy: 0,
    faulty: 120,
  },
  "two-primaries": {
    look: async (rehearsed) => (await statusSeenBy(rehearsed, 2)).members.filter(({ state }) => state === 1).length,
    healthy: 1,
    faulty: 2,
  },
  "member-unreachable": {
    look: async (rehearsed) => [await stateOf(rehearsed), await refusalOf(statusSeenBy(rehearsed, 2))],
    healthy: ["state 2, health 1", "answered"],
    faulty: ["state 8, health 0", "server"],
  },
  "fcv-6.0": { look: async (rehearsed) => (await statusSeenBy(rehearsed, 1)).fcv, healthy: "7.0", faulty: "6.0" },
  "pcg-paused": {
    look: async (rehearsed) => (await overlordsOf(rehearsed)).filter(({ paused }) => paused).map(({ name }) => name),
    healthy: [],
    faulty: ["pcg-vsphere"],
  },
  "pcg-agent-stale": {
    look: async (rehearsed) => {
      const now = (await rehearsed.clock.now()).getTime();
      const old = (await overlordsOf(rehearsed)).filter(
        ({ lastHeartbeat }) => now - Date.parse(lastHeartbeat!) > 300_000,
      );
      return old.map(({ name }) => name);
    },
    healthy: [],
    faulty: ["pcg-vsphere"],
  },
  "pcg-profile-update-waiting": {
    look: async (rehearsed) => {
      const pcg = (await overlordsOf(rehearsed)).find(({ name }) => name === "pcg-vsphere")!;
      return [pcg.updateAvailable, await rehearsed.site.tenants[0]!.pendingProfileUpdates(pcg.spectroClusterUid)];
    },
    healthy: [false, []],
    faulty: [true, ["pcg-vsphere-profile"]],
  },
  "tenant-not-covered": {
    look: async (rehearsed) => {
      const names = (await overlordsOf(rehearsed)).filter(({ isSystem }) => !isSystem).map(({ name }) => name);
      return names.filter((name) => !rehearsed.running.pcgs["acme"]!.includes(name));
    },
    healthy: [],
    faulty: ["pcg-unlisted"],
  },
  "release-failed": {
    version: "4.2.7",
    look: revisionsOf,
    healthy: "4.1.12 deployed",
    faulty: "4.1.12 deployed, 4.2.7 failed",
  },
  "release-pending-young": {
    version: "4.2.7",
    look: revisionsOf,
    healthy: "4.1.12 deployed",
    faulty: "4.1.12 deployed, 4.2.7 pending-upgrade",
  },
  "release-pending-old": {
    version: "4.2.7",
    look: revisionsOf,
    healthy: "4.1.12 deployed",
    faulty: "4.1.12 deployed, 4.2.7 pending-upgrade",
  },
  "release-fails": {
    look: async (rehearsed) => [await patchMgmt(rehearsed), await patchMgmt(rehearsed)],
    healthy: [200, 200],
    faulty: [500, 200],
  },
  "rollout-stuck": {
    look: async ({ site }) => {
      const pods = await site.kubernetes.pods("hubble-system");
      return pods.flatMap(({ containers }) => containers.flatMap(({ waiting }) => waiting?.reason ?? []));
    },
    healthy: [],
    faulty: ["ImagePullBackOff"],
  },
  "ingress-not-cut-over": {
    start: { version: "4.8.47" },
    look: async ({ site }) => (await site.fetchIngressAnswer("palette.example", "palette.example")).server,
    healthy: "",
    faulty: "nginx",
  },
  "wrong-cluster": {
    look: async ({ site, running }) => (await site.kubernetes.clusterUid()) === running.clusterUid,
    healthy: true,
    faulty: false,
  },
  "api-500": { look: (rehearsed) => refusalOf(overlordsOf(rehearsed)), healthy: "answered", faulty: "server" },
  "api-429": { look: (rehearsed) => refusalOf(overlordsOf(rehearsed)), healthy: "answered", faulty: "throttled" },
  "api-slow": { look: (rehearsed) => refusalOf(overlordsOf(rehearsed)), healthy: "answered", faulty: "network" },
  "api-connection-cut": {
    look: (rehearsed) => refusalOf(overlordsOf(rehearsed)),
    healthy: "answered",
    faulty: "network",
  },
};

describe("faults, seen through the real clients", () => {
  afterEach(stopSites);

  for (const name of faultNames) {
    const { start = {}, version, look, healthy, faulty } = shown[name];
    it(`${name} shows from the start when ordered, and not otherwise`, async () => {
      const spec = { name, version };
      assert.deepEqual(await look(await startSite(start)), healthy);
      assert.deepEqual(await look(await startSite({ ...start, faults: [spec] })), faulty);
    });
  }

  for (const name of ["member-recovering", "pcg-paused", "wrong-cluster"] as const) {
    it(`${name} can be ordered and cleared while the site runs`, async () => {
      const rehearsed = await startSite();
      const { look, healthy, faulty } = shown[name];
      await rehearsed.running.changeFaults({ add: [{ name }] });
      assert.deepEqual(await look(rehearsed), faulty);
      await rehearsed.running.changeFaults({ clear: [name] });
      assert.deepEqual(await look(rehearsed), healthy);
    });
  }

  it("a fault of a version shows once that version is deployed", async () => {
    const rehearsed = await startSite({ faults: [{ name: "member-recovering", at: "4.2.7" }] });
    assert.equal(await stateOf(rehearsed), "state 2, health 1");
    const now = (await rehearsed.clock.now()).toISOString();
    const chart = { name: "spectro-mgmt-plane", version: "4.2.7", appVersion: "4.2.7" };
    const storage = { url: rehearsed.running.url };
    const begun = await beginUpgrade(storage, {
      name: "hubble",
      namespace: "default",
      chart,
      values: {},
      maxHistory: 10,
      now,
    });
    await finishRevision(storage, begun, { status: "deployed" }, now);
    assert.match(await stateOf(rehearsed), /state 3/);
  });
});
