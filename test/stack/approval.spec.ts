import assert from "node:assert/strict";
import { RefusedError } from "../../lib/errors.js";
import { checkApproval, type ApprovalQuestion } from "../../lib/stack/approval.js";

const decided = { version: "4.7.20", fingerprint: "f1" };
const approved = { PALETTE_APPROVED_VERSION: "4.7.20", PALETTE_APPROVED_FINGERPRINT: "f1" };

function codeOf(question: ApprovalQuestion): string | null {
  try {
    checkApproval(question);
    return null;
  } catch (error) {
    assert.ok(error instanceof RefusedError);
    return error.code;
  }
}

describe("approval", () => {
  const cases: [string, ApprovalQuestion, string | null][] = [
    ["what was approved is what is decided", { decided, environment: approved, required: true }, null],
    ["not asked for and not given", { decided, environment: {}, required: false }, null],
    ["asked for and not given", { decided, environment: {}, required: true }, "APPROVAL_MISSING"],
    [
      "asked for, of an empty text",
      { decided, environment: { PALETTE_APPROVED_VERSION: "", PALETTE_APPROVED_FINGERPRINT: "" }, required: true },
      "APPROVAL_MISSING",
    ],
    [
      "half of it, even where none is asked for",
      { decided, environment: { PALETTE_APPROVED_VERSION: "4.7.20" }, required: false },
      "APPROVAL_MISSING",
    ],
    [
      "another destination",
      { decided: { ...decided, version: "4.6.41" }, environment: approved, required: false },
      "APPROVAL_STALE",
    ],
    [
      "the same destination on other charts or advisories",
      { decided: { ...decided, fingerprint: "f2" }, environment: approved, required: false },
      "APPROVAL_STALE",
    ],
    ["no release moves on: nothing to approve", { decided: null, environment: {}, required: true }, null],
    [
      "no release moves on: an approval left over does no harm",
      { decided: null, environment: approved, required: true },
      null,
    ],
  ];
  for (const [title, question, code] of cases) it(title, () => assert.equal(codeOf(question), code));

  it("a stale one names both", () => {
    assert.throws(
      () => checkApproval({ decided: { version: "4.6.41", fingerprint: "f2" }, environment: approved, required: true }),
      {
        message:
          "Approved was the move to 4.7.20 with fingerprint f1; decided now is the move to 4.6.41 with fingerprint f2.",
      },
    );
  });

  it("a missing one says what to run", () => {
    assert.throws(() => checkApproval({ decided, environment: {}, required: true }), {
      message:
        "The move to 4.7.20 waits for approval: palette:requireApproval is set, and nothing says that a preview of it was approved.",
      next: "Have the preview approved, then run with PALETTE_APPROVED_VERSION=4.7.20 and PALETTE_APPROVED_FINGERPRINT=f1; palette-upgrade up does so by itself once you confirm, or takes --approved-version and --approved-fingerprint.",
    });
  });
});
