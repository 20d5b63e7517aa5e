import assert from "node:assert/strict";
import { planFormats, renderPlan } from "../../lib/report/render.js";
import { routePlan } from "./hand-built.js";

const tool = "palette-upgrade 1.2.3 (commit 1a2b3c4d5e6f)";

describe("report: the tool that made it", () => {
  const plan = routePlan(["4.6.41", "4.7.20"]);
  for (const format of ["text", "markdown", "html"] as const) {
    it(`${format} shows it once, with the sources`, () => {
      const shown = renderPlan(plan, format, { colour: false, tool }).replace(/\\/g, "");
      assert.equal(shown.split(tool).length, 2);
      assert.ok(shown.indexOf("made by") > shown.indexOf("fingerprint"));
    });
  }

  for (const format of planFormats) {
    it(`${format} says nothing of it unless it is given`, () => {
      const shown = renderPlan(plan, format, { colour: false });
      assert.ok(!shown.includes("made by") && !shown.includes("palette-upgrade 1"));
    });
  }

  it("json stays the plan alone", () => {
    assert.deepEqual(JSON.parse(renderPlan(plan, "json", { colour: false, tool })), JSON.parse(JSON.stringify(plan)));
  });
});
