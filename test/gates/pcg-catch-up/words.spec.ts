import assert from "node:assert/strict";
import { pcgCatchUpGate } from "../../../lib/gates/pcg-catch-up/gate.js";
import { runGate } from "../../../lib/gates/runner.js";
import type { Observed } from "../../../lib/gates/types.js";
import { at, FakeClock, fakeSite, inputFor, overlord, pod, settingsFor, tenantApi } from "../fake-site.js";
import { newAgent, tell } from "./story.js";

describe("gate pcg-catch-up", () => {
  it("an agent is never compared with Palette's own version", async () => {
    const same = await tell({ pcg: () => ({ agentVersion: "4.6.41" }), baseline: "4.6.41" });

    assert.equal(same.codes[0], "PCG_AGENT_UNCHANGED");
  });

  it("a heartbeat that is not newer than the change does not settle it", async () => {
    const told = await tell({
      pcg: (now) => ({
        isSelfHosted: true,
        ...newAgent(12)(now),
        lastHeartbeat: at(now < 12 || now >= 15 ? now : 11.9),
      }),
    });

    assert.deepEqual([told.report.outcome, told.minute], ["pass", 15]);
  });

  it("says what a minor that brought no agent leaves open", async () => {
    const { report } = await tell({});

    assert.equal(
      report.reasons[0]?.message,
      "PCG acme/pcg-1: agent is still at 4.5.3 more than 30 minutes after 4.5.23 -> 4.6.41, a minor hop that brings a new one. Whether " +
        "it has what it needs cannot be told: look at Agent Version and Events on the gateway's page in Palette and at its way to " +
        "Palette, then run this again.",
    );
  });

  it("says that a patch offered none, and that host clusters are not affected", async () => {
    const { report } = await tell({ from: "4.6.36" });

    assert.deepEqual(
      report.reasons.map(({ message }) => message),
      [
        "PCG acme/pcg-1: no new agent offered in 30 minutes after 4.6.41; it stays at 4.5.3.",
        "Host clusters deployed through these gateways are not affected by the gateways' own upgrade.",
      ],
    );
  });

  it("observes when the clock started, from the cluster's own times", async () => {
    const { report } = await tell({ from: "4.6.36", begins: 25 });
    const observed = report.observed as { [key: string]: Observed };

    assert.deepEqual([observed["clockStartedAt"], observed["live"], observed["from"]], [at(5), "4.6.41", "4.6.36"]);
  });

  it("each PCG has its own line; one that is done does not hide one that is not", async () => {
    const tenants = [
      tenantApi({
        tenant: "acme",
        overlords: () => [
          overlord({ agentVersion: "4.6.1", lastHeartbeat: at(100) }),
          overlord({ name: "pcg-2", lastHeartbeat: at(100) }),
        ],
      }),
    ];
    const site = fakeSite({ tenants, pods: [pod({ startTime: at(5) })] });
    const settings = settingsFor({ tenants: [{ name: "acme", pcgs: ["pcg-1", "pcg-2"] }] });
    const report = await runGate(
      pcgCatchUpGate,
      inputFor({
        when: "after",
        from: "4.5.23",
        to: "4.6.41",
        site,
        settings,
        clock: new FakeClock(at(100)),
        baseline: { "acme/pcg-1": "4.5.3", "acme/pcg-2": "4.5.3" },
      }),
    );

    assert.deepEqual(
      [report.outcome, report.reasons.map(({ code, member }) => `${code} ${member}`)],
      ["unknown", ["PCG_AGENT_UNCHANGED acme/pcg-2", "NOTE acme/pcg-1", "NOTE null"]],
    );
  });
});
