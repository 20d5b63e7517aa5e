import assert from "node:assert/strict";
import { redactReasons } from "../../../lib/gates/verdict/redact.js";

describe("reasons as a gate reports them", () => {
  const report = (message: string): string =>
    redactReasons([{ code: "X", member: null, message }], ["planted-secret"])[0]!.message;

  it("a message is reported up to 8,000 characters, with what is left out", () => {
    assert.equal(report("x".repeat(8_000)), "x".repeat(8_000));
    assert.equal(report("x".repeat(8_002)), `${"x".repeat(8_000)} … (2 more characters)`);
  });

  it("a secret at the cut is hidden before it is cut", () => {
    assert.doesNotMatch(report(`${"x".repeat(7_995)}planted-secret`), /plant/);
  });
});
