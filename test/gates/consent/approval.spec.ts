import assert from "node:assert/strict";
import { RefusedError } from "../../../lib/base/errors/errors.js";
import { loadMatrix } from "../../../lib/planning/matrix/load.js";
import { planRoute } from "../../../lib/planning/plan/plan.js";
import {
  computeApprovalFingerprint,
  checkApproval,
  type ApprovalCheckInput,
} from "../../../lib/gates/consent/approval.js";
import { type Settings } from "../../../lib/settings/schema.js";

const decided = { version: "4.7.20", fingerprint: "f1" };
const approved = { PALETTE_APPROVED_VERSION: "4.7.20", PALETTE_APPROVED_FINGERPRINT: "f1" };

function codeOf(question: ApprovalCheckInput): string | null {
  try {
    checkApproval(question);
    return null;
  } catch (error) {
    assert.ok(error instanceof RefusedError);
    return error.code;
  }
}

describe("approval", () => {
  const cases: [string, ApprovalCheckInput, string | null][] = [
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
        "The move to 4.7.20 waits for approval: palette:approval.required is set, and nothing says that a preview of it was approved.",
      next: "Have the preview approved, then run with PALETTE_APPROVED_VERSION=4.7.20 and PALETTE_APPROVED_FINGERPRINT=f1; palette-upgrade up does so by itself once you confirm, or takes --approved-version and --approved-fingerprint.",
    });
  });
});

describe("what an approval is bound to", () => {
  const matrix = loadMatrix("palette-kubernetes-4.7.20");
  const plan = planRoute({ from: "4.6.36", to: "4.7.20", matrix, facts: {} });
  type Asked = Pick<Settings, "accept" | "values">;
  const plain: Asked = { accept: [], values: {} };
  const acceptance: Settings["accept"][number] = {
    ...{ gate: "pcg-readiness", subject: "acme/edge", code: "PCG_PAUSED", hop: "4.6.36->4.6.41" },
    ...{ because: "it is being moved", ticket: "OPS-1", by: "ana", until: "2026-12-01" },
  };
  const other = { ...acceptance, subject: "acme/other" };
  const print = (asked: Partial<Asked>): string => computeApprovalFingerprint(plan, { ...plain, ...asked });
  const hubble = (value: unknown): Asked["values"] => ({ hubble: { replicas: value, b: 1 } });

  it("without acceptances and values it is the plan's own", () => assert.equal(print({}), plan.fingerprint));

  const same: [string, Partial<Asked>, Partial<Asked>][] = [
    ["an acceptance for another hop", {}, { accept: [{ ...acceptance, hop: "4.6.41->4.7.20" }] }],
    ["the order of acceptances", { accept: [acceptance, other] }, { accept: [other, acceptance] }],
    ["the order of keys", { values: hubble(2) }, { values: { hubble: { b: 1, replicas: 2 } } }],
  ];
  for (const [title, one, another] of same) it(`the same: ${title}`, () => assert.equal(print(one), print(another)));

  const different: [string, Partial<Asked>, Partial<Asked>][] = [
    ["an acceptance for this hop", {}, { accept: [acceptance] }],
    ["another one", { accept: [acceptance] }, { accept: [other] }],
    ["the same by somebody else", { accept: [acceptance] }, { accept: [{ ...acceptance, by: "bert" }] }],
    ["a value where there was none", {}, { values: hubble(2) }],
    ["another value", { values: hubble(2) }, { values: hubble(3) }],
  ];
  for (const [title, one, another] of different)
    it(`another: ${title}`, () => assert.notEqual(print(one), print(another)));
});
