import assert from "node:assert/strict";
import { pcgReadinessGate } from "../../../lib/gates/pcg-readiness/gate.js";
import type { Verdict } from "../../../lib/gates/verdict/types.js";
import type { Overlord } from "../../../lib/site/types.js";
import { at, FakeClock, fakeSite, inputFor, neverAborted, overlord, tenantApi } from "../fake-site.js";

/** What the gateway itself says of its updates; the tenant's are paused. */
interface Own {
  gateway?: Partial<Overlord>;
  cluster?: boolean | null;
}

function judge({ gateway = {}, cluster = false }: Own, platformPaused = true): Promise<Verdict> {
  const tenant = tenantApi({
    tenant: "acme",
    overlords: () => [overlord(gateway)],
    platformPaused: () => platformPaused,
    clusterPaused: () => cluster,
  });
  return pcgReadinessGate.sample(
    inputFor({ site: fakeSite({ tenants: [tenant] }), clock: new FakeClock(at(4)) }),
    neverAborted,
  );
}

describe("gate pcg-readiness: a tenant's pause and the gateway's own setting", () => {
  const table: [title: string, own: Own, outcome: string, codes: string[]][] = [
    ["resumed by its own switch: its own setting decides", {}, "pass", ["NOTE"]],
    ["its own setting is not reported", { cluster: null }, "fail", ["TENANT_PAUSED", "PCG_PAUSE_UNKNOWN"]],
    ["its cluster's updates are paused", { cluster: true }, "fail", ["PCG_PAUSED", "TENANT_PAUSED"]],
    ["paused by its own flag alone", { gateway: { paused: true } }, "fail", ["PCG_PAUSED", "TENANT_PAUSED"]],
    ["paused by both", { gateway: { paused: true }, cluster: true }, "fail", ["PCG_PAUSED", "TENANT_PAUSED"]],
    ["resumed, but unhealthy", { gateway: { health: "UnHealthy" } }, "wait", ["PCG_UNHEALTHY", "NOTE"]],
  ];
  for (const [title, own, outcome, codes] of table)
    it(`${title}: ${outcome}`, async () => {
      const verdict = await judge(own);
      assert.deepEqual([verdict.outcome, verdict.reasons.map(({ code }) => code)], [outcome, codes]);
    });

  it("the remark names the source", async () =>
    assert.equal(
      (await judge({})).reasons[0]?.message,
      "PCG acme/pcg-1: tenant acme has platform updates paused, but its own setting has them on, and that decides (vendor's page " +
        "Pause Agent Upgrades, Agent Upgrades for PCG and Edge Hosts). The next change of the tenant's setting sets the gateway's again.",
    ));

  it("negative twin: nothing is paused, nothing is said", async () =>
    assert.deepEqual((await judge({}, false)).reasons, []));
});
