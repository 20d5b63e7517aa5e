import assert from "node:assert/strict";
import { loadMatrix, loadShippedMatrices } from "../../../lib/planning/matrix/load.js";
import { sortWarnings, warningOrder } from "../../../lib/planning/plan/warnings/stale.js";
import { matrixOf, planOf, warned } from "./synthetic-matrix.js";

const seed = loadMatrix("palette-kubernetes-4.7.20");

describe("PAGE_RULE: where the page's own rule and the rows disagree", () => {
  const seven =
    "The page says latest patch first (4.6.43); no row leads on from 4.6.43; 4.6.41 is the newest with a row to 4.7.20.";

  it("says it in the page's words and the rows'", () => {
    assert.deepEqual(warned(planOf(seed, "4.5.20", "4.7.20"), "PAGE_RULE"), [seven]);
  });

  it("once for each minor that is left from another patch than its latest", () => {
    assert.deepEqual(warned(planOf(seed, "4.1.7", "4.7.20"), "PAGE_RULE"), [
      "The page says latest patch first (4.1.12); no row leads from 4.1.7 to 4.1.12; 4.1.7 is the newest within reach with a row to 4.2.7.",
      "The page says latest patch first (4.4.24); no row leads from 4.4.20 to 4.4.24; 4.4.20 is the newest with a row to 4.5.23.",
      seven,
    ]);
  });

  it("fewest-hops tells what it passes by", () => {
    assert.deepEqual(warned(planOf(seed, "4.5.20", "4.7.20", { strategy: "fewest-hops" }), "PAGE_RULE"), [
      "The page says latest patch first (4.5.23); fewest-hops goes from 4.5.20 straight to 4.6.41, not by way of 4.5.23.",
      seven,
    ]);
  });

  it("a stop asked for is judged by the part of the route it ends", () => {
    assert.equal(
      warned(planOf(seed, "4.5.20", "4.7.20", { via: ["4.6.13"] }), "PAGE_RULE")[0],
      "The page says latest patch first (4.5.23); no route leads on from 4.5.23 to 4.6.13; 4.5.21 is the newest with a row to 4.6.13.",
    );
  });

  it("a stop that an advisory keeps off the route is named with it", () => {
    const avoidedStops = (): { range: string; id: string; summary: string }[] => [
      { range: "4.5.23", id: "bad-4.5.23", summary: "It loses data." },
    ];
    assert.equal(
      warned(planOf(seed, "4.5.20", "4.7.20", {}, { listAvoidedStops: avoidedStops }), "PAGE_RULE")[0],
      "The page says latest patch first (4.5.23); 4.5.23 is a stop to avoid (bad-4.5.23); 4.5.21 is the newest within reach with a row to 4.6.41.",
    );
  });

  it("negative twins: silent where the latest patch is left from, and within a minor", () => {
    assert.deepEqual(warned(planOf(seed, "4.5.20", "4.6.41"), "PAGE_RULE"), []);
    assert.deepEqual(warned(planOf(seed, "4.6.6", "4.6.41"), "PAGE_RULE"), []);
  });
});

describe("SKIPPED_MINOR", () => {
  it("one for each skipped minor, in order of the route", () => {
    const matrix = matrixOf("1.0.0 > 1.3.0\n1.1.0 > 1.2.0\n1.2.0 > 1.3.0\n1.3.0 > 1.3.1");
    const plan = planOf(matrix, "1.0.0", "1.3.1");
    assert.deepEqual(warned(plan, "SKIPPED_MINOR"), [
      "The hop 1.0.0 -> 1.3.0 skips 1.1: read the notes of the 1.1 releases too before going on.",
      "The hop 1.0.0 -> 1.3.0 skips 1.2: read the notes of the 1.2 releases too before going on.",
    ]);
    assert.deepEqual(
      plan.hops.map((hop) => hop.skips),
      [["1.1", "1.2"], []],
    );
  });

  it("negative twin: a minor nobody lists is not skipped", () => {
    assert.deepEqual(warned(planOf(matrixOf("1.0.0 > 1.3.0"), "1.0.0", "1.3.0"), "SKIPPED_MINOR"), []);
  });
});

describe("where there are PCGs fewest-hops skips a minor only where guideline does too", () => {
  const matrix = matrixOf("1.0.0 > 1.1.0 1.2.0\n1.1.0 > 1.2.0\n1.2.0 > 1.3.0\n1.0.5 > 1.2.0");
  const stops = (from: string, pcgs: boolean | undefined): string[] =>
    planOf(matrix, from, "1.3.0", { strategy: "fewest-hops", facts: { pcgs } }).hops.map((hop) => hop.to);

  it("walks 1.1 with PCGs, and where it is not known whether there are any", () => {
    assert.deepEqual(stops("1.0.0", true), ["1.1.0", "1.2.0", "1.3.0"]);
    assert.deepEqual(stops("1.0.0", undefined), ["1.1.0", "1.2.0", "1.3.0"]);
  });

  it("skips 1.1 without PCGs", () => assert.deepEqual(stops("1.0.0", false), ["1.2.0", "1.3.0"]));

  it("skips 1.1 with PCGs where guideline has no other way", () =>
    assert.deepEqual(stops("1.0.5", true), ["1.2.0", "1.3.0"]));
});

describe("STALE_MATRIX: a newer shipped matrix of the same kind treats a hop differently", () => {
  const old = matrixOf("1.0.0 > 1.0.1\n1.0.1 > 1.1.0\n1.1.0 > 1.2.0");
  const text = "1.0.0 > 1.0.1\n1.0.1 x 1.1.0\n1.1.x ? 1.2.0\n1.2.0 > 1.3.0\n1.0.1 > 1.2.0";
  const newer = matrixOf(text, { id: "newer", sha256: "b".repeat(64) });
  const stale = (shipped: (typeof old)[], to = "1.2.0"): string[] =>
    warned(planOf(old, "1.0.0", to, {}, { shipped }), "STALE_MATRIX");

  it("names each hop and what became of it", () => {
    assert.deepEqual(stale([old, newer]), [
      "palette-kubernetes-small is older than newer (read on 2026-11-01), which treats hops of this route differently: 1.0.1 -> 1.1.0 is refused by 1.0.1 -> 1.1.0 (line 2) and 1.1.0 -> 1.2.0 is conditional by 1.1.x -> 1.2.0 (line 3). Plan with newer, or ask the vendor's support which of the two holds.",
    ]);
  });

  it("a row that is gone is withdrawn", () => {
    const plan = planOf(seed, "4.5.23", "4.6.18", {}, { shipped: loadShippedMatrices() });
    assert.deepEqual(warned(plan, "STALE_MATRIX"), [
      "palette-kubernetes-4.7.20 is older than palette-kubernetes-4.9.51 (read on 2026-11-21), which treats a hop of this route differently: 4.5.23 -> 4.6.18 is withdrawn. Plan with palette-kubernetes-4.9.51, or ask the vendor's support which of the two holds.",
    ]);
  });

  it("the newest that differs is the one that is named", () => {
    const newest = matrixOf("1.0.0 > 1.0.1\n1.0.1 > 1.1.0\n1.1.0 > 1.2.0\n1.3.0 > 1.4.0", {
      id: "newest",
      sha256: "c".repeat(64),
    });
    assert.match(stale([newest, newer, old])[0]!, /^palette-kubernetes-small is older than newer /);
    const cut = matrixOf("1.3.0 > 1.4.0", { id: "cut", sha256: "d".repeat(64) });
    assert.match(stale([cut, newer, old])[0]!, /^palette-kubernetes-small is older than cut /);
  });

  it("negative twins: hops unchanged, an older matrix, another method, another edition", () => {
    assert.deepEqual(stale([old, newer], "1.0.1"), []);
    assert.deepEqual(stale([old, matrixOf("1.0.0 > 1.1.0", { id: "older", sha256: "e".repeat(64) })]), []);
    assert.deepEqual(stale([old, { ...newer, method: "vmware" }]), []);
    assert.deepEqual(stale([old, { ...newer, edition: "vertex" }]), []);
  });
});

describe("the order of warnings", () => {
  it("dead end first, then data, then route, then what does not bind; unknown codes last; each code in the order given", () => {
    const codes = [...warningOrder, "OWN"].reverse().flatMap((code) => [
      { code, message: "1" },
      { code, message: "2" },
    ]);
    assert.deepEqual(
      sortWarnings(codes).map(({ code, message }) => `${code} ${message}`),
      [...warningOrder, "OWN"].flatMap((code) => [`${code} 1`, `${code} 2`]),
    );
    assert.equal(warningOrder[0], "DEAD_END");
    assert.equal(warningOrder[1], "STRANDED");
  });

  it("a plan keeps it", () => {
    const matrix = matrixOf("1.0.0 > 1.2.0\n1.0.1 > 1.1.0\n1.2.0 > 1.2.1\n1.1.0 > 1.3.0");
    const notices = [{ code: "DEFAULT_MATRIX", message: "The newest." }];
    const plan = planOf(matrix, "1.0.0", "1.2.1", { via: ["0.9.0"], avoid: ["0.9.1"] }, { notices });
    assert.deepEqual(
      plan.warnings.map(({ code }) => code),
      ["DEAD_END", "DEFAULT_MATRIX", "PAGE_RULE", "SKIPPED_MINOR", "VIA_PASSED", "AVOID_UNKNOWN"],
    );
  });
});
