import assert from "node:assert/strict";
import { beginUpgrade, finishRevision } from "../../lib/helm-storage.js";
import { refusalOf, startSite, stopSites, type Rehearsed } from "./running.js";

function overlordsOf({ site }: Rehearsed) {
  return site.tenants[0]!.overlords();
}

describe("the control of faults", () => {
  afterEach(stopSites);

  async function control({ running }: Rehearsed, body: unknown): Promise<{ status: number; body: string }> {
    const answer = await fetch(`${running.environment["PALETTE_REHEARSAL"]}/faults`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.text() };
  }

  it("adds and clears over HTTP", async () => {
    const rehearsed = await startSite();
    assert.equal((await control(rehearsed, { add: [{ name: "pcg-paused" }] })).status, 200);
    assert.equal((await overlordsOf(rehearsed)).filter(({ paused }) => paused).length, 1);
    const cleared = await control(rehearsed, { clear: ["pcg-paused"] });
    assert.deepEqual(JSON.parse(cleared.body), { faults: [] });
    assert.equal((await overlordsOf(rehearsed)).filter(({ paused }) => paused).length, 0);
  });

  const refused: [title: string, body: unknown, says: RegExp][] = [
    ["a name that is no fault", { add: [{ name: "gremlins" }] }, /Invalid option/],
    ["a field that is none", { add: [{ name: "pcg-paused", when: "now" }] }, /Unrecognized key/],
    ["a revision fault without a version", { add: [{ name: "release-failed" }] }, /needs the version/],
    ["no JSON object", null, /expected object/],
  ];
  for (const [title, body, says] of refused) {
    it(`refuses ${title}`, async () => {
      const answer = await control(await startSite(), body);
      assert.equal(answer.status, 400);
      assert.match(answer.body, says);
    });
  }
});

describe("bursts of API faults", () => {
  afterEach(stopSites);

  for (const name of ["api-500", "api-429", "api-connection-cut"] as const) {
    it(`${name}: three bad answers are ridden out, without waiting for real`, async () => {
      const began = performance.now();
      const rehearsed = await startSite({ faults: [{ name, count: 3 }] });
      assert.equal((await overlordsOf(rehearsed)).length, 3);
      assert.ok(performance.now() - began < 3000);
    });
  }

  it("a fault aimed at the Kubernetes API leaves the Palette API alone", async () => {
    const rehearsed = await startSite({ faults: [{ name: "api-500", target: "kubernetes" }] });
    assert.equal(await refusalOf(overlordsOf(rehearsed)), "answered");
    assert.equal(await refusalOf(rehearsed.site.kubernetes.clusterUid()), "server");
  });

  const kubernetes: [name: "api-429" | "api-connection-cut", kind: string][] = [
    ["api-429", "throttled"],
    ["api-connection-cut", "network"],
  ];
  for (const [name, kind] of kubernetes) {
    it(`${name} of the Kubernetes API is told as ${kind}, never as absent`, async () => {
      const { site } = await startSite({ faults: [{ name, target: "kubernetes" }] });
      assert.equal(await refusalOf(site.kubernetes.secretExists("hubble-system", "mongo-tls")), kind);
      assert.equal(
        await refusalOf(site.kubernetes.serviceAddresses("ingress-traefik", "traefik-ingress-controller")),
        kind,
      );
    });
  }
});

describe("the simulated DNS cut-over", () => {
  afterEach(stopSites);

  it("the domain moves to Traefik some minutes after the hop that brings it; each controller answers as itself", async () => {
    const rehearsed = await startSite({ version: "4.8.33" });
    const { site, running, clock } = rehearsed;
    const answer = async (address: string): Promise<string> => {
      const { status, server } = await site.fetchIngressAnswer(address, "palette.example");
      return `${status} ${server}`.trim();
    };
    assert.deepEqual([await answer("palette.example"), await answer("203.0.113.20")], ["200 nginx", "503"]);
    const now = (await clock.now()).toISOString();
    const chart = { name: "spectro-mgmt-plane", version: "4.8.47", appVersion: "4.8.47" };
    const storage = { url: running.url };
    const begun = await beginUpgrade(storage, {
      name: "hubble",
      namespace: "default",
      chart,
      values: {},
      maxHistory: 10,
      now,
    });
    await finishRevision(storage, begun, { status: "deployed" }, now);
    assert.deepEqual([await answer("palette.example"), await answer("203.0.113.20")], ["200 nginx", "200"]);
    await clock.sleep(400);
    assert.deepEqual([await answer("palette.example"), await answer("203.0.113.10")], ["200", "200 nginx"]);
  });
});
