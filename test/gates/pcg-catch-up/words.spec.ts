import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { pcgCatchUpGate } from "../../../lib/gates/pcg-catch-up/gate.js";
import { runGate } from "../../../lib/gates/run/runner.js";
import { type Observed } from "../../../lib/gates/verdict/types.js";
import {
  at,
  FakeClock,
  fakeSite,
  inputFor,
  neverAborted,
  overlord,
  pod,
  settingsFor,
  tenantApi,
  workload,
} from "../fake-site.js";
import { firstSample, newAgent, print } from "./story.js";
import { defaultGateSettings } from "../../../lib/settings/gate-settings.js";

describe("gate pcg-catch-up", () => {
  it("an agent is never compared with Palette's own version", async () => {
    const same = await print({ pcg: () => ({ agentVersion: "4.6.41" }), baseline: "4.6.41" });

    assert.equal(same.codes[0], "PCG_AGENT_UNCHANGED");
  });

  it("a heartbeat that is not newer than the change does not settle it", async () => {
    const reported = await print({
      pcg: (now) => ({
        isSelfHosted: true,
        ...newAgent(12)(now),
        lastHeartbeat: at(now < 12 || now >= 15 ? now : 11.9),
      }),
    });

    assert.deepEqual([reported.report.outcome, reported.minute], ["pass", 15]);
  });

  it("says what a minor that brought no agent leaves open", async () => {
    const { report } = await print({});

    assert.equal(
      report.reasons[0]?.message,
      "PCG acme/pcg-1: agent is still at 4.5.3 more than 30 minutes after 4.5.23 -> 4.6.41, a minor hop that brings a new one. Whether " +
        "it has what it needs cannot be determined: look at Agent Version and Events on the gateway's page in Palette and at its way to " +
        "Palette, then run this again.",
    );
  });

  const waiting: [title: string, story: Parameters<typeof print>[0], code: string, message: string][] = [
    [
      "an agent that may still come",
      {},
      "PCG_AGENT_UNCHANGED",
      `PCG acme/pcg-1: agent is at 4.5.3, as before the hop. It asks Palette every 15 minutes; a new one is awaited until ${at(35)}.`,
    ],
    [
      "an agent that may be new or not",
      { baseline: null },
      "PCG_AGENT_UNCHANGED",
      `PCG acme/pcg-1: agent is at 4.5.3, none was recorded before the hop. It asks Palette every 15 minutes; a new one is awaited until ${at(35)}.`,
    ],
    [
      "a new agent that was not heard since",
      { pcg: () => ({ agentVersion: "4.6.1", lastHeartbeat: at(4) }) },
      "PCG_AGENT_SETTLING",
      `PCG acme/pcg-1: agent is at 4.6.1 (before the hop 4.5.3), seen at ${at(5)}; a heartbeat newer than that is awaited (last ${at(4)}).`,
    ],
    [
      "a new agent that was never heard",
      { pcg: () => ({ agentVersion: "4.6.1", lastHeartbeat: null }) },
      "PCG_AGENT_SETTLING",
      `PCG acme/pcg-1: agent is at 4.6.1 (before the hop 4.5.3), seen at ${at(5)}; a heartbeat newer than that is awaited (last never).`,
    ],
    [
      "a second look",
      { pcg: () => ({ agentVersion: "4.6.1" }) },
      "PCG_PROFILE_SECOND_LOOK",
      `PCG acme/pcg-1: no profile update is offered; looked at once more at ${at(20)}, a poll after the agent settled.`,
    ],
    [
      "a roll-out that is not done",
      { workloads: () => ["a", "b", "c", "d", "e", "f", "g"].map((name) => workload({ name, ready: 1 })) },
      "ROLLOUT_PENDING",
      "The clock of the gateways has not started: Palette 4.6.41 is not rolled out (hubble-system/a, hubble-system/b, hubble-system/c, hubble-system/d, hubble-system/e, and 2 more).",
    ],
    [
      "a roll-out that five workloads hold up",
      { workloads: () => ["a", "b", "c", "d", "e"].map((name) => workload({ name, ready: 1 })) },
      "ROLLOUT_PENDING",
      "The clock of the gateways has not started: Palette 4.6.41 is not rolled out (hubble-system/a, hubble-system/b, hubble-system/c, hubble-system/d, hubble-system/e).",
    ],
    [
      "profile updates that cannot be read",
      {
        pcg: () => ({ agentVersion: "4.6.1" }),
        updates: () => {
          throw new SiteError("forbidden", "answered 403.");
        },
      },
      "FORBIDDEN",
      "PCG acme/pcg-1: whether a profile update is pending could not be read: answered 403.",
    ],
  ];
  for (const [title, story, code, message] of waiting) {
    it(`says of ${title} what is awaited`, async () => {
      const reasons = await firstSample(story);
      assert.equal(reasons.find((reason) => reason.code === code)?.message, message);
    });
  }

  it("has nothing to say of host clusters where there is no gateway", async () => {
    const settings = settingsFor({ tenants: [], pcg: { ...defaultGateSettings.pcg, none: true } });
    const input = inputFor({ when: "after", from: "4.5.23", to: "4.6.41", site: fakeSite({ tenants: [] }), settings });
    const { outcome, reasons } = await pcgCatchUpGate.sample(input, neverAborted);
    assert.deepEqual([outcome, reasons], ["pass", []]);
  });

  it("what was to be waited for is a failure when its time is over, each reason", async () => {
    const { report } = await print({ pcg: () => ({ health: "UnHealthy" }), from: "4.6.36" });
    assert.deepEqual(
      report.reasons.slice(0, 2).map(({ message }) => message),
      [
        `PCG acme/pcg-1: its time to catch up was over at ${at(65)}; what is named below is still open. Fix it and run the same command again; nothing that was upgraded is lost.`,
        "PCG acme/pcg-1: health is UnHealthy, expected Healthy. Its page in Palette, tab Events, says why.",
      ],
    );
  });

  it("says that a patch offered none, and that host clusters are not affected", async () => {
    const { report } = await print({ from: "4.6.36" });

    assert.deepEqual(
      report.reasons.map(({ message }) => message),
      [
        "PCG acme/pcg-1: no new agent offered in 30 minutes after 4.6.41; it stays at 4.5.3.",
        "Host clusters deployed through these gateways are not affected by the gateways' own upgrade.",
      ],
    );
  });

  it("observes when the clock started, from the cluster's own times", async () => {
    const { report } = await print({ from: "4.6.36", begins: 25 });
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
