import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { type ProfileNotification } from "../../../lib/site/types.js";
import { at, profile, profileDigestOf } from "../fake-site.js";
import { newAgent, type Story, print } from "./story.js";

/**
 * Legend: 4.5.23 -> 4.6.41 is deployed at 08:00, the agent is new at 08:12. Nothing is ever seen pending by the run, which
 * begins after the approval. A day later is minute 1440.
 */
const day = 1440;

/** Announced at one minute, touched (e.g. by an approval) at another. */
function announced(minute: number, touched = minute): () => ProfileNotification[] {
  return () => [{ at: at(minute), changedAt: at(touched) }];
}

const forbidden = (): Error => new SiteError("forbidden", "Tenant acme: GET … answered 403.");
const before: Story = { pcg: newAgent(12), begins: day };

describe("a profile update that was approved while no run was looking", () => {
  const table: [title: string, story: Story, outcome: string, codes: string[]][] = [
    [
      "none was announced, the profile is as before: nothing is owed",
      { ...before, profileBefore: profileDigestOf() },
      "pass",
      ["NOTE", "NOTE"],
    ],
    [
      "announced, and complete after it",
      { ...before, notifications: announced(14, 20), completedAt: 25 },
      "pass",
      ["NOTE", "NOTE"],
    ],
    [
      "announced, and not complete",
      { ...before, notifications: announced(14, 20), events: [[-60, "cluster is running"]] },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "the completion is older than the announcement: another one's",
      { ...before, notifications: announced(14, 20), completedAt: 13, events: [[-60, "cluster is running"]] },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "announced before the hop, approved after it: owed all the same",
      { ...before, notifications: announced(-30, 20), events: [[-60, "cluster is running"]] },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "announced and approved before the hop: that version's own catch-up asked for it",
      { ...before, notifications: announced(-30, -20) },
      "pass",
      ["NOTE", "NOTE"],
    ],
    [
      "two were announced, one completion lies between them",
      {
        ...before,
        notifications: () => [...announced(30, 31)(), ...announced(14, 15)()],
        completedAt: 20,
        events: [[-60, "cluster is running"]],
      },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "no notification, but the profile is not the one before the hop",
      {
        ...before,
        profileBefore: profileDigestOf(profile({ version: "0.9.0" })),
        events: [[-60, "cluster is running"]],
      },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "the profile is not the one before the hop, and an event completes it",
      { ...before, profileBefore: profileDigestOf(profile({ version: "0.9.0" })), completedAt: 25 },
      "pass",
      ["NOTE", "NOTE"],
    ],
    [
      "notifications cannot be read, the profile is as before: none was approved",
      { ...before, notifications: forbidden, profileBefore: profileDigestOf() },
      "pass",
      ["NOTE", "NOTE"],
    ],
    [
      "notifications cannot be read and no profile was recorded: not known",
      { ...before, notifications: forbidden },
      "unknown",
      ["PCG_PROFILE_HISTORY_UNKNOWN", "NOTE", "NOTE"],
    ],
    [
      "notifications cannot be read, but a completion since the hop is there",
      { ...before, notifications: forbidden, completedAt: 25 },
      "pass",
      ["NOTE", "NOTE"],
    ],
    [
      "seen pending, then announced anew: a completion between the two is the older one's",
      {
        pcg: newAgent(25),
        begins: 13,
        updates: (now) => (now >= 14 && now < 20 ? ["infra"] : []),
        notifications: (now) => (now >= 30 ? [{ at: at(30), changedAt: at(31) }] : []),
        completedAt: 25,
        profileBefore: profileDigestOf(),
      },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "complete at the very moment it was announced: another one's",
      { ...before, notifications: announced(14, 20), completedAt: 14, events: [[-60, "cluster is running"]] },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "approved at the very moment of the deployment: owed",
      { ...before, notifications: announced(-30, 0), events: [[-60, "cluster is running"]] },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    ["its events cannot be read", { ...before, eventsFault: forbidden() }, "unknown", ["FORBIDDEN", "NOTE", "NOTE"]],
    [
      "notifications cannot be read and neither can its profile: not known",
      { ...before, notifications: forbidden, applied: forbidden, profileBefore: profileDigestOf() },
      "unknown",
      ["PCG_PROFILE_HISTORY_UNKNOWN", "NOTE", "NOTE"],
    ],
    [
      "no notification, and its profile cannot be read: nothing tells of an update",
      { ...before, applied: forbidden, profileBefore: profileDigestOf() },
      "pass",
      ["NOTE", "NOTE"],
    ],
    [
      "notifications do not answer: asked again, with the error's own code",
      { ...before, notifications: () => new SiteError("network", "no answer") },
      "unknown",
      ["SITE_UNREACHABLE", "NOTE", "NOTE", "NOTE"],
    ],
  ];
  for (const [title, story, outcome, codes] of table) {
    it(`${outcome}: ${title}`, async () => {
      const { report, codes: seen } = await print(story);
      assert.deepEqual([report.outcome, seen], [outcome, codes]);
    });
  }

  it("is waited for while its time lasts, and passes when the event comes", async () => {
    const { report, minute } = await print({
      pcg: newAgent(12),
      begins: 40,
      notifications: announced(14, 20),
      completedAt: 53,
    });
    assert.deepEqual([report.outcome, minute], ["pass", 53]);
  });

  it("says what tells of it, and what is awaited", async () => {
    const { report } = await print({ ...before, notifications: announced(14, 20), events: [[-60, "x"]] });
    assert.equal(
      report.reasons.find(({ code }) => code === "PCG_PROFILE_UPDATE_RUNNING")?.message,
      `PCG acme/pcg-1: its profile update is approved and being applied (Palette announced it at ${at(14)}); the event "all control ` +
        `planes are updated" newer than ${at(14)} is awaited. Look at the gateway's Events in Palette where it does not come.`,
    );
  });

  it("where it cannot be determined, says so with the reason", async () => {
    const { report } = await print({ ...before, notifications: forbidden });
    assert.equal(
      report.reasons[0]!.message,
      `PCG acme/pcg-1: nothing is pending, but whether a profile update was approved since ${at(0)} cannot be determined (no profile was ` +
        "recorded before the hop), nor then whether it is complete. Look at the gateway's Events in Palette for \"all control planes " +
        'are updated". Its notifications could not be read: Tenant acme: GET … answered 403.',
    );
  });
});
