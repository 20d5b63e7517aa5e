import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { toShown } from "../../../../lib/base/text/shown.js";
import { markdownLimit } from "../../../../lib/report/markdown.js";
import { createPreviewMarker, renderPreviewMarkdown } from "../../../../lib/program/preview/render/markdown.js";
import { renderPreviewText } from "../../../../lib/program/preview/render/text.js";
import { judgePreview, type PreviewEnd } from "../../../../lib/program/preview/render/verdict.js";
import { parseSettings } from "../../../../lib/settings/settings.js";
import type { PreviewReport } from "../../../../lib/program/preview/report.js";
import { gate, hopReport, reports } from "./reports.js";

const settled: Partial<PreviewReport> = { step: { kind: "done", destination: "4.7.20", declareReleases: true } };
const refusal = { code: "NO_ROUTE", message: "None.", next: null };
const openAct = { name: "backup", text: "Take one.", irreversible: false, acknowledged: false };
const closed = { code: "WINDOW_CLOSED", member: null, message: "No window is open." };
const failing = gate("mongo-replica-set", { outcome: "fail" });

const verdicts: [title: string, over: Partial<PreviewReport>, end: PreviewEnd, sentence: string][] = [
  ["all that must pass does", {}, "ready", "every gate that must pass does"],
  ["settled at the target", { ...settled, gates: [] }, "nothing-to-do", "nothing to do"],
  [
    "settled, but a check of what is installed fails",
    { ...settled, gates: [failing] },
    "refuses",
    "the update would be refused by mongo-replica-set (fail)",
  ],
  ["a refusal outweighs a failing gate", { refusal, gates: [failing] }, "refuses", "refused (NO_ROUTE)"],
  [
    "unknown blocks like fail",
    { gates: [gate("backup", { outcome: "unknown" })] },
    "refuses",
    "the update would be refused by backup (unknown)",
  ],
  [
    "a gate and an act",
    { gates: [failing], acts: [openAct] },
    "refuses",
    "the update would be refused by mongo-replica-set (fail); an act is not acknowledged (backup)",
  ],
  ["an open act", { acts: [openAct] }, "refuses", "the update would be refused: an act is not acknowledged (backup)"],
  [
    "two open acts",
    { acts: [openAct, { ...openAct, name: "dns-cutover" }] },
    "refuses",
    "the update would be refused: 2 acts are not acknowledged (backup, dns-cutover)",
  ],
  [
    "a gate that waits",
    { gates: [gate("pcg-readiness", { subject: "acme/a", outcome: "wait" })] },
    "waits",
    "the update would wait for pcg-readiness of acme/a (wait)",
  ],
  [
    "what only other people clear is not now",
    { gates: [gate("window", { outcome: "fail", reasons: [closed] })] },
    "waits",
    "not now, by window (fail)",
  ],
  [
    "beside a fault it is refused, by both",
    { gates: [gate("window", { outcome: "fail", reasons: [closed] }), failing] },
    "refuses",
    "the update would be refused by window (fail), mongo-replica-set (fail)",
  ],
  [
    "an open act outweighs waiting",
    { acts: [openAct], gates: [gate("window", { outcome: "wait" })] },
    "refuses",
    "the update would be refused: an act is not acknowledged (backup)",
  ],
  [
    "a gate that cannot be asked is no pass",
    { gates: [gate("backup", { outcome: "will-check" })] },
    "will-check",
    "nothing speaks against it so far, but 1 gate was not judged (backup); only the update does",
  ],
  [
    "what only warns does not refuse, and is told",
    { gates: [gate("values", { mandatory: false, outcome: "fail" })] },
    "ready",
    "every gate that must pass does; warns: values (fail)",
  ],
  [
    "checks after the hop decide nothing yet",
    { gates: [gate("rollout", { when: "after", outcome: "will-check" })] },
    "ready",
    "every gate that must pass does",
  ],
];

describe("looser settings in a preview", () => {
  const loosened = [{ key: "palette:mongo.maxLag", value: "30s", standard: "10s" }];

  it("stand in text and Markdown", () => {
    const report = hopReport({ loosened });
    assert.match(renderPreviewText(report), /^ +looser setting +palette:mongo\.maxLag 30s \(default 10s\)$/m);
    assert.match(renderPreviewMarkdown(report), /looser setting.*palette:mongo\.maxLag 30s \(default 10s\)/);
  });

  it("negative twin: without one there is no such line", () => {
    assert.doesNotMatch(renderPreviewText(hopReport()), /looser/);
    assert.doesNotMatch(renderPreviewMarkdown(hopReport()), /looser/);
  });
});

describe("report: verdict of a preview", () => {
  for (const [title, over, end, sentence] of verdicts) {
    it(title, () => assert.deepEqual(judgePreview(hopReport(over)), { end, sentence }));
  }
});

describe("report: preview as Markdown", () => {
  it("begins with a marker that names the stack, and no stack's marker begins another's", () => {
    assert.ok(renderPreviewMarkdown(hopReport()).startsWith("<!-- palette-upgrade preview of prod -->\n### prod: "));
    assert.ok(!createPreviewMarker("prod-eu").startsWith(createPreviewMarker("prod")));
    assert.equal(createPreviewMarker("org/a--> <b>"), "<!-- palette-upgrade preview of org%2Fa%2D%2D%3E%20%3Cb%3E -->");
  });

  it("the YAML to acknowledge is refused as pasted, and taken once who and why are filled in", () => {
    const [, yaml] = /```yaml\n([\s\S]*?)\n```/.exec(renderPreviewMarkdown(reports["hop-blocked"]!))!;
    const pasted = parse(yaml!) as { "palette:acknowledge": { act: string; hop: string }[] };
    assert.deepEqual(
      pasted["palette:acknowledge"].map(({ act, hop }) => `${act} ${hop}`),
      ["backup 4.5.23->4.6.41", "fcv-raise 4.5.23->4.6.41"],
    );
    const settings = (entries: object[]): Record<string, string> => ({
      "palette:target": "4.7.20",
      "palette:matrix": "palette-kubernetes-4.7.20",
      "palette:clusterIdentifier": "prod",
      "palette:acknowledge": JSON.stringify(entries),
    });
    const entries = pasted["palette:acknowledge"];
    assert.throws(() => parseSettings(settings(entries), null), { code: "SETTINGS_INVALID" });
    const filled = entries.map((entry) => ({ ...entry, by: "ana", because: "done" }));
    assert.equal(parseSettings(settings(filled), null).acknowledge.length, 2);
  });

  it("nobody is asked to acknowledge what is acknowledged", () => {
    assert.doesNotMatch(renderPreviewMarkdown(hopReport()), /palette:acknowledge/);
  });

  const count = (text: string, part: RegExp): number => (text.match(part) ?? []).length;

  it("what explains is cut first, what must be done last, and the cut is told", () => {
    const many = hopReport({
      acts: [openAct],
      gates: Array.from({ length: 400 }, (_, i) => gate("own-check", { subject: `check-${i}`, why: "w".repeat(900) })),
    });
    const text = renderPreviewMarkdown(many);
    assert.ok(text.length < markdownLimit, `${text.length}`);
    assert.match(text, /palette:acknowledge:/);
    assert.match(text, /#### Charts to move/);
    assert.match(text, /> \*\*Cut:\*\* \d+ lines were left out/);
    assert.doesNotMatch(text, /Warnings of the plan|How long each hop takes/);
    assert.equal(count(text, /<details>/g), count(text, /<\/details>/g));
  });

  it("several ways on stay lines", () => {
    const next = "Get it in one of these ways:\n  npm install\n  brew install";
    const report = hopReport({ step: null, refusal: { ...refusal, next } });
    assert.match(
      renderPreviewText(report),
      /\n {2}Next: Get it in one of these ways:\n {8}npm install\n {8}brew install\n/,
    );
    assert.match(
      renderPreviewMarkdown(report),
      /\n>\n> \*\*Next:\*\* Get it in one of these ways:\n>\n> npm install\n>\n> brew install\n/,
    );
  });

  it("hostile text stays text", () => {
    const hostile = "a | b <script>\n/merge @everyone #12 ![x](y) $z$ `c` <!-- d -->\u001b[31m\u202e";
    const report = hopReport({
      gates: [gate("backup", { outcome: "fail", reasons: [{ code: "OLD", member: null, message: hostile }] })],
      refusal: { code: "X", message: hostile, next: hostile },
      acts: [{ ...openAct, name: "``` \n```\n/close" }],
      notice: hostile,
    });
    const text = renderPreviewMarkdown(report);
    const [first, ...rest] = text.split("\n");
    assert.equal(first, createPreviewMarker("prod"));
    assert.ok(!rest.join("\n").includes("<script") && !rest.join("\n").includes("<!--"), text);
    assert.ok(
      text.includes(
        "a \\| b &lt;script&gt; /merge @&#8203;everyone #&#8203;12 !\\[x\\](y) \\$z\\$ \\`c\\` &lt;!-- d --&gt;",
      ),
      text,
    );
    assert.doesNotMatch(text, /[\u001b\u202e]/);
    const outside = text.replace(/(`{3,})yaml\n[\s\S]*?\n\1\n/, "");
    assert.doesNotMatch(outside, /^\s*\//m);
  });

  it("whatever a report holds: below the limit, one marker, closed folds, no command at the start of a line", () => {
    const text = fc.string({ unit: "binary", maxLength: 4000 });
    const long = fc.oneof(
      text,
      text.map((part) => part.repeat(40)),
      fc.constantFrom("@#".repeat(2000), "`".repeat(9000)),
    );
    const rows = fc.record({ code: long, message: long });
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 40 }), long, fc.integer({ min: 1, max: 30 }), (found, stack, acts) => {
        const report = hopReport({
          stack,
          notice: found[0]?.message ?? null,
          refusal: found.length > 1 ? { ...found[1]!, next: found[1]!.code } : null,
          gates: found.map(({ code, message }) =>
            gate("backup", { subject: code, outcome: "fail", reasons: [{ code, member: message, message }] }),
          ),
          acts: Array.from({ length: acts }, (_, i) => ({ ...openAct, name: `${i}${found[0]?.code ?? ""}` })),
        });
        const markdown = renderPreviewMarkdown(report);
        assert.ok(markdown.length < markdownLimit, `${markdown.length}`);
        assert.ok(markdown.startsWith(`${createPreviewMarker(stack)}\n`));
        assert.equal(count(markdown, /<!--/g), 1);
        assert.equal(count(markdown, /<details>/g), count(markdown, /<\/details>/g));
        const outside = markdown.replace(/^(`{3,})yaml\n[\s\S]*?\n\1$/m, "");
        assert.doesNotMatch(outside, /^[ \t]*\//m);
      }),
      { numRuns: 40 },
    );
  });
});

describe("report: preview as text", () => {
  it("colour and no colour tell the same", () => {
    for (const report of Object.values(reports)) {
      const coloured = toShown(renderPreviewText(report, { colour: true }));
      assert.equal(coloured.replace(/\u001b\[\d+m/g, ""), renderPreviewText(report));
    }
  });

  it("a site's own control characters never reach the terminal", () => {
    const evil = "x\u001b[2J\u009b31m\u0007\u202ey";
    const report = hopReport({
      gates: [
        gate("backup", { subject: evil, outcome: "fail", reasons: [{ code: "OLD", member: evil, message: evil }] }),
      ],
      acts: [{ ...openAct, name: evil, text: evil }],
      refusal: { code: "X", message: evil, next: evil },
      notice: evil,
    });
    assert.doesNotMatch(renderPreviewText(report), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});
