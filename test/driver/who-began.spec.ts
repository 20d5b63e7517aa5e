import assert from "node:assert/strict";
import { RefusedError } from "../../lib/base/errors/errors.js";
import { addWhoBegan } from "../../lib/driver/who-began.js";
import { type JournalEntry, type JournalEvent, type ReleaseMove } from "../../lib/journal/types.js";
import { type HopInProgressReport } from "../../lib/program/step/hop-in-progress.js";
import { ana } from "../journal/entries.js";
import { drive, errors } from "./played-run.js";
import { createEmptyPreview } from "../../lib/program/preview/assemble.js";

const hop: HopInProgressReport = {
  from: "4.6.41",
  to: "4.7.20",
  begunBy: "somebody else",
  onRoute: true,
  message: "It is in progress.",
  accepted: null,
};

/** Entries of one run, a minute apart. */
function journal(events: JournalEvent[], run = "run-1"): JournalEntry[] {
  return events.map((event, index) => {
    const at = `2026-11-20T10:0${index}:00.000Z`;
    return { schemaVersion: 1, sequence: index + 1, at, stack: "prod", run, actor: ana, event, previous: "", hash: "" };
  });
}

type Started = Extract<JournalEvent, { kind: "update-started" }>;
type Ended = Extract<JournalEvent, { kind: "update-ended" }>;

const begin = (change: Partial<Started> = {}): JournalEvent => ({
  ...{ kind: "update-started", step: "hop", from: "4.6.41", to: "4.7.20", fingerprint: null, chartDigests: {} },
  ...change,
});
const moved: ReleaseMove = {
  ...{ role: "hubble", name: "hubble", namespace: "default", from: "4.6.41", to: "4.7.20", outcome: "failed" },
};
const endAsBefore = (outcome: Ended["outcome"]): Ended => ({
  ...{ kind: "update-ended", from: "4.6.41", to: "4.7.20", outcome, seconds: 1, refusals: [] },
});
const end = (outcome: Ended["outcome"], releases = [moved]): Ended => ({ ...endAsBefore(outcome), releases });

const update = (it: string): string => `of 2026-11-20T10:00:00.000Z, run run-1, by ana on desk; it ${it}.`;
const found = (it: string): string =>
  `Yet the journal of this stack has an update of this tool that began this hop: ${update(it)}`;

async function describeBegin(entries: JournalEntry[], shown = hop): Promise<string | null> {
  const { hopInProgress } = await addWhoBegan({ hopInProgress: shown, refusal: null }, () => Promise.resolve(entries));
  const { message } = hopInProgress;
  return message === shown.message ? null : message.slice(shown.message.length + 1);
}

describe("what the journal shows of a hop in progress", () => {
  const cases: [title: string, events: JournalEvent[], expected: string | null][] = [
    ["no end, as after a kill", [begin()], found("has no end in it")],
    ["it failed", [begin(), end("failed")], found("ended failed")],
    ["it was interrupted", [begin(), end("interrupted")], found("ended interrupted")],
    ["a gate refused between two releases", [begin(), end("refused")], found("ended refused")],
    ["it failed, and an older entry does not say what moved", [begin(), endAsBefore("failed")], found("ended failed")],
    ["a later try moved nothing", [begin(), end("failed"), begin(), end("refused", [])], found("ended failed")],
    ["negative twin: nothing", [], null],
    ["negative twin: it succeeded", [begin(), end("succeeded")], null],
    ["negative twin: a later try succeeded", [begin(), end("failed"), begin(), end("succeeded")], null],
    ["negative twin: nothing was moved", [begin(), end("failed", [])], null],
    ["negative twin: a hop to another version", [begin({ to: "4.7.27" })], null],
    ["negative twin: a hop from another version", [begin({ from: "4.6.36" })], null],
    ["negative twin: no hop", [begin({ step: "settle" })], null],
  ];
  for (const [title, events, expected] of cases) {
    it(title, async () => assert.equal(await describeBegin(journal(events)), expected));
  }

  it("its mark shows that this tool began it: the journal adds when and who", async () => {
    const marked: HopInProgressReport = { ...hop, begunBy: "this tool" };
    const expected = `The journal of this stack has its last update: ${update("has no end in it")}`;
    assert.deepEqual(
      [await describeBegin(journal([begin()]), marked), await describeBegin(journal([]), marked)],
      [expected, null],
    );
  });

  const refusal = { code: "HOP_IN_PROGRESS", message: "It is in progress.", next: "Ask." };

  it("is added to the hop and to its refusal, and to no other refusal", async () => {
    const read = (): Promise<JournalEntry[]> => Promise.resolve(journal([begin()]));
    const message = `It is in progress. ${found("has no end in it")}`;
    const other = { ...refusal, code: "GATE_REFUSED" };
    assert.deepEqual(await addWhoBegan({ hopInProgress: hop, refusal, step: 1 }, read), {
      ...{ hopInProgress: { ...hop, message }, refusal: { ...refusal, message }, step: 1 },
    });
    assert.deepEqual((await addWhoBegan({ hopInProgress: hop, refusal: other }, read)).refusal, other);
  });

  it("negative twin: without a hop in progress the journal is not read", async () => {
    const shown = { hopInProgress: null, refusal };
    assert.equal(await addWhoBegan(shown, () => Promise.reject(new Error("not asked for"))), shown);
  });

  it("a journal that cannot be read is said to be so", async () => {
    const shown = { hopInProgress: hop, refusal: null };
    const broken = new RefusedError("JOURNAL_BROKEN", "Line 3 was changed.");
    assert.equal(
      (await addWhoBegan(shown, () => Promise.reject(broken))).hopInProgress?.message,
      "It is in progress. What the journal of this stack shows of its begin is not known, because it cannot be read (JOURNAL_BROKEN: Line 3 was changed.).",
    );
  });
});

describe("a run that refuses a hop in progress", () => {
  const refused = { ...createEmptyPreview("prod"), hopInProgress: hop };
  const preview = errors("HOP_IN_PROGRESS: Somebody else began it.");
  const cases: [title: string, readEntries: () => Promise<JournalEntry[]>, added: string][] = [
    ["says what the journal shows", () => Promise.resolve(journal([begin()])), ` ${found("has no end in it")}`],
    ["negative twin: the journal shows nothing", () => Promise.resolve([]), ""],
    [
      "says that the journal cannot be read",
      () => Promise.reject(new Error("the bucket is away")),
      " What the journal of this stack shows of its begin is not known, because it cannot be read (UNEXPECTED: the bucket is away).",
    ],
  ];
  for (const [title, readEntries, added] of cases) {
    it(title, async () => {
      const { result } = await drive({ preview, report: refused, journal: { readEntries } });
      assert.deepEqual(
        result.refusals.map(({ code, message }) => [code, message]),
        [["HOP_IN_PROGRESS", `Somebody else began it.${added}`]],
      );
      assert.equal(result.exitCode, 3);
    });
  }
});
