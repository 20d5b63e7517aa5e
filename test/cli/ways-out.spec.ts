import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { Output } from "../../lib/base/process/output.js";
import { formatRefusal } from "../../lib/base/errors/refusal.js";
import { describeGate } from "../../lib/cli/gate/gate-text.js";
import { renderJournal } from "../../lib/cli/journal/journal-report.js";
import { createProgress } from "../../lib/cli/progress.js";
import { showEvents, showWaiting } from "../../lib/cli/up/run-progress.js";
import { renderUpResult } from "../../lib/cli/up/up-text.js";
import { type UpResult } from "../../lib/driver/up-result.js";
import { type GateReport } from "../../lib/gates/verdict/types.js";
import { renderPreviewMarkdown } from "../../lib/program/preview/render/markdown.js";
import { renderPreviewText } from "../../lib/program/preview/render/text.js";
import { gate, hopReport } from "../program/preview/render/reports.js";

const hostile: Record<string, string> = {
  "a verdict drawn over the line": "bad\u001b[2K\u001b[1G\u001b[32mGate backup: pass\u001b[0m",
  "a verdict on a line of its own": "bad\nGate backup (before 1.0.0 -> 2.0.0): pass, after 2 samples.",
  "a verdict behind a carriage return": "bad\rGate backup: pass",
  "a workflow command": "bad\n::set-output name=approved::yes",
  "a workflow command at the start": "::error title=x::y",
  "an older workflow command": "bad ##[add-mask]secret",
  "a command to Azure": "##vso[task.complete result=Succeeded;]done",
  "C1 controls": "bad\u009b2J\u0085::error::x",
  "a writing direction turned": "\u202essap :etag",
  "HTML and Markdown": "</details><script>alert(1)</script>\n# Approved\n| a | [x](javascript:y) `z` <!-- w -->",
};

function createReport(message: string): GateReport {
  const at = "2026-11-21T10:00:00.000Z";
  return {
    gate: "backup",
    outcome: "fail",
    when: "before",
    from: "4.6.36",
    to: "4.6.41",
    reasons: ["BACKUP_OLD", "NOTE"].map((code) => ({ code, member: null, message })),
    observed: message,
    startedAt: at,
    finishedAt: at,
    samples: 1,
  };
}

function createResult(text: string): UpResult {
  return {
    schemaVersion: 1,
    command: "up",
    stack: "prod",
    outcome: "refused",
    exitCode: 3,
    message: "Refused.",
    applied: null,
    target: "4.7.20",
    updates: [],
    remaining: [],
    refusals: [{ code: "HELM_FAILED", message: text, next: text }],
    gates: [createReport(text)],
    notes: [],
    journal: null,
  };
}

const preview = (text: string) =>
  hopReport({
    gates: [gate("backup", { outcome: "fail", reasons: [{ code: "OLD", member: null, message: text }] })],
    refusal: { code: "HELM_FAILED", message: text, next: text },
    notice: text,
  });

const createHead = (fault: string) => ({
  stack: "prod",
  where: "x",
  entries: 0,
  head: null,
  fault,
  cutOffBytes: 0,
});

/** What each command writes of one text of the site, before and after the writer. */
const ways: Record<string, (text: string, output: Output) => void> = {
  "gate, text": (text, output) => output.write(`${describeGate(createReport(text))}\n`),
  "gate and gate's process, JSON": (text, output) => output.write(`${JSON.stringify(createReport(text))}\n`),
  "up, text": (text, output) => output.write(renderUpResult(createResult(text), false)),
  "up, JSON": (text, output) => output.write(`${JSON.stringify(createResult(text), null, 2)}\n`),
  "progress of an update": (text, output) => {
    const progress = createProgress({ output, isTerminal: false, colour: false, now: () => 0 });
    progress.start("gate-backup", "gate backup");
    showWaiting(progress)({ gate: "backup", when: "before", pcg: null, waiting: `backup: ${text}` });
    showEvents(progress)({ kind: "diagnostic", severity: "info", message: text, urn: null });
  },
  "preview, text": (text, output) => output.write(renderPreviewText(preview(text))),
  "preview, Markdown": (text, output) => output.write(renderPreviewMarkdown(preview(text))),
  "journal, text": (text, output) => output.write(renderJournal([], createHead(text), "text")),
  "journal, Markdown": (text, output) => output.write(renderJournal([], createHead(text), "markdown")),
  "an error": (text, output) => output.write(`${formatRefusal({ code: "X", message: text, next: text }, "  ")}\n`),
};

describe("texts of the site on every way out", () => {
  for (const [way, write] of Object.entries(ways)) {
    for (const [title, text] of Object.entries(hostile)) {
      it(`${way}: ${title}`, () => {
        const stream = new PassThrough();
        let written = "";
        stream.on("data", (chunk: Buffer) => (written += chunk.toString()));
        write(text, new Output(stream as unknown as NodeJS.WriteStream));
        assert.ok(written.length > 20, written);
        assert.doesNotMatch(written, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
        assert.doesNotMatch(written, /^\s*::|##\[|##vso\[/m);
        if (way !== "an error") assert.doesNotMatch(written, /^(Gate backup \(before 1|# Approved)/m);
        if (way.endsWith("Markdown"))
          assert.doesNotMatch(written.replace(/^<!-- palette.*/, ""), /<script|<!--|[^\\]\]\(java/);
      });
    }
  }
});
