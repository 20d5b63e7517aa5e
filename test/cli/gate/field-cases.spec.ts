import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { judgeMongo } from "../../../lib/cli/gate/judge-command.js";
import type { Verdict } from "../../../lib/gates/verdict/types.js";
import { importPage } from "../../../lib/planning/matrix/page/import-page.js";
import { findUnquotedVersions } from "../../../lib/settings/unquoted-versions.js";
import { sharedFile } from "../../planning/matrix/shared-folder.js";

type Expected = { outcome: string; exitCode: number; codes: string[]; says?: RegExp };

/** What must come out of each text, by the README of the folder. Remarks are not counted among the codes. */
const texts: [file: string, expected: Expected][] = [
  [
    "07-judge-later-answer-failed/a-later-call.txt",
    { outcome: "unknown", exitCode: 3, codes: ["ANSWER_FAILED"], says: /MongoServerError: node is recovering/ },
  ],
  [
    "07-judge-later-answer-failed/b-loop-mongosh.txt",
    { outcome: "unknown", exitCode: 3, codes: ["ANSWER_FAILED"], says: /command terminated with exit code 137/ },
  ],
  [
    "08-judge-answer-behind-a-prefix/a-host-prefix.txt",
    { outcome: "unknown", exitCode: 3, codes: ["SEVERAL_DOCUMENTS"] },
  ],
  [
    "08-judge-answer-behind-a-prefix/b-timestamp.txt",
    { outcome: "unknown", exitCode: 3, codes: ["SEVERAL_DOCUMENTS"] },
  ],
  [
    "09-judge-conf-in-the-text-contradicts/conf-4-status-3.txt",
    { outcome: "wait", exitCode: 3, codes: ["MEMBER_MISSING", "MEMBER_UNEXPECTED"] },
  ],
  [
    "10-judge-commit-point-behind/a-secondary.txt",
    { outcome: "wait", exitCode: 3, codes: ["MAJORITY_LAG"], says: /3699\.9 s behind/ },
  ],
  [
    "11-judge-journal-stalled/durable-stall.txt",
    { outcome: "pass", exitCode: 0, codes: [], says: /journal is 3600 s behind/ },
  ],
  ["12-judge-timestamp-order/a-healthy-4.4.txt", { outcome: "pass", exitCode: 0, codes: [] }],
  ["25-judge-status-then-another-reply/status-then-fcv.txt", { outcome: "pass", exitCode: 0, codes: [] }],
  ["26-judge-encodings/charset.txt", { outcome: "pass", exitCode: 0, codes: [] }],
  ["26-judge-encodings/utf16le.txt", { outcome: "pass", exitCode: 0, codes: [] }],
  [
    "27-judge-vendors-own-print/vendor-print.txt",
    {
      outcome: "unknown",
      exitCode: 3,
      codes: ["NO_DOCUMENT"],
      says: /name, state and health, prove no sync; save all of it instead/,
    },
  ],
];

describe("field cases: texts and pages", () => {
  const given = (name: string, test: (file: string) => void): void => {
    const found = sharedFile("data", "field-cases", ...name.split("/"));
    if ("missing" in found) it.skip(`${name} (${found.missing})`);
    else it(name, () => test(found.file));
  };

  for (const [name, { outcome, exitCode, codes, says }] of texts)
    given(name, (file) => {
      const judged = judgeMongo({ file, output: "json" });
      const verdict = JSON.parse(judged.text) as Verdict;
      const seen = [...new Set(verdict.reasons.map(({ code }) => code))].filter((code) => code !== "NOTE").sort();
      assert.deepEqual([verdict.outcome, judged.exitCode, seen], [outcome, exitCode, codes]);
      if (says !== undefined) assert.match(verdict.reasons.map(({ message }) => message).join("\n"), says);
    });

  for (const [name, shape] of [
    [
      "28-matrix-page-snapshot/copied.txt",
      "text copied from a browser or a sheet, with tabs between the columns (TSV)",
    ],
    ["28-matrix-page-snapshot/snapshot.md", "a browser's accessibility snapshot, not the page's source"],
  ] as const)
    given(name, (file) =>
      assert.throws(() => importPage(readFileSync(file, "utf8")), {
        code: "PAGE_OTHER_FORMAT",
        message: `This is not an upgrade page: it is ${shape}.`,
      }),
    );

  given("29-settings-alias/alias.yaml", (file) =>
    assert.deepEqual(
      findUnquotedVersions({ "palette:target": "4.1" }, { path: "a", text: readFileSync(file, "utf8") }),
      ['palette:target: found 4.10 without quotes, which YAML reads as the number 4.1; write "4.10".'],
    ),
  );
});
