import assert from "node:assert/strict";
import { pcgCatchUpGate } from "../../../lib/gates/pcg-catch-up/gate.js";
import { arrived, at, FakeClock, fakeSite, inputFor, neverAborted, overlord, pod, tenantApi } from "../fake-site.js";
import { agentWorkload, codes, gateway, jet } from "../pcg-readiness/gateway-clusters.js";

describe("gate pcg-catch-up by the kubeconfig of gateways' own clusters", () => {
  const before = "images cluster-management-agent:4.5.3";
  // The clock starts at 08:05, when the newest pod of the roll-out had started.
  const rows: [
    title: string,
    from: string,
    baseline: string | null,
    agent: string,
    minute: number,
    code: string | null,
    words: string,
  ][] = [
    [
      "new images: the agent is new",
      "4.5.23",
      before,
      "4.6.2",
      10,
      null,
      "agent images cluster-management-agent:4.5.3 -> images cluster-management-agent:4.6.2.",
    ],
    [
      "the same images, within 30 minutes",
      "4.5.23",
      before,
      "4.5.3",
      10,
      "PCG_AGENT_UNCHANGED",
      `agent images cluster-management-agent:4.5.3, as before the hop. It asks Palette every 15 minutes; a new one is awaited until ${at(35)}.`,
    ],
    [
      "the same images after 30 minutes, a minor",
      "4.5.23",
      before,
      "4.5.3",
      36,
      "PCG_AGENT_UNCHANGED",
      "agent is still images cluster-management-agent:4.5.3 more than 30 minutes after 4.5.23 -> 4.6.41, a minor hop that brings a new one. Look at Agent Version and Events on the gateway's page in Palette, then run this again.",
    ],
    [
      "the same images to the minute, a minor",
      "4.5.23",
      before,
      "4.5.3",
      35,
      "PCG_AGENT_UNCHANGED",
      "agent is still images cluster-management-agent:4.5.3 more than 30 minutes after 4.5.23 -> 4.6.41, a minor hop that brings a new one. Look at Agent Version and Events on the gateway's page in Palette, then run this again.",
    ],
    [
      "the same images after 30 minutes, no version before",
      "4.6.41",
      before,
      "4.5.3",
      36,
      null,
      "no new agent offered in 30 minutes after 4.6.41; it stays at images cluster-management-agent:4.5.3.",
    ],
    [
      "the same images after 30 minutes, a patch: none was offered",
      "4.6.36",
      before,
      "4.5.3",
      36,
      null,
      "no new agent offered in 30 minutes after 4.6.41; it stays at images cluster-management-agent:4.5.3.",
    ],
    [
      "no images recorded, after 30 minutes",
      "4.5.23",
      null,
      "4.5.3",
      36,
      null,
      "agent images cluster-management-agent:4.5.3; no images of it were recorded before the hop, so only its workloads are judged.",
    ],
    [
      "a version recorded by the API says nothing of images",
      "4.5.23",
      "4.5.3",
      "4.6.2",
      10,
      "PCG_AGENT_UNCHANGED",
      `agent images cluster-management-agent:4.6.2, no images of it were recorded before the hop. It asks Palette every 15 minutes; a new one is awaited until ${at(35)}.`,
    ],
  ];
  for (const [title, from, baseline, agent, minute, code, words] of rows) {
    it(`${title}: ${code ?? "nothing awaited of the agent"}`, async () => {
      const site = fakeSite({
        tenants: [],
        revisions: arrived(from, "4.6.41"),
        pods: [pod({ startTime: at(5) })],
        gateways: { "acme/pcg-1": gateway({ agent }) },
      });
      const input = inputFor({
        when: "after",
        from,
        to: "4.6.41",
        site,
        clock: new FakeClock(at(minute)),
        baseline: baseline === null ? {} : { "acme/pcg-1": baseline },
      });
      const verdict = await pcgCatchUpGate.sample(input, neverAborted);
      assert.equal(verdict.outcome, "unknown", "what cannot be seen is never a pass");
      assert.ok(
        verdict.reasons.some(({ message }) => message === `PCG acme/pcg-1: ${words}`),
        words,
      );
      assert.deepEqual(
        codes(verdict).filter((one) => one.startsWith("PCG_AGENT")),
        code === null ? [] : [code],
      );
    });
  }

  it("what its own cluster still waits for is a failure when its hour is over", async () => {
    const ended = async (minute: number): Promise<[string, string[]]> => {
      const workloads = [agentWorkload("4.6.2", { ready: 1 }), jet];
      const site = fakeSite({
        tenants: [],
        revisions: arrived("4.5.23", "4.6.41"),
        pods: [pod({ startTime: at(5) })],
        gateways: { "acme/pcg-1": gateway({ workloads }) },
      });
      const input = inputFor({ when: "after", from: "4.5.23", to: "4.6.41", site, clock: new FakeClock(at(minute)), baseline: { "acme/pcg-1": before } }); // prettier-ignore
      const verdict = await pcgCatchUpGate.sample(input, neverAborted);
      return [verdict.outcome, codes(verdict).filter((code) => code === "DEADLINE" || code === "PCG_WORKLOAD_NOT_READY")]; // prettier-ignore
    };
    assert.deepEqual(await ended(64.9), ["unknown", ["PCG_WORKLOAD_NOT_READY"]]);
    assert.deepEqual(await ended(65), ["fail", ["DEADLINE", "PCG_WORKLOAD_NOT_READY"]]);
  });

  it("beside the API its cluster's workloads are judged, and nothing of them is unseen", async () => {
    const tenants = [tenantApi({ tenant: "acme", overlords: () => [overlord({ agentVersion: "4.6.2", lastHeartbeat: at(40) })] })]; // prettier-ignore
    const site = fakeSite({
      tenants,
      revisions: arrived("4.5.23", "4.6.41"),
      pods: [pod({ startTime: at(5) })],
      gateways: { "acme/pcg-1": gateway({ workloads: [agentWorkload("4.6.2", { ready: 1 }), jet] }) },
    });
    const input = inputFor({ when: "after", from: "4.5.23", to: "4.6.41", site, clock: new FakeClock(at(70)), baseline: { "acme/pcg-1": "4.5.3" } }); // prettier-ignore
    const verdict = await pcgCatchUpGate.sample(input, neverAborted);
    assert.deepEqual(
      codes(verdict).filter((code) => code !== "NOTE"),
      ["DEADLINE", "PCG_HEARTBEAT_STALE", "PCG_WORKLOAD_NOT_READY"],
    );
  });

  it("images recorded before say nothing of a version that the API tells", async () => {
    const site = fakeSite({ revisions: arrived("4.5.23", "4.6.41"), pods: [pod({ startTime: at(5) })] });
    const input = inputFor({
      when: "after",
      from: "4.5.23",
      to: "4.6.41",
      site,
      clock: new FakeClock(at(6)),
      baseline: { "acme/pcg-1": before },
    });
    const verdict = await pcgCatchUpGate.sample(input, neverAborted);
    assert.match(
      verdict.reasons.find(({ code }) => code === "PCG_AGENT_UNCHANGED")!.message,
      /none was recorded before the hop/,
    );
  });
});
