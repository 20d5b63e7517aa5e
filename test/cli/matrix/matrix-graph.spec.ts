import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawMatrixGraph } from "../../../lib/cli/matrix/matrix-graph.js";

const newest = "palette-kubernetes-4.9.51";

describe("matrix graph", () => {
  it("prints the picture, with its source and the legend's counts", () => {
    const { text, exitCode } = drawMatrixGraph(newest, {});
    assert.equal(exitCode, 0);
    assert.match(text, /^<svg [^]*<\/svg>\n$/);
    assert.match(
      text,
      /Supported rows: 403; drawn: 75, .* spectrocloud\/librarium at 90ac4bd86189, read on 2026-11-21\./,
    );
    assert.match(text, />leads to the newest release \(22\)<[^]*>stranded: [^<]*\(33\)<[^]*>dead end: [^<]*\(15\)</);
    assert.doesNotMatch(text, /the route</);
  });

  it("marks a route", () => {
    const { text } = drawMatrixGraph(newest, { from: "4.7.27", to: "4.9.51" });
    assert.match(text, /Route by guideline: 4\.7\.27 → 4\.8\.52 → 4\.9\.51</);
    assert.equal(text.match(/marker-end="url\(#route\)"/g)?.length, 3);
  });

  it("without a route the picture says so, and the exit code is 3", () => {
    const { text, exitCode } = drawMatrixGraph(newest, { from: "4.7.20", to: "4.9.51" });
    assert.equal(exitCode, 3);
    assert.match(text, /No supported route leads from 4\.7\.20 to 4\.9\.51 \(NO_ROUTE\)\./);
  });

  it("writes a file, and tells where it cannot", () => {
    const folder = mkdtempSync(join(tmpdir(), "graph-"));
    try {
      const out = join(folder, "matrix.svg");
      assert.equal(drawMatrixGraph(newest, { out }).text, `${out}: written\n`);
      assert.equal(readFileSync(out, "utf8"), drawMatrixGraph(newest, {}).text);
      assert.throws(() => drawMatrixGraph(newest, { out: join(folder, "no", "x.svg") }), { code: "GRAPH_NOT_WRITTEN" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("half a route is refused", () => {
    assert.throws(() => drawMatrixGraph(newest, { from: "4.7.20" }), {
      code: "GRAPH_HALF_A_ROAD",
      message: "A route has two ends; --to is missing.",
    });
  });
});
