import assert from "node:assert/strict";
import { defaultGateSettings } from "../../../lib/settings/gate-settings.js";
import { at } from "../fake-site.js";
import { newAgent, print, type Story } from "./story.js";

/** Sentences of the vendor's PCG page that no table beside this file shows by itself: see docs/law.md. */
describe("gate pcg-catch-up, the vendor's page", () => {
  it("an agent that comes with its second poll is waited for, and one that comes with no poll is not a pass", async () => {
    const late = await print({ pcg: newAgent(34) });
    const never = await print({});

    assert.deepEqual([late.report.outcome, late.minute], ["pass", 49]);
    assert.deepEqual([never.report.outcome, never.minute], ["unknown", 35]);
  });

  /** Agent at 12, a profile update offered at 14 and approved at 20; the PCG is away from then until `back`. */
  const awayUntil = (back: number): Story => ({
    pcg: (now) => ({
      ...newAgent(12)(now),
      ...(now >= 20 && now < back ? { health: "UnHealthy", lastHeartbeat: at(20) } : {}),
    }),
    updates: (now) => (now >= 14 && now < 20 ? ["infra"] : []),
    completedAt: back,
  });

  it("a PCG that is away while its profile update is applied is waited for", async () => {
    const { report, minute } = await print(awayUntil(45));

    assert.deepEqual([report.outcome, minute], ["pass", 45]);
  });

  it("negative twin: one that does not come back fails at its deadline, an hour after the clock started", async () => {
    const { report, minute, codes } = await print(awayUntil(90));

    assert.deepEqual([report.outcome, minute], ["fail", 65]);
    assert.equal(codes[0], "DEADLINE");
    assert.ok(codes.includes("PCG_UNHEALTHY") && codes.includes("PCG_PROFILE_UPDATE_RUNNING"), codes.join());
  });

  it("the vendor's times are the defaults: a poll every 15 minutes, 30 minutes for the agent", () => {
    const { pollSeconds, unchangedSeconds } = defaultGateSettings.pcg;
    assert.deepEqual([pollSeconds, unchangedSeconds], [15 * 60, 30 * 60]);
  });
});
