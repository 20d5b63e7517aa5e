import assert from "node:assert/strict";
import { type GateReport } from "../../lib/gates/types.js";
import { describeEvent } from "../../lib/journal/entry-words.js";
import { type JournalEvent, type OpenJournal } from "../../lib/journal/types.js";
import { emptyPreview } from "../../lib/stack/preview.js";
import { type Settings } from "../../lib/stack/settings-schema.js";
import { UpdateJournal } from "../../lib/upgrade/update-journal.js";

const step = { kind: "hop", from: "4.6.41", destination: "4.7.20", resuming: false, declareReleases: true } as const;

function report(change: Partial<GateReport> = {}): GateReport {
  return {
    gate: "mongo-replica-set",
    outcome: "pass",
    when: "before",
    from: "4.6.41",
    to: "4.7.20",
    startedAt: "",
    finishedAt: "",
    samples: 1,
    reasons: [],
    observed: { members: 3 },
    ...change,
  };
}

const accepted = {
  subject: "mongo-2",
  code: "LAG",
  by: "ana",
  because: "known",
  ticket: "OPS-1",
  until: "2026-12-01",
};

function journal(): { events: JournalEvent[]; record: UpdateJournal } {
  const events: JournalEvent[] = [];
  const open = {
    where: "",
    run: "",
    append: (event: JournalEvent) => Promise.resolve(void events.push(event)),
  } as unknown as OpenJournal;
  const settings = { acknowledge: [] } as unknown as Settings;
  return { events, record: new UpdateJournal(open, settings, () => 0) };
}

describe("journal of one update", () => {
  it("a gate's Command and each hook that judges it again are entries with their evidence; the result counts the Command", async () => {
    const { events, record } = journal();
    await record.begin(emptyPreview("prod"), step);
    const line = { gate: "mongo-replica-set", when: "before", pcg: null } as const;
    record.heed({ ...line, report: report({ accepted: [accepted] }) });
    record.heed({ ...line, report: report({ accepted: [accepted] }), release: "cert-manager" });
    record.heed({ ...line, report: report({ outcome: "fail" }), release: "hubble" });
    await record.end("refused", []);
    const told = events.filter(({ kind }) => kind === "gate");
    assert.deepEqual(told.map(describeEvent), [
      "gate mongo-replica-set (before): pass",
      "gate mongo-replica-set (before, again at release cert-manager): pass",
      "gate mongo-replica-set (before, again at release hubble): fail",
    ]);
    assert.ok(told.every((event) => event.kind === "gate" && event.report.observed !== null));
    assert.equal(events.filter(({ kind }) => kind === "accepted").length, 1, "a word counts once");
    assert.deepEqual(
      record.updates.map(({ gates }) => gates),
      [[{ gate: "mongo-replica-set", subject: null, when: "before", outcome: "pass", applicable: true, accepted: 1 }]],
    );
  });

  it("what is still waited for, or told outside an update, is no entry", async () => {
    const { events, record } = journal();
    const line = { gate: "window", when: "before", pcg: null } as const;
    record.heed({ ...line, report: report() });
    await record.begin(emptyPreview("prod"), step);
    record.heed({ ...line, waiting: "opens in 5 min" });
    await record.end("succeeded", []);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ["update-started", "update-ended"],
    );
  });
});
