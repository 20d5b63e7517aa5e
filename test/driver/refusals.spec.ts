import assert from "node:assert/strict";
import { parseRefusals } from "../../lib/driver/evidence.js";

const parse = (message: string, severity: "error" | "info" = "error"): { code: string; message: string }[] =>
  parseRefusals({
    ok: false,
    interrupted: false,
    steps: [],
    outputs: {},
    diagnostics: [{ kind: "diagnostic", severity, message, urn: null }],
  });

describe("refusals of the program in an engine's diagnostics", () => {
  for (const [title, message, expected] of [
    ["a code of several words", "NO_ROUTE: none.\nNext.", [{ code: "NO_ROUTE", message: "none.\nNext." }]],
    ["a code of one word", "DOWNGRADED: older.", [{ code: "DOWNGRADED", message: "older." }]],
    ["a code behind the class of the error", "Error: STRANDED: none.", [{ code: "STRANDED", message: "none." }]],
    [
      "a code behind the engine's own text",
      "failed: CLUSTER_MISMATCH: x.",
      [{ code: "CLUSTER_MISMATCH", message: "x." }],
    ],
    ["a code of the operating system is none", "ENOSPC: no space left on device", []],
    ["a level of a log is none", "ERROR: helm failed", []],
    ["a word within the text is none", "helm failed: TIMEOUT: 5 s", []],
    ["an error without code is none", "helm failed", []],
  ] as const) {
    it(title, () => assert.deepEqual(parse(message), expected));
  }

  it("what is no error is no refusal", () => assert.deepEqual(parse("NO_ROUTE: none.", "info"), []));
});
