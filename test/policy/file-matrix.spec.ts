import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { loadMatrix } from "../../lib/planning/matrix/load.js";
import { formatMatrixFile } from "../../lib/planning/matrix/matrix-file.js";
import { type Plan } from "../../lib/planning/plan/types.js";
import { planRoute } from "../../lib/planning/plan/plan.js";
import { checkSupportedHops, loadDeclaredMatrix } from "../../lib/policy/supported-hop.js";
import { inFolder } from "../planning/matrix/temporary-folder.js";
import { installation, stackWith } from "./stacks.js";

const shipped = loadMatrix("palette-kubernetes-4.9.51");

/** Runs with the path of a matrix file that holds the shipped rows and one to 4.10.25, as a newer page would. */
function withNewerFile<T>(run: (file: string) => T): T {
  return inFolder((folder) => {
    const file = join(folder, "palette-kubernetes-4.10.25.json");
    const row = { from: "4.9.51", to: "4.10.25", mark: "supported" as const, section: "4.10", line: null };
    const rows = [row, ...shipped.rows.map((each) => ({ ...each, line: null }))];
    writeFileSync(file, formatMatrixFile({ ...shipped, id: "palette-kubernetes-4.10.25", rows, readOn: "2026-11-29" }));
    return run(file);
  });
}

describe("a matrix that is a file", () => {
  const plan = (matrix: string, target: string): Plan =>
    planRoute({ from: "4.9.51", to: target, matrix: loadMatrix(matrix), today: "2026-11-29" });

  it("leads to a release that no shipped matrix lists, with its hop's acts and advisories", () =>
    withNewerFile((file) => {
      const { outcome, hops, matrix } = plan(file, "4.10.25");
      assert.deepEqual([outcome, matrix.id, hops.map(({ to }) => to)], ["route", file, ["4.10.25"]]);
      assert.ok(hops[0]!.acts.some(({ name }) => name === "image-pull-secret"));
      assert.ok(hops[0]!.advisories.some(({ id }) => id === "callback-urls-4.10.25"));
    }));

  it("negative twin: the shipped one refuses that target", () =>
    assert.equal(plan("palette-kubernetes-4.9.51", "4.10.25").refusal?.code, "TARGET_UNKNOWN"));

  it("is the newest known one for a target beyond it", () =>
    withNewerFile((file) => {
      const { refusal } = plan(file, "4.11.2");
      assert.ok(
        refusal!.message.includes(
          `the newest release known is 4.10.25, of ${file}, whose page was read on 2026-11-29;`,
        ),
        refusal!.message,
      );
    }));

  it("is read by the policy pack from the checkout, though the engine starts it in the pack's own folder", () => {
    const workingDir = process.cwd();
    process.chdir(join(findPackageRoot(), "policy"));
    try {
      const file = "data/matrices/palette-kubernetes-4.9.51.json";
      assert.deepEqual(loadDeclaredMatrix(file), { ...shipped, id: file });
      assert.throws(() => loadMatrix(file), { code: "MATRIX_FILE_MISSING" });
    } finally {
      process.chdir(workingDir);
    }
  });

  it("judges a hop of the policy pack as a shipped one does", () =>
    withNewerFile((file) => {
      const judge = (matrix: string): number =>
        checkSupportedHops(stackWith([installation({ from: "4.9.51", to: "4.10.25", matrix })]), {
          getMatrix: loadMatrix,
          ownRows: [],
        }).length;
      assert.deepEqual([judge(file), judge("palette-kubernetes-4.9.51")], [0, 1]);
    }));
});
