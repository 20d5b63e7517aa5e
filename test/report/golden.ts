import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

/** Compares with test/golden/plans/<name> to the last character; `UPDATE=yes` writes the file instead. */
export function matchGolden(name: string, actual: string): void {
  const file = join(findPackageRoot(), "test", "golden", "plans", name);
  if (process.env.UPDATE === "yes") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
    return;
  }
  assert.equal(actual, readFileSync(file, "utf8"), `${name} differs; look at it, then regenerate with UPDATE=yes`);
}
