import assert from "node:assert/strict";
import { judgeSaved } from "../../../../lib/gates/mongo-replica-set/judge-saved.js";
import { parseSaved } from "../../../../lib/gates/mongo-replica-set/text/saved.js";
import type { Verdict } from "../../../../lib/gates/verdict/types.js";
import { loadRules } from "../../../../lib/planning/rules/rules.js";
import type { Whole } from "../../../fixtures/mongo/member-twins.js";
import { neighbours } from "../../../fixtures/mongo/neighbours.js";
import { asked, forms, healthyEnvelope, type Json } from "../../../fixtures/mongo/replica-set.js";

function judge(change: (envelope: Whole) => unknown): Verdict {
  const envelope = healthyEnvelope();
  change(envelope);
  const text = forms["canonical EJSON"]!(envelope as unknown as Json);
  return judgeSaved(parseSaved(text, asked), { expectedMembers: 3, maxLagSeconds: 10 });
}

const messagesOf = ({ reasons }: Verdict): string[] => reasons.map(({ message }) => message);

describe("rules G17 to G20 and their neighbours", () => {
  for (const { code, title, triggers, silent, message, outcome } of neighbours) {
    it(`${code}: ${title}`, () => {
      const verdict = judge(triggers);
      assert.ok(messagesOf(verdict).includes(message), messagesOf(verdict).join("\n"));
      assert.equal(verdict.outcome, outcome ?? "pass");
      assert.equal(
        verdict.reasons.find((reason) => reason.message === message)?.code,
        outcome === null ? "NOTE" : code,
      );
    });

    it(`${code}, negative twin: ${title}`, () => {
      const verdict = judge(silent);
      assert.deepEqual([verdict.outcome, messagesOf(verdict)], ["pass", []]);
    });
  }

  it("no code of these rules is without such a pair", () => {
    const rows = loadRules("gate-rules").filter(({ chapter }) => /^G(?:17|18|19|20)$/.test(chapter ?? ""));
    assert.deepEqual(
      new Set(neighbours.map(({ code }) => code)),
      new Set(rows.flatMap(({ rules }) => rules.map(({ code }) => code))),
    );
  });
});
