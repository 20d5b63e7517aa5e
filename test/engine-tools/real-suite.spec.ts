import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

const root = findPackageRoot();
const suite = join(root, "test/engine-suite");

describe("the suite of the real engine", () => {
  it("leaves out the driver's specs, which have a suite of their own, and those that run on the embedded engine alone", () => {
    const { ignore } = JSON.parse(readFileSync(join(root, ".mocharc.real.json"), "utf8")) as { ignore: string[] };
    const onReal = /\b(describeOnBothEngines|onEachEngine|listEngines|describeOnRealEngine|itOnRealEngine)\(/;
    const specs = readdirSync(suite).filter((name) => name.endsWith(".spec.ts"));
    const embeddedOnly = specs.filter((name) => !onReal.test(readFileSync(join(suite, name), "utf8")));
    const leftOut = ["driver/**", ...embeddedOnly.sort()].map((name) => `test/engine-suite/${name}`);
    assert.deepEqual(ignore, leftOut);
  });
});
