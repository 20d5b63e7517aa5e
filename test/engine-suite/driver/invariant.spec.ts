import assert from "node:assert/strict";
import type { SeenRevision, SiteEvidence } from "./evidence.js";
import { breaches, type InvariantQuestion } from "./invariant.js";

const at = (minute: number): string => `2026-11-21T07:${String(minute).padStart(2, "0")}:00.000Z`;
const revision = (
  number: number,
  version: string,
  status = "superseded",
  description = `Palette ${version}`,
): SeenRevision => ({
  revision: number,
  status,
  version,
  description,
  at: at(number * 10),
});
const start: SiteEvidence = {
  releases: {
    "default/hubble": [revision(1, "4.5.23", "deployed", "Install complete")],
    "default/cert-manager": [revision(1, "1.405.23", "deployed", "Install complete")],
  },
  rollOuts: [],
};
const good: SiteEvidence = {
  releases: {
    "default/hubble": [
      revision(1, "4.5.23", "superseded", "Install complete"),
      revision(2, "4.6.41"),
      revision(3, "4.7.20", "deployed"),
    ],
    "default/cert-manager": [
      revision(1, "1.405.23", "superseded", "Install complete"),
      { ...revision(2, "1.406.41", "superseded", "Palette 4.6.41"), at: at(19) },
      { ...revision(3, "1.407.20", "deployed", "Palette 4.7.20"), at: at(29) },
    ],
  },
  rollOuts: [
    { from: "4.5.23", to: "4.6.41", at: at(20) },
    { from: "4.6.41", to: "4.7.20", at: at(30) },
  ],
};
const verified = [
  { to: "4.6.41", verifiedAt: at(25) },
  { to: "4.7.20", verifiedAt: at(35) },
];
const rows = ["4.5.23 -> 4.6.41", "4.6.41 -> 4.7.20"];

function judged(over: Partial<InvariantQuestion>, releases: Partial<SiteEvidence["releases"]> = {}): string[] {
  const now = { ...good, releases: { ...good.releases, ...releases } as SiteEvidence["releases"] };
  const isSupported = (from: string, to: string): boolean => rows.includes(`${from} -> ${to}`);
  return breaches({ start, now, verified, isSupported, ...over });
}

const hubble = good.releases["default/hubble"]!;
const cases: [title: string, found: string[], expected: string[]][] = [
  ["two proved hops along rows", judged({}), []],
  [
    "a pair without a row, of the platform and of what goes before it",
    judged({ isSupported: (from) => from === "4.5.23" }),
    [
      "hubble, revision 3, moved 4.6.41 -> 4.7.20",
      "default/cert-manager, revision 3, moved for 4.6.41 -> 4.7.20",
      "the platform rolled 4.6.41 -> 4.7.20",
    ],
  ],
  [
    "the same pair, moved by hand",
    judged({ isSupported: (from) => from === "4.5.23", byHand: ["4.6.41 -> 4.7.20"] }),
    [],
  ],
  [
    "an attempt that failed is a move too",
    judged({}, { "default/hubble": [...hubble, revision(4, "4.8.8", "failed")] }),
    ["hubble, revision 4, moved 4.7.20 -> 4.8.8"],
  ],
  [
    "a failed attempt is not what ran: the next one starts from what did",
    judged(
      {},
      {
        "default/hubble": [
          hubble[0]!,
          revision(2, "4.6.41", "failed"),
          { ...revision(3, "4.6.41"), at: at(20) },
          revision(4, "4.7.20", "deployed"),
        ],
      },
    ),
    [],
  ],
  [
    "a history that is gone",
    judged({}, { "default/cert-manager": [] }),
    ["default/cert-manager was uninstalled: its history is gone"],
  ],
  [
    "a release that Helm calls uninstalled",
    judged({}, { "default/cert-manager": [revision(2, "1.406.41", "uninstalled", "")] }),
    ["default/cert-manager was uninstalled, revision 2"],
  ],
  [
    "nothing deployed",
    judged({}, { "default/cert-manager": [revision(2, "1.406.41", "failed", "")] }),
    ["default/cert-manager has no deployed revision left"],
  ],
  [
    "a version that was never proved",
    judged({ verified: [] }),
    ["the platform rolled on from 4.6.41 to 4.7.20 before the checks of 4.6.41 had passed"],
  ],
  [
    "a version that was proved only afterwards",
    judged({ verified: [{ to: "4.6.41", verifiedAt: at(31) }] }),
    ["the platform rolled on from 4.6.41 to 4.7.20 before the checks of 4.6.41 had passed"],
  ],
  [
    "a proof that is older than what it is about",
    judged({ verified: [{ to: "4.6.41", verifiedAt: at(19) }] }),
    ["the platform rolled on from 4.6.41 to 4.7.20 before the checks of 4.6.41 had passed"],
  ],
  ["a proof in the minute in which it rolled on", judged({ verified: [{ to: "4.6.41", verifiedAt: at(30) }] }), []],
];

describe("the invariant of every run", () => {
  for (const [title, found, expected] of cases) it(title, () => assert.deepEqual(found, expected));
});
