import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { pcgReadinessGate } from "../../../lib/gates/pcg-readiness/gate.js";
import { type GateInput, type Verdict } from "../../../lib/gates/verdict/types.js";
import { type KubernetesSite } from "../../../lib/site/types.js";
import { at, fakeSite, inputFor, neverAborted, overlord, settingsFor, tenantApi } from "../fake-site.js";
import { agentNamespace, agentWorkload, codes, type FakeCluster, gateway, jet } from "./gateway-clusters.js";

const unseen = ["TENANT_UNSEEN", "PCG_HEARTBEAT_UNSEEN", "PCG_PAUSE_UNSEEN", "PCG_PROFILE_UPDATES_UNSEEN"];

async function readiness(cluster: KubernetesSite | null, change: Partial<GateInput> = {}): Promise<Verdict> {
  const gateways: Record<string, KubernetesSite> = cluster === null ? {} : { "acme/pcg-1": cluster };
  return pcgReadinessGate.sample(inputFor({ site: fakeSite({ tenants: [], gateways }), ...change }), neverAborted);
}

describe("gateways seen by the kubeconfig of their own cluster", () => {
  const table: [title: string, cluster: FakeCluster, outcome: string, codes: string[]][] = [
    ["all is well: what cannot be seen is unknown, each by name", {}, "unknown", [...unseen, "NOTE"]],
    [
      "a workload is not ready",
      { workloads: [agentWorkload("4.5.3", { ready: 1 }), jet] },
      "unknown",
      [...unseen, "PCG_WORKLOAD_NOT_READY", "NOTE"],
    ],
    [
      "jet is missing",
      { workloads: [agentWorkload("4.5.3")] },
      "unknown",
      ["TENANT_UNSEEN", "PCG_WORKLOAD_MISSING", ...unseen.slice(1), "NOTE"],
    ],
    [
      "the agent is missing",
      { workloads: [jet] },
      "unknown",
      ["TENANT_UNSEEN", "PCG_WORKLOAD_MISSING", ...unseen.slice(1)],
    ],
    [
      "no namespace of an agent",
      { namespaces: ["default", "jet-system"], labelled: [] },
      "unknown",
      ["TENANT_UNSEEN", "PCG_WORKLOAD_MISSING", ...unseen.slice(1)],
    ],
    ["the namespace has no label, but the name", { labelled: [] }, "unknown", [...unseen, "NOTE"]],
    [
      "an agent of the right name in another namespace is none",
      { labelled: ["cluster-other"], namespaces: [agentNamespace, "cluster-other", "jet-system"] },
      "unknown",
      ["TENANT_UNSEEN", "PCG_WORKLOAD_MISSING", ...unseen.slice(1)],
    ],
    [
      "the kubeconfig leads to Palette's own cluster",
      { namespaces: ["hubble-system", "jet-system", agentNamespace] },
      "fail",
      ["PCG_CLUSTER_WRONG", ...unseen],
    ],
  ];
  for (const [title, cluster, outcome, expected] of table) {
    it(`${outcome}: ${title}`, async () => {
      const verdict = await readiness(gateway(cluster));
      assert.deepEqual([verdict.outcome, codes(verdict)], [outcome, expected]);
    });
  }

  it("says what is missing, what is not ready and what cannot be seen", async () => {
    const verdict = await readiness(gateway({ workloads: [agentWorkload("4.5.3", { ready: 1 })] }));
    const message = (code: string): string | undefined =>
      verdict.reasons.find((reason) => reason.code === code)?.message;
    assert.equal(
      message("PCG_WORKLOAD_NOT_READY"),
      "PCG acme/pcg-1: Deployment cluster-abc/cluster-management-agent on its cluster: 1 of 2 pods are ready, expected all ready. It may " +
        'settle; "kubectl --namespace cluster-abc describe deployment cluster-management-agent" says why it does not.',
    );
    assert.equal(
      message("PCG_WORKLOAD_MISSING"),
      "PCG acme/pcg-1: Deployment jet, documented for every gateway, is not in namespace jet-system of its cluster. Check that " +
        "palette:pcg.clusters leads to this gateway's cluster.",
    );
    assert.equal(
      message("PCG_PAUSE_UNSEEN"),
      "PCG acme/pcg-1: whether its updates are paused cannot be seen with the kubeconfig of its cluster alone. Look at the gateway's " +
        "page in Palette, and accept this reason by name for the hop where it is well.",
    );
    assert.match(message("NOTE")!, /agent images cluster-management-agent:4\.5\.3\.$/);
  });

  it("records the agent's images as its baseline, without the registry", async () => {
    assert.deepEqual((await readiness(gateway())).observed, {
      live: "4.6.41",
      agents: { "acme/pcg-1": "images cluster-management-agent:4.5.3" },
      profiles: {},
    });
  });

  it("neither API nor kubeconfig: not known, with what to set", async () => {
    const verdict = await readiness(null);
    assert.deepEqual([verdict.outcome, codes(verdict)], ["unknown", ["TENANT_UNSEEN", "PCG_NO_ACCESS"]]);
  });

  it("a cluster that does not answer is not taken for a gateway that is well", async () => {
    const broken = fakeSite().kubernetes;
    broken.namespaces = () => Promise.reject(new SiteError("forbidden", "list namespaces answered 403."));
    const verdict = await readiness(broken);
    assert.deepEqual(codes(verdict), ["TENANT_UNSEEN", "FORBIDDEN", ...unseen.slice(1)]);
    assert.match(verdict.reasons[1]!.message, /^PCG acme\/pcg-1: its own cluster could not be read: list namespaces/);
  });

  describe("a mixed set", () => {
    const settings = settingsFor({
      tenants: [
        { name: "acme", pcgs: ["pcg-1"] },
        { name: "globex", pcgs: ["pcg-2", "pcg-3"] },
      ],
    });
    const api = tenantApi({ tenant: "acme", overlords: () => [overlord({ lastHeartbeat: at(0) })] });

    it("some by the API, some by their clusters, one by neither: each its own line", async () => {
      const site = fakeSite({ tenants: [api], gateways: { "globex/pcg-2": gateway() } });
      const verdict = await pcgReadinessGate.sample(inputFor({ site, settings }), neverAborted);
      assert.deepEqual(
        verdict.reasons.map(({ code, member }) => [code, member]),
        [
          ["TENANT_UNSEEN", "globex"],
          ["PCG_NO_ACCESS", "globex/pcg-3"],
          ["PCG_HEARTBEAT_UNSEEN", "globex/pcg-2"],
          ["PCG_PAUSE_UNSEEN", "globex/pcg-2"],
          ["PCG_PROFILE_UPDATES_UNSEEN", "globex/pcg-2"],
          ["NOTE", "globex/pcg-2"],
        ],
      );
      assert.deepEqual((verdict.observed as { agents: unknown }).agents, {
        "acme/pcg-1": "4.5.3",
        "globex/pcg-2": "images cluster-management-agent:4.5.3",
      });
    });

    it("beside the API the cluster adds its workloads, and nothing is unseen", async () => {
      const well = fakeSite({ tenants: [api], gateways: { "acme/pcg-1": gateway() } });
      const ill = fakeSite({
        tenants: [api],
        gateways: { "acme/pcg-1": gateway({ workloads: [agentWorkload("4.5.3", { ready: 0 }), jet] }) },
      });
      const [good, bad] = await Promise.all(
        [well, ill].map((site) => pcgReadinessGate.sample(inputFor({ site }), neverAborted)),
      );
      assert.deepEqual([good!.outcome, codes(good!)], ["pass", ["NOTE"]]);
      assert.deepEqual([bad!.outcome, codes(bad!)], ["wait", ["PCG_WORKLOAD_NOT_READY", "NOTE"]]);
      assert.deepEqual((good!.observed as { agents: unknown }).agents, { "acme/pcg-1": "4.5.3" });
    });
  });
});
