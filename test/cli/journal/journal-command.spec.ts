import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { reportJournal, verifyJournal } from "../../../lib/cli/journal/journal-command.js";
import { type StackShell } from "../../../lib/cli/stack-session.js";
import { type GateReport } from "../../../lib/gates/verdict/types.js";
import { openFolderStore } from "../../../lib/journal/folder-store.js";
import { createJournal } from "../../../lib/journal/journal.js";
import { type JournalEvent } from "../../../lib/journal/types.js";
import { folderOfTest } from "../../journal/folder-of-test.js";
import { context, tickingClock } from "../../journal/entries.js";
import { olderJournal } from "../../journal/older-journal.js";

const matrix = { id: "palette-kubernetes-4.7.20", sha256: "ab".repeat(32) };
const hop = { from: "4.6.41", to: "4.7.20" };
const killed: JournalEvent[] = [
  { kind: "run-started", command: "up --stack prod --yes", target: "4.7.20", change: "CHG-7", matrix },
  {
    kind: "update-started",
    step: "hop",
    ...hop,
    fingerprint: "cd".repeat(32),
    chartDigests: { hubble: "ef".repeat(32) },
  },
];
const whole: JournalEvent[] = [
  ...killed,
  { kind: "acknowledged", act: "backup", hop: "4.6.41->4.7.20", by: "ana", because: "snapshot | 17", ticket: "OPS-42" },
  {
    kind: "gate",
    report: {
      gate: "rollout",
      outcome: "fail",
      reasons: [{ code: "NOT_READY", member: "pod", message: "<b>pod</b> is not ready" }],
      observed: null,
      when: "before",
      ...hop,
      startedAt: "",
      finishedAt: "",
      samples: 1,
    },
  },
  { kind: "update-ended", ...hop, outcome: "refused", seconds: 12, refusals: [{ code: "NO", message: "because" }] },
  { kind: "run-ended", outcome: "refused", exitCode: 3, seconds: 14 },
];

describe("journal commands", () => {
  const folder = folderOfTest();
  const shell: StackShell = {
    openStack: () => Promise.reject(new Error("a place was named: no engine is needed")),
    environment: {},
    clock: tickingClock(),
    host: "desk",
    say: () => undefined,
  };

  async function write(run: string, events: JournalEvent[]): Promise<void> {
    const journal = createJournal(openFolderStore(folder.path(), "prod"), { ...context(), run });
    for (const event of events) await journal.append(event);
  }

  const question = (): { stack: string; location: string } => ({ stack: "prod", location: folder.path() });

  it("verify: the chain holds, and its head is told to be noted elsewhere", async () => {
    await write("run-1", whole);
    const { text, exitCode } = await verifyJournal({ ...question(), output: "text" }, shell);
    const head = /"hash":"([0-9a-f]{64})"/.exec(
      readFileSync(folder.path("prod.jsonl"), "utf8").trimEnd().split("\n").at(-1)!,
    )![1]!;
    assert.deepEqual([text, exitCode], [`${folder.path("prod.jsonl")}: 6 entries, the chain holds; head ${head}.`, 0]);
    const noted = await verifyJournal({ ...question(), head: head.slice(0, 16), output: "json" }, shell);
    assert.deepEqual([noted.exitCode, (JSON.parse(noted.text) as { containsHead: boolean }).containsHead], [0, true]);
  });

  it("verify: entries taken away at the end are found by a hash that was noted", async () => {
    await write("run-1", whole);
    const lines = readFileSync(folder.path("prod.jsonl"), "utf8").trimEnd().split("\n");
    const head = /"hash":"([0-9a-f]{64})"/.exec(lines.at(-1)!)![1]!;
    writeFileSync(folder.path("prod.jsonl"), `${lines.slice(0, -1).join("\n")}\n`);
    assert.equal((await verifyJournal({ ...question(), output: "text" }, shell)).exitCode, 0, "the rest alone holds");
    const { text, exitCode } = await verifyJournal({ ...question(), head, output: "text" }, shell);
    assert.equal(exitCode, 3);
    assert.match(text, new RegExp(`No entry has the hash ${head}`));
  });

  it("verify: a changed entry breaks it, exit 3", async () => {
    await write("run-1", whole);
    writeFileSync(
      folder.path("prod.jsonl"),
      readFileSync(folder.path("prod.jsonl"), "utf8").replace("snapshot", "nothing"),
    );
    const { text, exitCode } = await verifyJournal({ ...question(), output: "text" }, shell);
    assert.equal(exitCode, 3);
    assert.match(
      text,
      /BROKEN at line 3: it is no entry, or was changed: .*The 2 entries before it hold; the last hash that holds is [0-9a-f]{64}\.$/,
    );
    const report = await reportJournal({ ...question(), output: "text" }, shell);
    assert.equal(report.exitCode, 3);
    assert.match(report.text, /THE CHAIN IS BROKEN: line 3/);
  });

  const cutOff =
    "A last line that was cut off (9 bytes), as by a kill, is not counted; the next entry puts it aside and tells.";

  it("a last line that was cut off is named, and leaves the exit code as it is", async () => {
    await write("run-1", whole);
    const before = await verifyJournal({ ...question(), output: "text" }, shell);
    appendFileSync(folder.path("prod.jsonl"), '{"actor":');
    const { text, exitCode } = await verifyJournal({ ...question(), output: "text" }, shell);
    assert.deepEqual([text, exitCode], [`${before.text}\n${cutOff}`, 0]);
    const json = await verifyJournal({ ...question(), output: "json" }, shell);
    const { entries, fault, cutOffBytes } = JSON.parse(json.text) as Record<string, unknown>;
    assert.deepEqual([json.exitCode, entries, fault, cutOffBytes], [0, 6, null, 9]);
    const report = await reportJournal({ ...question(), output: "text" }, shell);
    assert.ok(report.text.includes(`\n${cutOff}\n`), report.text);
  });

  it("negative twin: a journal with nothing cut off says nothing of it", async () => {
    await write("run-1", whole);
    const json = await verifyJournal({ ...question(), output: "json" }, shell);
    assert.equal((JSON.parse(json.text) as { cutOffBytes: number }).cutOffBytes, 0);
    assert.ok(!(await reportJournal({ ...question(), output: "text" }, shell)).text.includes("cut off"));
  });

  it("a journal that was cut off in its first line is none yet, and says so", async () => {
    writeFileSync(folder.path("prod.jsonl"), '{"actor":');
    await assert.rejects(verifyJournal({ ...question(), output: "text" }, shell), {
      code: "JOURNAL_EMPTY",
      exitCode: 3,
      message: `There is no journal of stack prod in ${folder.path("prod.jsonl")}. ${cutOff}`,
    });
  });

  it("report: who, when, from, to, gates, acts, digests and times, a killed run too", async () => {
    await write("run-1", killed);
    await write("run-2", whole);
    const { text, exitCode } = await reportJournal({ ...question(), output: "text" }, shell);
    assert.equal(exitCode, 0);
    for (const words of [
      "run run-1; up --stack prod --yes, target 4.7.20, matrix palette-kubernetes-4.7.20 (abababababab), change CHG-7; by ana on desk; no end was written: under way, or killed",
      "hop 4.6.41 -> 4.7.20: no end was written",
      "refused (exit 3) after 14 s",
      "hop 4.6.41 -> 4.7.20: refused after 12 s",
      `chart hubble: sha256 ${"ef".repeat(32)}`,
      `fingerprint ${"cd".repeat(32)}`,
      "gate rollout (before): fail (NOT_READY)",
      "act backup for 4.6.41->4.7.20 acknowledged by ana (OPS-42): snapshot | 17",
      "NO: because",
    ]) {
      assert.ok(text.includes(words), `${words}\n---\n${text}`);
    }
  });

  const markdown = async (events: JournalEvent[]): Promise<string> => {
    await write("run-1", events);
    return (await reportJournal({ ...question(), output: "markdown" }, shell)).text;
  };
  const reasons = [{ code: "NOT_READY", message: "pod is not ready" }];
  const gates = [{ gate: "rollout", when: "before", outcome: "fail", reasons }] as const;
  const refusals = [{ code: "STACK_LOCKED", message: "locked by ana" }];

  it("report: a gate that failed tells its reasons under its update, once; one that passed stays one line", async () => {
    const failed = whole.find(({ kind }) => kind === "gate");
    assert.ok(failed?.kind === "gate");
    const [reported] = failed.report.reasons;
    const remark = { code: "NOTE", member: null, message: "All is well." };
    const unseen = [{ ...reported!, code: "UNSEEN" }];
    const unknown: GateReport = { ...failed.report, gate: "images", outcome: "unknown", reasons: unseen };
    const passed: GateReport = { ...failed.report, gate: "backup", outcome: "pass", reasons: [remark] };
    const text = await markdown([
      ...killed,
      { kind: "gate", report: passed },
      { ...failed, report: { ...failed.report, reasons: [reported!, remark] } },
      { ...failed, release: "hubble" },
      { kind: "gate", report: unknown },
      ...whole.slice(-2),
    ]);
    assert.deepEqual(
      text
        .split("\n")
        .filter((line) => /ready|All is well|backup/.test(line))
        .map((line) => line.replace(/^\| \d+ \| \S+ /, "")),
      [
        "- rollout (before) NOT\\_READY: &lt;b&gt;pod&lt;/b&gt; is not ready",
        "- images (before) UNSEEN: &lt;b&gt;pod&lt;/b&gt; is not ready",
        "| gate backup (before): pass (NOTE) |",
      ],
    );
  });

  it("report: what an update moved, what stopped it, and that the point of no return was passed", async () => {
    const of = { role: "hubble", name: "palette", namespace: "site", from: "4.6.41", to: "4.7.20" };
    const releases = [{ ...of, outcome: "moved" }] as const;
    const text = await markdown([
      ...killed,
      {
        ...{ kind: "update-ended", ...hop, outcome: "refused", seconds: 12, refusals: [] },
        ...{ gates: [...gates], releases: [...releases], pointOfNoReturn: "no way back" },
      },
      { kind: "run-ended", outcome: "refused", exitCode: 3, seconds: 14, refusals: [], gates: [...gates] },
    ]);
    const lines = text.split("\n").filter((line) => /^- (release|gate|the point|rollout)/.test(line));
    assert.deepEqual(lines, [
      "- release hubble (site/palette) 4.6.41 -&gt; 4.7.20: moved",
      "- the point of no return was passed: no way back",
      "- gate rollout (before): fail (NOT\\_READY)",
    ]);
    assert.ok(text.indexOf("- gate rollout") > text.indexOf("### "), "told by its update, not by the run again");
  });

  it("report: a run that was refused outside of an update says by what", async () => {
    const end = { kind: "run-ended", outcome: "not-now", exitCode: 5, seconds: 1 } as const;
    const text = await markdown([killed[0]!, { ...end, refusals, gates: [...gates] }]);
    assert.ok(
      text.endsWith(
        "after 1 s\n\n- gate rollout (before): fail (NOT\\_READY)\n- STACK\\_LOCKED: locked by ana\n- rollout (before) NOT\\_READY: pod is not ready\n",
      ),
      text,
    );
  });

  it("report: a run that a person ended is no run that was done", async () => {
    const end = { kind: "run-ended", outcome: "declined", exitCode: 0, seconds: 1 } as const;
    const text = await markdown([killed[0]!, { ...end, because: "Nobody said yes.", refusals: [], gates: [] }]);
    assert.ok(text.endsWith("; declined (exit 0) after 1 s: Nobody said yes.\n"), text);
  });

  it("a journal of an older version of the tool verifies, and is reported with what it has", async () => {
    writeFileSync(folder.path("prod.jsonl"), olderJournal.map((line) => `${line}\n`).join(""));
    assert.equal((await verifyJournal({ ...question(), output: "text" }, shell)).exitCode, 0);
    const { text, exitCode } = await reportJournal({ ...question(), output: "markdown" }, shell);
    assert.equal(exitCode, 0);
    const [run, update, ...rest] = text.split("\n\n").slice(2);
    assert.ok(run?.endsWith("by ana on desk; done (exit 0) after 14 s"), text);
    assert.deepEqual([update, rest], ["### hop 4.6.41 -&gt; 4.7.20: refused after 12 s\n", []]);
  });

  it("report: Markdown keeps a table whole whatever people write", async () => {
    await write("run-1", whole);
    const { text } = await reportJournal({ ...question(), output: "markdown" }, shell);
    assert.match(text, /^# Journal of prod\n/);
    assert.ok(text.includes("snapshot \\| 17"));
    const widths = text
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .map((line) => line.split(/(?<!\\)\|/).length);
    assert.deepEqual([...new Set(widths)], [5]);
  });

  it("a journal that is not there is said so", async () => {
    await assert.rejects(verifyJournal({ ...question(), output: "text" }, shell), {
      code: "JOURNAL_EMPTY",
      exitCode: 3,
    });
  });
});
