import { Ajv } from "ajv";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { type Plan } from "../../lib/planning/plan/types.js";
import { renderJson } from "../../lib/report/render.js";
import { refusal, refusedPlan, routePlan } from "./hand-built.js";

const schema = JSON.parse(
  readFileSync(join(findPackageRoot(), "data", "schemas", "plan.schema.json"), "utf8"),
) as object;
const ajv = new Ajv({ allErrors: true });
const validate = ajv.compile(schema);
const fits = (plan: unknown): boolean => validate(JSON.parse(renderJson(plan as Plan)));

describe("report: JSON", () => {
  const good: [title: string, plan: Plan][] = [
    ["a route", routePlan(["4.6.36", "4.6.41", "4.7.20"])],
    ["nothing to do", routePlan(["4.7.20"])],
    ["a refusal", refusedPlan()],
    ["a refusal of a range", refusedPlan({}, ">=4.8.0")],
  ];
  for (const [title, plan] of good) {
    it(`${title} fits the schema, and comes back as it was`, () => {
      assert.ok(fits(plan), ajv.errorsText(validate.errors));
      assert.deepEqual(JSON.parse(renderJson(plan)), plan);
    });
  }

  const bad: [title: string, plan: unknown][] = [
    ["a route with a refusal", { ...routePlan(["4.6.41", "4.7.20"]), refusal }],
    ["a route without hops", { ...routePlan(["4.7.20"]), outcome: "route" }],
    ["a refusal without its reasons", { ...refusedPlan(), refusal: null }],
    ["a refusal with hops", { ...refusedPlan(), hops: routePlan(["4.6.41", "4.7.20"]).hops }],
    ["nothing to do, with hops", { ...routePlan(["4.6.41", "4.7.20"]), outcome: "none-needed" }],
    ["a route to a range", routePlan(["4.6.41", "4.7.20"], {}, { to: "4.7" })],
    ["a key nobody knows", { ...routePlan(["4.7.20"]), colour: "red" }],
    ["a version written as a series", { ...routePlan(["4.7.20"]), from: "4.7" }],
    ["a fingerprint cut short", { ...routePlan(["4.7.20"]), fingerprint: "abc" }],
  ];
  for (const [title, plan] of bad) {
    it(`${title} does not fit`, () => assert.ok(!fits(plan)));
  }
});
