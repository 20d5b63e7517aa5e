import assert from "node:assert/strict";
import { judgeSaved } from "../../../../lib/gates/mongo-replica-set/judge-saved.js";
import { decodeSaved } from "../../../../lib/gates/mongo-replica-set/text/decode.js";
import { parseSaved } from "../../../../lib/gates/mongo-replica-set/text/saved.js";
import { fieldTexts, followingJournals, stalledJournals } from "../../../fixtures/mongo/field-texts.js";
import { asked } from "../../../fixtures/mongo/replica-set.js";

/** The outcome and what is said, remarks too; a text that is not decoded is unknown. */
function judge(text: string | Buffer): { outcome: string; said: string } {
  const decoded = decodeSaved(Buffer.from(text));
  if (!decoded.ok) return { outcome: "unknown", said: decoded.why };
  const { outcome, reasons } = judgeSaved(parseSaved(decoded.text, asked), { expectedMembers: 3, maxLagSeconds: 10 });
  return { outcome, said: reasons.map(({ message }) => message).join("\n") };
}

describe("saved texts from the field", () => {
  for (const { kind, what, text, says } of fieldTexts)
    it(`kind ${kind} ${says === null ? "passes" : "does not pass"}: ${what}`, () => {
      const { outcome, said } = judge(text);
      if (says === null) return assert.deepEqual([outcome, said], ["pass", ""]);
      assert.notEqual(outcome, "pass");
      assert.match(said, says);
    });

  for (const [what, text] of Object.entries(stalledJournals))
    it(`kind 11 passes with a remark: ${what}`, () => {
      const { outcome, said } = judge(text);
      assert.equal(outcome, "pass");
      assert.match(said, /'s journal is (?:1199|3599) s behind what it has applied/);
    });

  for (const [what, text] of Object.entries(followingJournals))
    it(`kind 11 passes without one: ${what}`, () => assert.deepEqual(judge(text), { outcome: "pass", said: "" }));
});
