import assert from "node:assert/strict";
import { pcgCatchUpGate } from "../../../lib/gates/pcg-catch-up/gate.js";
import { pcgReadinessGate } from "../../../lib/gates/pcg-readiness/gate.js";
import type { Verdict } from "../../../lib/gates/verdict/types.js";
import type { Overlord, TenantApi } from "../../../lib/site/types.js";
import { answering, cleanUp, serve } from "../../site/servers.js";
import { tenantAt } from "../../site/palette/tenants.js";
import { at, FakeClock, fakeSite, inputFor, neverAborted, overlord, settingsFor, tenantApi } from "../fake-site.js";

const clock = new FakeClock(at(4));

function readiness(tenant: TenantApi, names: string[]): Promise<Verdict> {
  const settings = settingsFor({ tenants: [{ name: "acme", pcgs: names }] });
  return pcgReadinessGate.sample(
    inputFor({ site: fakeSite({ tenants: [tenant] }), settings, clock: new FakeClock(at(4)) }),
    neverAborted,
  );
}

const byCli = overlord({ name: "by-cli", spectroClusterUid: "c-cli" });
const onCluster = overlord({ name: "on-cluster", spectroClusterUid: "c-own", isSelfHosted: true });

/** Sentences of the vendor's PCG page that no table beside this file shows by itself: see docs/law.md. */
describe("gate pcg-readiness, the vendor's page", () => {
  afterEach(cleanUp);

  const pauses: [title: string, change: Partial<Overlord>, platformPaused: boolean, code: string][] = [
    ["its own switch", { paused: true }, false, "PCG_PAUSED"],
    ["its tenant's", { paused: true }, true, "TENANT_PAUSED"],
  ];
  for (const [title, change, platformPaused, code] of pauses) {
    it(`agents of every type of PCG are held up by ${title}`, async () => {
      const pcgs = [byCli, onCluster].map((pcg) => ({ ...pcg, ...change }));
      const tenant = tenantApi({ tenant: "acme", overlords: () => pcgs, platformPaused: () => platformPaused });
      const { outcome, reasons } = await readiness(tenant, ["by-cli", "on-cluster"]);

      assert.equal(outcome, "fail");
      assert.deepEqual(
        reasons.filter((reason) => reason.code === code).map(({ member }) => member),
        ["acme/by-cli", "acme/on-cluster"],
      );
    });
  }

  it("profile updates are asked for of PCGs installed by the Palette CLI, and of no other", async () => {
    const asked: string[] = [];
    const updates = (cluster: string): string[] => {
      asked.push(cluster);
      return [];
    };
    const { outcome } = await readiness(tenantApi({ tenant: "acme", overlords: () => [byCli, onCluster], updates }), [
      "by-cli",
      "on-cluster",
    ]);

    assert.deepEqual([outcome, asked], ["pass", ["c-cli"]]);
  });

  it("a PCG on an existing cluster: Kubernetes, network and storage are said to be its administrator's", async () => {
    const ofCluster = await readiness(tenantApi({ tenant: "acme", overlords: () => [onCluster] }), ["on-cluster"]);
    const ofCli = await readiness(tenantApi({ tenant: "acme", overlords: () => [byCli] }), ["by-cli"]);

    assert.match(ofCluster.reasons[0]!.message, /Kubernetes, network and storage there are its administrator's\.$/);
    assert.deepEqual(ofCli.reasons, []);
  });

  it("nothing is approved or resumed for a person: both gates only read", async () => {
    const requests: string[] = [];
    const listed = {
      metadata: { uid: "o1", name: "pcg-1" },
      spec: { spectroClusterUid: "c-1" },
      status: {
        state: "Running",
        notifications: { isAvailable: true },
        health: { state: "Healthy", agentVersion: "1" },
      },
    };
    const bodies: [path: string, body: unknown][] = [
      ["/v1/overlords", { items: [listed] }],
      ["/v1/spectroclusters/c-1/profileUpdates", { profiles: [{ name: "infra" }] }],
      ["/v1/spectroclusters/upgrade/settings", { spectroComponents: "lock" }],
      [
        "/v1/spectroclusters/c-1",
        { metadata: { uid: "c-1", annotations: { spectroComponentsUpgradeForbidden: "true" } } },
      ],
    ];
    const url = await serve((request, response) => {
      const path = request.url!.split("?")[0]!;
      requests.push(`${request.method} ${path}`);
      answering(200, bodies.find(([known]) => known === path)?.[1] ?? { items: [] })(request, response);
    });
    const site = fakeSite({ tenants: [tenantAt(url)] });
    for (const gate of [pcgReadinessGate, pcgCatchUpGate]) {
      const { reasons } = await gate.sample(inputFor({ site, clock }), neverAborted);
      assert.ok(
        reasons.some(({ code }) => code === "PCG_PROFILE_UPDATE_PENDING"),
        gate.name,
      );
      assert.ok(
        reasons.some(({ code, message }) => code === "PCG_PAUSED" || message.startsWith("PCG_PAUSED")),
        gate.name,
      );
    }

    assert.ok(requests.length > 8, String(requests.length));
    assert.deepEqual(
      requests.filter((request) => !request.startsWith("GET ")),
      [],
    );
  });
});
