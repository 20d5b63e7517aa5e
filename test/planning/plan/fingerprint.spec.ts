import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { toCanonicalJson } from "../../../lib/base/text/canonical-json.js";
import { type PlanDependencies } from "../../../lib/planning/plan/make-plan.js";
import { type PlannedAdvisory, type PlanRequest } from "../../../lib/planning/plan/types.js";
import { bare, matrixOf, planOf } from "./synthetic-matrix.js";

const matrix = matrixOf("1.0.0 > 1.0.1 1.0.2\n1.0.1 > 1.1.0\n1.0.2 > 1.1.0");
const source = {
  repository: "example/docs",
  path: "notes.md",
  commit: "1".repeat(40),
  section: "Notes",
  link: "https://github.com/example/docs/blob/1/notes.md",
};
const advisory: PlannedAdvisory = { id: "a", severity: "info", summary: "Mind the gap.", source };

function print(request: Partial<PlanRequest> = {}, deps: Partial<PlanDependencies> = {}, of = matrix): string {
  return planOf(of, "1.0.0", "1.1.0", request, deps).fingerprint;
}

function withAdvisory(...advisories: PlannedAdvisory[]): Partial<PlanDependencies> {
  return { expandHop: (from, to, context) => ({ ...bare.expandHop(from, to, context), advisories }) };
}

describe("fingerprint", () => {
  it("is the sha256 of canonical JSON of route, matrix, advisories and chart digests", () => {
    const text = `{"advisories":[],"chartDigests":{"hubble":"d1"},"matrix":"${matrix.sha256}","route":["1.0.0","1.0.2","1.1.0"]}`;
    assert.equal(print({ chartDigests: { hubble: "d1" } }), createHash("sha256").update(text).digest("hex"));
  });

  const changes: [title: string, fingerprint: string][] = [
    ["another route", print({ avoid: ["1.0.2"] })],
    ["other bytes of the matrix", print({}, {}, { ...matrix, sha256: "b".repeat(64) })],
    ["an advisory that applies", print({}, withAdvisory(advisory))],
    ["another severity", print({}, withAdvisory({ ...advisory, severity: "warning" }))],
    ["another summary", print({}, withAdvisory({ ...advisory, summary: "Mind the step." }))],
    ["chart digests known", print({ chartDigests: { hubble: "d1" } })],
    ["another chart digest", print({ chartDigests: { hubble: "d2" } })],
  ];
  for (const [title, fingerprint] of changes) {
    it(`changes with ${title}`, () => assert.notEqual(fingerprint, print()));
  }
  it("all of these differ from each other", () => {
    assert.equal(new Set(changes.map(([, fingerprint]) => fingerprint)).size, changes.length);
  });

  const stays: [title: string, fingerprint: string, as: string][] = [
    ["another day", print({ today: "2027-01-01" }), print()],
    ["another strategy with the same route", print({ strategy: "fewest-hops" }), print()],
    ["other words of a gate", print({}, { notices: [{ code: "OWN", message: "Words." }] }), print()],
    [
      "the order of chart digests",
      print({ chartDigests: { a: "1", b: "2" } }),
      print({ chartDigests: { b: "2", a: "1" } }),
    ],
    [
      "the order of advisories, and one said twice",
      print({}, withAdvisory(advisory, { ...advisory, id: "b" })),
      print({}, withAdvisory({ ...advisory, id: "b" }, advisory, advisory)),
    ],
    [
      "an advisory's source read anew",
      print({}, withAdvisory({ ...advisory, source: { ...source, commit: "2".repeat(40) } })),
      print({}, withAdvisory(advisory)),
    ],
  ];
  for (const [title, fingerprint, as] of stays) {
    it(`stays with ${title}`, () => assert.equal(fingerprint, as));
  }

  it("canonical JSON sorts keys at every depth and keeps lists as they are", () => {
    assert.equal(toCanonicalJson({ b: [{ d: 1, c: 2 }], a: null }), '{"a":null,"b":[{"c":2,"d":1}]}');
  });
});
