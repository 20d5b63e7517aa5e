import assert from "node:assert/strict";
import semver from "semver";
import { roles } from "../../../lib/planning/rules/types.js";
import { getStubVersion } from "../lib/stub-chart.js";

describe("versions of stub charts", () => {
  const palettes = ["4.5.23", "4.6.9", "4.6.36", "4.6.41", "4.7.20", "4.9.51", "4.10.2", "5.0.1"];
  for (const role of roles) {
    it(`${role}: a newer Palette brings a newer chart`, () => {
      const versions = palettes.map((version) => getStubVersion(version, role));
      assert.deepEqual(versions, [...new Set(versions)].sort(semver.compare));
    });
  }

  it("only Palette's own chart has the Palette version", () => {
    assert.deepEqual(
      roles.map((role) => getStubVersion("4.6.41", role)),
      ["1.406.41", "2.406.41", "3.406.41", "4.406.41", "4.6.41"],
    );
  });
});
