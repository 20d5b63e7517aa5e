import assert from "node:assert/strict";
import { pcgApproveAct } from "../../lib/acts/pcg-approve.js";
import type { ActRequest } from "../../lib/acts/types.js";
import type { FaultSpec } from "../../packages/rehearsal/lib/types.js";
import type { TenantApi } from "../../lib/site/types.js";
import { startSite, stopSites } from "../../packages/rehearsal/test/site/running.js";
import { codesOf, requestOn, vsphere } from "./pcg-request.js";

describe("act pcg-approve while a variable of the profile has no value", () => {
  afterEach(stopSites);
  const waiting: FaultSpec = { name: "pcg-profile-update-waiting" };
  const allowed = { pcg: vsphere, "allow-unverified-call": "yes" };

  /** As Palette tells of a gateway whose profile has a variable without a value. */
  const withVariables = (request: ActRequest): ActRequest => {
    const tenants = request.site.tenants.map((tenant): TenantApi => ({
      ...tenant,
      overlords: async () =>
        (await tenant.overlords()).map((each) => ({ ...each, variablesPending: each.name === "pcg-vsphere" })),
    }));
    return { ...request, site: { ...request.site, tenants } };
  };
  const pending: [title: string, faults: FaultSpec[]][] = [
    ["with the update that needs it", [waiting]],
    ["while no update is offered", []],
  ];
  for (const [title, faults] of pending) {
    it(`a variable of the profile without a value is named, and nothing is confirmed: ${title}`, async () => {
      const request = withVariables(await requestOn(await startSite({ faults }), allowed));
      const { refusals } = await pcgApproveAct.propose(request);
      assert.deepEqual(refusals, [
        {
          code: "PCG_VARIABLE_PENDING",
          message:
            "PCG acme/pcg-vsphere: a variable of its cluster profile waits for a value, expected none to be open: no profile update " +
            "is applied before. A person gives the value in Palette: Tenant Settings > Private Cloud Gateways > the gateway > Updates, " +
            "review the changes, then Confirm updates.",
          next: "Fix what is named, then run the act again.",
        },
      ]);
      await assert.rejects(
        pcgApproveAct.perform(request, () => assert.fail("it noted a write")),
        { code: "PCG_VARIABLE_PENDING" },
      );
    });
  }

  it("another gateway's variable does not keep it", async () => {
    const request = withVariables(await requestOn(await startSite({ faults: [waiting] }), allowed));
    const others = { ...request, options: { ...allowed, pcg: "globex/pcg-maas" } };
    assert.ok(!(await codesOf(pcgApproveAct, others)).includes("PCG_VARIABLE_PENDING"));
  });
});
