import assert from "node:assert/strict";
import { isNewerVersion } from "../../../lib/planning/version/loose-version.js";

describe("versions that others chose", () => {
  for (const [version, other, expected] of [
    ["1.14.5", "1.14.4", true],
    ["v1.14.5", "1.14.4", true],
    ["1.100.0", "1.20.9", true],
    ["2.0.0", "1.99.99", true],
    ["v1.6.0-spectro-4.8.1", "v1.5.2-spectro-4.7.1", true],
    ["1.15", "1.14.4", true],
    ["1.14.4", "1.14.4", false],
    ["1.14.4-spectro-2", "1.14.4-spectro-1", false],
    ["1.14.4", "1.14.5", false],
    ["latest", "1.14.4", false],
    ["1.14.4", "latest", false],
  ] as const) {
    it(`${version} is ${expected ? "" : "not "}newer than ${other}`, () =>
      assert.equal(isNewerVersion(version, other), expected));
  }
});
