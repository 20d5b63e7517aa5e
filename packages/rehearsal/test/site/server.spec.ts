import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EJSON } from "bson";
import { extractEnvelope, type MongoEnvelope } from "../../../../lib/gates/mongo-replica-set/text/envelope.js";
import { buildProbeCommand } from "../../../../lib/gates/mongo-replica-set/probe/probe-script.js";
import { beginUpgrade, finishRevision } from "../../lib/helm-storage.js";
import { startSimulatedSite } from "../../lib/site/server.js";
import { observeSite, requireInstalled } from "../../../../lib/program/step/observe.js";
import type { KubernetesSite } from "../../../../lib/site/types.js";
import { startSite, stopSites, temporaryFolder, type Rehearsed } from "./running.js";

const nonce = "abcdefgh0123";

async function probe(kubernetes: KubernetesSite, ordinal: number): Promise<MongoEnvelope> {
  const result = await kubernetes.exec("hubble-system", `mongo-${ordinal}`, "mongo", buildProbeCommand(nonce), {
    timeoutSeconds: 10,
  });
  const extracted = extractEnvelope(result.stdout, nonce);
  assert.ok(extracted.ok);
  return EJSON.parse(extracted.text) as MongoEnvelope;
}

async function upgrade({ running, clock }: Rehearsed, version: string): Promise<void> {
  const storage = { url: running.url };
  const now = (await clock.now()).toISOString();
  const chart = { name: "spectro-mgmt-plane", version, appVersion: version };
  const begun = await beginUpgrade(storage, {
    name: "hubble",
    namespace: "default",
    chart,
    values: {},
    maxHistory: 10,
    now,
  });
  await finishRevision(storage, begun, { status: "deployed" }, (await clock.now()).toISOString());
}

describe("a running simulated site, through the real clients", () => {
  afterEach(stopSites);

  it("is observed as the installation that it is", async () => {
    const { running, site, settings } = await startSite();
    const observation = requireInstalled(await observeSite(() => site.kubernetes, settings));
    assert.equal(observation.clusterUid, running.clusterUid);
    assert.deepEqual([observation.observedVersion, observation.edition], ["4.1.12", "palette"]);
    assert.deepEqual(
      observation.releases.map(({ role }) => role),
      ["cert-manager", "hubble"],
    );
  });

  it("is observed as VerteX where it is", async () => {
    const { site, settings } = await startSite({ edition: "vertex", version: "4.6.41" });
    const { edition } = requireInstalled(await observeSite(() => site.kubernetes, { ...settings, edition: "vertex" }));
    assert.equal(edition, "vertex");
  });

  it("answers everything that gates read of Kubernetes", async () => {
    const { kubernetes } = (await startSite()).site;
    assert.equal(await kubernetes.serverVersion(), "v1.27.16");
    assert.ok((await kubernetes.namespaces()).includes("hubble-system"));
    const pods = await kubernetes.pods("hubble-system", "role=mongo");
    assert.deepEqual(
      pods.map(({ name }) => name),
      ["mongo-0", "mongo-1", "mongo-2"],
    );
    assert.deepEqual(pods[1]!.persistentVolumeClaims, ["mongo-data-mongo-1"]);
    assert.equal(pods[0]!.containers.length, 2);
    const mongo = (await kubernetes.workloads(["hubble-system"])).find(({ name }) => name === "mongo")!;
    assert.deepEqual([mongo.kind, mongo.desired, mongo.ready, mongo.updated], ["StatefulSet", 3, 3, 3]);
    assert.equal(mongo.currentRevision, mongo.updateRevision);
    assert.equal((await kubernetes.persistentVolumeClaims("hubble-system")).length, 3);
    assert.deepEqual(await kubernetes.podDisruptionBudgets("hubble-system"), [
      { name: "mongo-pdb", currentHealthy: 3, desiredHealthy: 2 },
    ]);
    assert.deepEqual(await kubernetes.serviceAddresses("ingress-nginx", "ingress-nginx-controller"), {
      type: "LoadBalancer",
      addresses: ["203.0.113.10"],
      annotations: {},
      loadBalancerIP: null,
      loadBalancerClass: null,
      externalIPs: [],
      sourceRanges: [],
    });
    assert.equal(await kubernetes.serviceAddresses("ingress-traefik", "traefik-ingress-controller"), null);
    assert.equal(await kubernetes.secretExists("hubble-system", "mongo-tls"), false);
    assert.equal(await kubernetes.podLog("hubble-system", "mongo-0", "mongo", 5), "started\nready\n");
    assert.ok("mongo" in (await kubernetes.helmValues("default", "hubble", 1)));
  });

  it("answers MongoDB's probe in each member, agreeing on primary and term", async () => {
    const { kubernetes } = (await startSite()).site;
    for (const ordinal of [0, 1, 2]) {
      const { hello, status, config, fcv } = await probe(kubernetes, ordinal);
      assert.equal(hello["primary"], "mongo-0.mongo.hubble-system.svc.cluster.local:27017");
      assert.deepEqual([status["myState"], status["ok"], config["ok"]], [ordinal === 0 ? 1 : 2, 1, 1]);
      assert.deepEqual(fcv["featureCompatibilityVersion"], { version: "7.0" });
    }
  });

  it("a command that no container knows ends with 127, and says so", async () => {
    const { kubernetes } = (await startSite()).site;
    const result = await kubernetes.exec("hubble-system", "mongo-0", "mongo", ["ls"], { timeoutSeconds: 5 });
    assert.deepEqual(result, { stdout: "", stderr: "the simulated container cannot run ls\n", exitCode: 127 });
  });

  it("no command runs in a pod, or a container, that is not there", async () => {
    const { kubernetes } = (await startSite()).site;
    const run = (pod: string, container: string) =>
      kubernetes.exec("hubble-system", pod, container, ["ls"], { timeoutSeconds: 5 });
    await assert.rejects(run("mongo-7", "mongo"), { kind: "not-found" });
    await assert.rejects(run("mongo-0", "sidecar"), /container sidecar is not valid for pod mongo-0/);
  });

  it("a hop restarts the members one by one, as pods and probes show", async () => {
    const rehearsed = await startSite();
    const { kubernetes } = rehearsed.site;
    await upgrade(rehearsed, "4.2.7");
    const seen: number[] = [];
    for (let step = 0; step < 20; step += 1) {
      const ready = (await kubernetes.pods("hubble-system", "role=mongo")).filter(({ containers }) =>
        containers.every((one) => one.ready),
      );
      seen.push(ready.length);
      await rehearsed.clock.sleep(12);
    }
    assert.ok(Math.min(...seen) === 2 && seen.at(-1) === 3, seen.join(" "));
    const { status } = await probe(kubernetes, 2);
    assert.deepEqual([status["myState"], Number(status["term"])], [1, 5]);
  });

  it("every revision of Palette names the images of its own version, so that a stuck one can be told from what runs", async () => {
    const rehearsed = await startSite();
    await upgrade(rehearsed, "4.2.7");
    await rehearsed.running.changeFaults({ add: [{ name: "release-pending-old", version: "4.2.13" }] });
    const { kubernetes } = rehearsed.site;
    const tags = async (revision: number): Promise<string[]> => {
      const images = await kubernetes.helmImages("default", "hubble", revision);
      assert.ok(images.length > 5);
      return [...new Set(images.map((image) => image.replace(/^.*:/, "")))];
    };
    assert.deepEqual([await tags(1), await tags(2), await tags(3)], [["4.1.12"], ["4.2.7"], ["4.2.13"]]);
    assert.deepEqual(await kubernetes.helmImages("default", "cert-manager", 1), []);
  });

  it("a member that restarts cannot be asked meanwhile", async () => {
    const rehearsed = await startSite();
    await upgrade(rehearsed, "4.2.7");
    await rehearsed.clock.sleep(15);
    await assert.rejects(probe(rehearsed.site.kubernetes, 2), {
      kind: "server",
      message: /answered 500: unable to upgrade connection: container not found \("mongo"\)/,
    });
  });

  it("lists are served in pages", async () => {
    const { running } = await startSite();
    const page = async (query: string) =>
      (await (await fetch(`${running.url}/api/v1/pods?${query}`)).json()) as {
        items: unknown[];
        metadata: { continue?: string };
      };
    const whole = await page("");
    const first = await page("limit=10");
    assert.deepEqual([first.items.length, first.metadata.continue], [10, "10"]);
    assert.deepEqual((await page("limit=500&continue=10")).items, whole.items.slice(10));
  });

  it("refuses what it is not as a Kubernetes API does", async () => {
    const { running } = await startSite();
    const answer = await fetch(`${running.url}/apis/batch/v1/jobs`);
    assert.equal(answer.status, 404);
    assert.equal(((await answer.json()) as { reason: string }).reason, "NotFound");
  });

  for (const path of ["/version", "/api", "/api/v1", "/apis", "/apis/apps/v1", "/openapi/v2", "/openapi/v3"]) {
    it(`discovery: ${path}`, async () => {
      assert.equal((await fetch(`${(await startSite()).running.url}${path}`)).status, 200);
    });
  }
});

describe("a simulated site's state", () => {
  afterEach(stopSites);

  it("goes on where it was stopped: version, keys, identity and time", async () => {
    const stateFile = join(temporaryFolder(), "site.json");
    const first = await startSite({ stateFile });
    await upgrade(first, "4.2.7");
    await first.clock.sleep(6 * 3600);
    const stoppedAt = (await first.clock.now()).getTime();
    await first.running.stop();
    const second = await startSite({ stateFile, version: "4.6.41" });
    assert.deepEqual(second.running.apiKeys, first.running.apiKeys);
    const { observedVersion, clusterUid } = requireInstalled(
      await observeSite(() => second.site.kubernetes, second.settings),
    );
    assert.deepEqual([observedVersion, clusterUid], ["4.2.7", first.running.clusterUid]);
    const resumedAt = (await second.clock.now()).getTime();
    assert.ok(resumedAt >= stoppedAt && resumedAt < stoppedAt + 60_000);
  });

  it("time goes on by the machine's clock between runs, and never back", async () => {
    const hour = 3_600_000;
    for (const [machinePassed, sitePassed] of [
      [hour, hour],
      [-hour, 0],
    ] as const) {
      const stateFile = join(temporaryFolder(), "site.json");
      const first = await startSite({ stateFile });
      const stoppedAt = (await first.clock.now()).getTime();
      await first.running.stop();
      const saved = JSON.parse(readFileSync(stateFile, "utf8")) as { savedAt: number };
      writeFileSync(stateFile, JSON.stringify({ ...saved, savedAt: saved.savedAt - machinePassed }));
      const resumedAt = (await (await startSite({ stateFile })).clock.now()).getTime();
      const passed = resumedAt - stoppedAt;
      assert.ok(passed >= sitePassed && passed < sitePassed + 60_000, `${passed} ms of the site's time`);
    }
  });

  it("is saved before a write is answered, so that a kill loses nothing", async () => {
    const stateFile = join(temporaryFolder(), "site.json");
    const first = await startSite({ stateFile });
    await upgrade(first, "4.2.7");
    const second = await startSite({ stateFile });
    assert.equal(
      requireInstalled(await observeSite(() => second.site.kubernetes, second.settings)).observedVersion,
      "4.2.7",
    );
  });

  it("is for this user only", async () => {
    const stateFile = join(temporaryFolder(), "site.json");
    const { running } = await startSite({ stateFile });
    assert.equal(statSync(stateFile).mode & 0o777, 0o600);
    assert.equal(statSync(running.kubeconfig).mode & 0o777, 0o600);
    assert.ok(!readFileSync(running.kubeconfig, "utf8").includes("token"));
  });

  it("a file that is no site is refused by name", async () => {
    const stateFile = join(temporaryFolder(), "site.json");
    writeFileSync(stateFile, "{");
    const options = { version: "4.1.12", edition: "palette" as const, faults: [], directory: temporaryFolder() };
    await assert.rejects(startSimulatedSite({ ...options, stateFile }), { code: "SITE_STATE_UNREADABLE" });
    writeFileSync(stateFile, '{"format":99}');
    await assert.rejects(startSimulatedSite({ ...options, stateFile }), /not written by this version of the rehearsal/);
  });
});
