import assert from "node:assert/strict";
import { loadMatrix } from "../../../../lib/planning/matrix/load.js";
import { planRoute } from "../../../../lib/planning/plan/plan.js";
import type { NewerMatrix } from "../../../../lib/planning/plan/types.js";
import { renderPlan } from "../../../../lib/report/render.js";
import { matrixOf, planOf } from "../synthetic-matrix.js";

const old = matrixOf("1.0.0 > 1.0.1\n1.0.1 > 1.1.0");
const newest = (text: string): ReturnType<typeof matrixOf> =>
  matrixOf(`${text}\n1.1.0 > 1.9.0`, { id: "newest", sha256: "b".repeat(64), readOn: "2026-11-15" });

describe("how fresh a plan's data are", () => {
  const cases: [title: string, text: string, target: string, effect: NewerMatrix["effect"], route: string[]][] = [
    ["the same route", "1.0.0 > 1.0.1\n1.0.1 > 1.1.0", "1.1.0", "same", ["1.0.1", "1.1.0"]],
    ["a patch more on the way", "1.0.0 > 1.0.1 1.0.2\n1.0.2 > 1.1.0", "1.1.0", "other-road", ["1.0.2", "1.1.0"]],
    ["a row withdrawn", "1.0.0 > 1.0.1", "1.1.0", "no-road", []],
    ["a refusal that stays one", "1.0.0 > 1.0.1", "1.0.9", "same", []],
    ["a refusal that is none there", "1.0.0 > 1.0.9", "1.0.9", "other-road", ["1.0.9"]],
  ];
  for (const [title, text, target, effect, route] of cases) {
    it(`${title}: ${effect}`, () => {
      const { matrix } = planOf(old, "1.0.0", target, {}, { shipped: [old, newest(text)] });
      assert.deepEqual(matrix.newer, { id: "newest", readOn: "2026-11-15", effect, route });
    });
  }

  it("negative twins: the newest itself, and another method", () => {
    assert.equal(planOf(old, "1.0.0", "1.1.0", {}, { shipped: [old] }).matrix.newer, null);
    const other = { ...newest("1.0.0 > 1.0.1"), method: "vmware" as const };
    assert.equal(planOf(old, "1.0.0", "1.1.0", {}, { shipped: [old, other] }).matrix.newer, null);
  });

  it("every readable form tells commit, day, age and what the newest matrix says", () => {
    const matrix = loadMatrix("palette-kubernetes-4.7.20");
    const plan = planRoute({ from: "4.6.41", to: "4.7", matrix, today: "2026-12-01" });
    for (const format of ["text", "markdown", "html"] as const) {
      const shown = renderPlan(plan, format).replace(/\\/g, "").replace(/\s+/g, " ");
      assert.match(
        shown,
        /read on 2026-11-21, 10 days ago: (<|<a href=")?https:\/\/[\w./-]+\/fcaedb10d95dba0548469234457a14267deffe0c\//,
        format,
      );
      assert.match(shown, /palette-kubernetes-4\.9\.51, read on 2026-11-21, takes another route: 4\.7\.2\d/, format);
    }
    const json = JSON.parse(renderPlan(plan, "json")) as typeof plan;
    assert.deepEqual([json.matrix.ageDays, json.matrix.newer?.effect], [10, "other-road"]);
    assert.match(json.matrix.source.commit, /^fcaedb10d95d[0-9a-f]{28}$/);
  });
});
