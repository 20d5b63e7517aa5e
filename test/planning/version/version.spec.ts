import assert from "node:assert/strict";
import {
  classifyChange,
  compareVersions,
  getMinor,
  isVersion,
  isWildcard,
  matchesPattern,
  parseVersion,
  sortVersions,
} from "../../../lib/planning/version/version.js";

describe("version", () => {
  for (const [text, expected] of [
    ["4.6.41", true],
    ["4.10.0", true],
    ["4.6", false],
    ["4.6.x", false],
    ["v4.6.41", false],
    ["4.6.41-rc.1", false],
    ["4.06.1", false],
    ["", false],
  ] as const) {
    it(`${JSON.stringify(text)} is ${expected ? "" : "not "}an exact release`, () =>
      assert.equal(isVersion(text), expected));
  }

  it("4.10 is newer than 4.9, whatever strings say", () => {
    assert.deepEqual(sortVersions(["4.10.0", "4.9.51", "4.9.5", "4.10.0"]), ["4.9.5", "4.9.51", "4.10.0"]);
    assert.ok(compareVersions("4.9.51", "4.10.0") < 0);
  });

  it("parseVersion takes a leading v and names what it read", () => {
    assert.equal(parseVersion(" v4.6.41 "), "4.6.41");
    assert.throws(() => parseVersion("4.6", "--from"), {
      code: "VERSION_INVALID",
      message: '--from: "4.6" is not a Palette version.',
    });
  });

  for (const [from, to, change] of [
    ["4.6.41", "4.6.43", "patch"],
    ["4.6.41", "4.7.20", "minor"],
    ["4.9.51", "5.0.1", "major"],
  ] as const) {
    it(`${from} -> ${to} is a ${change}`, () => assert.equal(classifyChange(from, to), change));
  }

  it("getMinor keeps both numbers", () => assert.equal(getMinor("4.10.3"), "4.10"));
});

describe("wildcard", () => {
  it("4.1.x names every release of 4.1 and none of 4.10", () => {
    assert.ok(isWildcard("4.1.x"));
    assert.ok(matchesPattern("4.1.x", "4.1.12"));
    assert.ok(!matchesPattern("4.1.x", "4.10.12"));
  });

  it("a placeholder (4.7.a) is no wildcard and names only itself", () => {
    assert.ok(!isWildcard("4.7.a"));
    assert.ok(!matchesPattern("4.7.a", "4.7.13"));
  });
});
