import assert from "node:assert/strict";
import { describeEvent } from "../../lib/journal/entry-words.js";
import { type JournalEvent } from "../../lib/journal/types.js";

describe("an act's entry in words", () => {
  const act: Extract<JournalEvent, { kind: "act" }> = {
    kind: "act",
    act: "backup",
    hop: "4.7.27->4.8.8",
    outcome: "done",
    because: "the hop needs it",
    ticket: "OPS-7",
    details: { id: "snap-17" },
    tool: "palette-upgrade 1.2.3",
  };
  const identity = {
    stack: "prod",
    server: "https://api.example:6443",
    context: "admin",
    clusterUid: "u-1",
    rootDomain: "palette.example.com",
    version: "4.7.27",
    edition: "palette",
  } as const;
  const site =
    "on stack prod, API server https://api.example:6443, context admin, cluster UID u-1, Palette 4.7.27, root domain palette.example.com";
  const unread =
    "on stack prod, API server not known, context none, cluster UID not read, Palette (not installed, or not read), root domain not set";
  const nothing = { ...identity, server: null, context: null, clusterUid: null, rootDomain: null, version: null };

  const cases: [title: string, event: JournalEvent, where: string][] = [
    ["names the installation", { ...act, identity }, `; ${site}`],
    ["names what is known of it", { ...act, identity: nothing }, `; ${unread}`],
    ["of an earlier version of this tool names none", act, ""],
  ];
  for (const [title, event, where] of cases) {
    it(title, () =>
      assert.equal(
        describeEvent(event),
        `act backup for 4.7.27->4.8.8: done (OPS-7): the hop needs it; id snap-17${where}, palette-upgrade 1.2.3`,
      ),
    );
  }
});
