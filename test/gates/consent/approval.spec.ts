import assert from "node:assert/strict";
import { RefusedError } from "../../../lib/base/errors/errors.js";
import {
  type ApprovedStep,
  type ApprovalCheckInput,
  checkApproval,
  computeApprovalFingerprint,
} from "../../../lib/gates/consent/approval.js";
import { type Settings } from "../../../lib/settings/schema.js";

const decided = { version: "4.7.20", fingerprint: "f1f1" };
const approved = {
  PALETTE_APPROVED_VERSION: "4.7.20",
  PALETTE_APPROVED_FINGERPRINT: "f1f1",
  PALETTE_APPROVED_BY: "ana",
};

/** What is asked, without four eyes where `runners` says nothing. */
type Asked = Omit<ApprovalCheckInput, "runners"> & { runners?: ApprovalCheckInput["runners"] };

function refusalOf({ runners = null, ...asked }: Asked): RefusedError | null {
  try {
    checkApproval({ ...asked, runners });
    return null;
  } catch (error) {
    assert.ok(error instanceof RefusedError);
    return error;
  }
}

const see = '"palette-upgrade preview" shows version and fingerprint under "to approve".';
const missingNext = `Have the preview approved: ${see} Then run with PALETTE_APPROVED_VERSION, PALETTE_APPROVED_FINGERPRINT, PALETTE_APPROVED_BY as the approver gives them; palette-upgrade up takes --approved-version, --approved-fingerprint and --approved-by, or asks on a terminal.`;
const staleNext = `What is installed, a hop in progress, the matrix, an advisory, a chart, a release's values or what is accepted for this hop has changed since: have a new preview approved. ${see}`;

const own = (by: string): [message: string, next: string] => [
  `The move to 4.7.20: approved by the one who runs this (${by}), which palette:approval.fourEyes does not count.`,
  "Have another person approve it, or run the update.",
];

describe("approval", () => {
  const passing: [string, Asked][] = [
    ["what was approved is what is decided", { decided, environment: approved, required: true }],
    ["not asked for and not given", { decided, environment: {}, required: false }],
    ["no release moves: nothing to approve", { decided: null, environment: {}, required: true }],
    ["no release moves: an approval left over does no harm", { decided: null, environment: approved, required: true }],
  ];
  for (const [title, asked] of passing) it(title, () => assert.equal(refusalOf(asked), null));

  const none = "palette:approval.required is set, and nothing says that a preview of it was approved";
  const part = (names: string): string =>
    `${names} not set, and an approval is version, fingerprint and the name of who approved`;
  const missing: [string, NodeJS.ProcessEnv, boolean, string][] = [
    ["asked for and not given", {}, true, none],
    ["asked for, of empty texts", { PALETTE_APPROVED_VERSION: "", PALETTE_APPROVED_FINGERPRINT: "" }, true, none],
    [
      "half of it, even where none is asked for",
      { PALETTE_APPROVED_VERSION: "4.7.20" },
      false,
      part("PALETTE_APPROVED_FINGERPRINT and PALETTE_APPROVED_BY are"),
    ],
    ["by nobody", { ...approved, PALETTE_APPROVED_BY: undefined }, true, part("PALETTE_APPROVED_BY is")],
    [
      "by nobody, where none is asked for",
      { ...approved, PALETTE_APPROVED_BY: " " },
      false,
      part("PALETTE_APPROVED_BY is"),
    ],
  ];
  for (const [title, environment, required, why] of missing) {
    it(`missing: ${title}`, () => {
      const refusal = refusalOf({ decided, environment, required });
      assert.deepEqual(
        [refusal?.code, refusal?.message, refusal?.next],
        ["APPROVAL_MISSING", `The move to 4.7.20 waits for approval: ${why}.`, missingNext],
      );
    });
  }

  const stale: [string, NonNullable<ApprovalCheckInput["decided"]>, string][] = [
    ["another destination", { version: "4.6.41", fingerprint: "f2f2" }, "the move to 4.6.41"],
    ["the same destination otherwise", { ...decided, fingerprint: "f2f2" }, "a move there with another fingerprint"],
  ];
  for (const [title, now, what] of stale) {
    it(`stale: ${title}; it names the approver`, () => {
      const refusal = refusalOf({ decided: now, environment: approved, required: false });
      assert.deepEqual(
        [refusal?.code, refusal?.message, refusal?.next],
        ["APPROVAL_STALE", `ana approved the move to 4.7.20; decided now is ${what}.`, staleNext],
      );
    });
  }

  const fourEyes: [title: string, asked: Partial<Asked>, expected: [message: string, next: string] | null][] = [
    ["by the one who runs", { runners: ["ana"] }, own("ana")],
    [
      "by one of the names of who runs, in other letters and spaces",
      { runners: ["root", "ana"], environment: { ...approved, PALETTE_APPROVED_BY: " Ana" } },
      own(" Ana"),
    ],
    [
      "nobody knows who runs",
      { runners: [] },
      [
        "The move to 4.7.20: approved by ana, but this CI job does not say who started it, so palette:approval.fourEyes counts nobody's word.",
        "Set PALETTE_ACTOR in the job to the name of the person it runs for.",
      ],
    ],
    ["negative twin: by another", { runners: ["bert", "root"] }, null],
    ["negative twin: four eyes are not asked for", { runners: null }, null],
    ["negative twin: no approval is asked for", { runners: ["ana"], required: false }, null],
    ["negative twin: no release moves", { runners: ["ana"], decided: null }, null],
  ];
  for (const [title, asked, expected] of fourEyes) {
    it(`four eyes: ${title}`, () => {
      const refusal = refusalOf({ decided, environment: approved, required: true, ...asked });
      assert.deepEqual(
        refusal === null ? null : [refusal.code, refusal.message, refusal.next],
        expected === null ? null : ["FOUR_EYES", ...expected],
      );
    });
  }

  it("four eyes: what is stale, or missing, is refused as such, whoever gave it", () => {
    const codes = [{ ...approved, PALETTE_APPROVED_FINGERPRINT: "f0f0" }, {}].map(
      (environment) => refusalOf({ decided, environment, required: true, runners: ["ana"] })?.code,
    );
    assert.deepEqual(codes, ["APPROVAL_STALE", "APPROVAL_MISSING"]);
  });

  it("no refusal prints the value to paste", () => {
    for (const environment of [
      {},
      { ...approved, PALETTE_APPROVED_BY: "" },
      { ...approved, PALETTE_APPROVED_FINGERPRINT: "x" },
    ]) {
      const refusal = refusalOf({ decided, environment, required: true });
      assert.ok(refusal !== null && !`${refusal.message} ${refusal.next}`.includes(decided.fingerprint));
    }
  });
});

describe("what an approval is bound to", () => {
  const acceptance: Settings["accept"][number] = {
    ...{ gate: "pcg-readiness", subject: "acme/edge", code: "PCG_PAUSED", hop: "4.6.36->4.6.41" },
    ...{ because: "it is being moved", ticket: "OPS-1", by: "ana", until: "2026-12-01" },
  };
  const other = { ...acceptance, subject: "acme/other" };
  const hubble = {
    role: "hubble",
    name: "hubble",
    namespace: "default",
    chartVersion: "4.6.41",
    sha256: "ab",
    values: { replicas: 2, b: 1 } as ApprovedStep["releases"][number]["values"],
  } as const;
  const plain: ApprovedStep = {
    ...{ kind: "hop", from: "4.6.36", to: "4.6.41", plan: { fingerprint: "p1" }, releases: [hubble], accept: [] },
  };
  const print = (change: Partial<ApprovedStep>): string => computeApprovalFingerprint({ ...plain, ...change });
  const released = (change: Partial<ApprovedStep["releases"][number]>): Partial<ApprovedStep> => ({
    releases: [{ ...hubble, ...change }],
  });

  it("is a sha256, not the plan's own", () => assert.match(print({}), /^[0-9a-f]{64}$/));

  const same: [string, Partial<ApprovedStep>, Partial<ApprovedStep>][] = [
    ["an acceptance for another hop", {}, { accept: [{ ...acceptance, hop: "4.6.41->4.7.20" }] }],
    ["the order of acceptances", { accept: [acceptance, other] }, { accept: [other, acceptance] }],
    ["the order of keys", {}, released({ values: { b: 1, replicas: 2 } })],
  ];
  for (const [title, one, another] of same) it(`the same: ${title}`, () => assert.equal(print(one), print(another)));

  const different: [string, Partial<ApprovedStep>, Partial<ApprovedStep>][] = [
    ["an acceptance for this hop", {}, { accept: [acceptance] }],
    ["another one", { accept: [acceptance] }, { accept: [other] }],
    ["the same by somebody else", { accept: [acceptance] }, { accept: [{ ...acceptance, by: "bert" }] }],
    ["another value", {}, released({ values: { replicas: 3, b: 1 } })],
    ["values that are not known", {}, released({ values: null })],
    ["another chart version", {}, released({ chartVersion: "4.6.42" })],
    ["another chart of the same version", {}, released({ sha256: "cd" })],
    ["another release", {}, released({ namespace: "palette" })],
    ["one release more", {}, { releases: [{ ...hubble, role: "cert-manager" }, hubble] }],
    ["another plan", {}, { plan: { fingerprint: "p2" } }],
    ["another step", {}, { kind: "install" }],
    ["another start", {}, { from: "4.6.32" }],
    ["another destination", {}, { to: "4.6.42" }],
  ];
  for (const [title, one, another] of different)
    it(`another: ${title}`, () => assert.notEqual(print(one), print(another)));
});
