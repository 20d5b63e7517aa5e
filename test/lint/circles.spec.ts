import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

describe("the order of the house, as npm run measure sees it", () => {
  it("has no circle of files and no import upward, type imports too, which the linter passes over", () => {
    const root = findPackageRoot();
    const printed = execFileSync(process.execPath, ["scripts/measure-house.mjs"], { cwd: root, encoding: "utf8" });
    const [circles = "", upward = ""] = printed.split("\n");
    assert.match(circles, /^circles of files +0\s*$/);
    assert.match(upward, /^upward imports +0\s*$/);
  });
});
