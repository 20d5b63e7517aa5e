import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refuseStaleBuild, stampBuild } from "../../../lib/base/process/build-stamp.js";

describe("build stamp", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "stamp-"));
    for (const folder of ["bin", "lib/plan", "dist/lib"]) mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, "index.ts"), "1");
    writeFileSync(join(root, "lib/plan/a.ts"), "2");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("a build of these sources runs", () => {
    stampBuild(root);
    refuseStaleBuild(root, join(root, "dist"));
    refuseStaleBuild(root, join(root, "dist", "lib"));
  });

  for (const [title, change] of [
    ["a changed source", (): void => writeFileSync(join(root, "lib/plan/a.ts"), "3")],
    ["a new source", (): void => writeFileSync(join(root, "lib/b.ts"), "")],
    ["a removed source", (): void => rmSync(join(root, "lib/plan/a.ts"))],
    ["a build without a stamp", (): void => rmSync(join(root, "dist/sources.sha256"))],
  ] as const) {
    it(`${title} is refused, with what to run`, () => {
      stampBuild(root);
      change();
      assert.throws(() => refuseStaleBuild(root, join(root, "dist", "lib")), {
        code: "BUILD_STALE",
        next: "Run npm run build.",
      });
    });
  }

  it("to who may not write there it is said who may", () => {
    assert.throws(() => refuseStaleBuild(root, join(root, "dist", "lib"), false), {
      code: "BUILD_STALE",
      next: `Run npm run build as a user who may write to ${root}.`,
    });
  });

  it("run from source, or installed without sources, there is nothing to compare", () => {
    refuseStaleBuild(root, join(root, "lib"));
    rmSync(join(root, "index.ts"));
    refuseStaleBuild(root, join(root, "dist"));
  });
});
