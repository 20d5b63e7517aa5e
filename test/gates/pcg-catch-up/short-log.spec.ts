import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { type AppliedProfiles } from "../../../lib/site/types.js";
import { at, profile, profileDigestOf } from "../fake-site.js";
import { newAgent, type Story, print } from "./story.js";

/**
 * Legend: 4.5.23 -> 4.6.41 is deployed at 08:00, the agent is new at 08:12, an update is announced at 08:14 and approved at
 * 08:20. The run begins a day later, and Palette's log of events may no longer reach back so far.
 */
const kubernetes = { name: "kubernetes", layer: "k8s", version: "1.30.1", digest: "", valuesDigest: "" };
const after = profile({ version: "1.0.1", packs: [kubernetes] });

function applied(packs: AppliedProfiles["packs"]): AppliedProfiles {
  return { profiles: [after], packs };
}

const forbidden = (): Error => new SiteError("forbidden", "Tenant acme: GET … answered 403.");
const before: Story = {
  pcg: newAgent(12),
  begins: 1440,
  notifications: () => [{ at: at(14), changedAt: at(20) }],
};
const unlogged: Story = { ...before, events: [[1300, "node is healthy"]] };

describe("a profile update older than the log of events", () => {
  const table: [title: string, story: Story, outcome: string, codes: string[]][] = [
    [
      "the log does not reach back so far, and every pack is ready at its version",
      {
        ...before,
        events: [[1300, "node is healthy"]],
        applied: () => applied([{ name: "kubernetes", version: "1.30.1", ready: true }]),
      },
      "pass",
      ["NOTE", "NOTE", "NOTE"],
    ],
    [
      "the log does not reach back so far, and a pack is at another version",
      {
        ...before,
        events: [[1300, "node is healthy"]],
        applied: () => applied([{ name: "kubernetes", version: "1.29.9", ready: true }]),
      },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "the log does not reach back so far, and a pack is not ready",
      {
        ...before,
        events: [[1300, "node is healthy"]],
        applied: () => applied([{ name: "kubernetes", version: "1.30.1", ready: false }]),
      },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "the log does reach back: ready packs are no completion",
      {
        ...before,
        events: [[-60, "cluster is running"]],
        applied: () => applied([{ name: "kubernetes", version: "1.30.1", ready: true }]),
      },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "… nor is a pack of another name",
      {
        ...unlogged,
        applied: () => applied([{ name: "csi", version: "1.30.1", ready: true }]),
      },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "… further packs of the cluster's own do no harm",
      {
        ...unlogged,
        applied: () =>
          applied([
            { name: "palette", version: "4.6.1", ready: false },
            { name: "kubernetes", version: "1.30.1", ready: true },
          ]),
      },
      "pass",
      ["NOTE", "NOTE", "NOTE"],
    ],
    [
      "… of two packs each must be ready",
      {
        ...unlogged,
        applied: () => ({
          profiles: [profile({ version: "1.0.1", packs: [kubernetes, { ...kubernetes, name: "cni" }] })],
          packs: [
            { name: "kubernetes", version: "1.30.1", ready: true },
            { name: "cni", version: "1.30.1", ready: false },
          ],
        }),
      },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "… a profile without packs proves nothing",
      { ...unlogged, applied: () => ({ profiles: [profile()], packs: [] }) },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "… nor do packs that cannot be read",
      { ...unlogged, applied: forbidden },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "the log does not reach back so far, the profile alone tells of it, and every pack is ready",
      {
        ...before,
        notifications: () => [],
        profileBefore: profileDigestOf(profile({ version: "0.9.0" })),
        events: [[1300, "node is healthy"]],
        applied: () => applied([{ name: "kubernetes", version: "1.30.1", ready: true }]),
      },
      "pass",
      ["NOTE", "NOTE", "NOTE"],
    ],
    [
      "seen pending by the run itself, a log that does not reach back: ready packs are no completion",
      {
        pcg: newAgent(12),
        begins: 13,
        updates: (now) => (now >= 14 && now < 20 ? ["infra"] : []),
        events: [[21, "node is healthy"]],
        applied: () => applied([{ name: "kubernetes", version: "1.30.1", ready: true }]),
      },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
    [
      "a log whose oldest event is of the very moment reaches back",
      {
        ...unlogged,
        events: [
          [14, "cluster is running"],
          [1300, "node is healthy"],
        ],
        applied: () => applied([{ name: "kubernetes", version: "1.30.1", ready: true }]),
      },
      "fail",
      ["DEADLINE", "PCG_PROFILE_UPDATE_RUNNING", "NOTE", "NOTE"],
    ],
  ];
  for (const [title, story, outcome, codes] of table) {
    it(`${outcome}: ${title}`, async () => {
      const { report, codes: seen } = await print(story);
      assert.deepEqual([report.outcome, seen], [outcome, codes]);
    });
  }
});
