import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
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

  /** As long after the last edit as times need to differ; what the build itself waits for is longer, and is told to be over. */
  function stampSettled(): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
    stampBuild(root, Date.now() + 60_000);
  }
  const sha256 = "dist/sources.sha256";
  const states = "dist/sources.stat";
  const source = "lib/plan/a.ts";

  it("files the file system says were not touched since are not read again", () => {
    stampSettled();
    writeFileSync(join(root, sha256), "of other sources");
    refuseStaleBuild(root, join(root, "dist"));
  });

  it("negative twin: sources edited just before the build are read each time", () => {
    stampBuild(root);
    assert.equal(existsSync(join(root, states)), false);
    writeFileSync(join(root, sha256), "of other sources");
    assert.throws(() => refuseStaleBuild(root, join(root, "dist")), { code: "BUILD_STALE" });
  });

  it("the same sources with other times, as in a fresh checkout, run", () => {
    stampSettled();
    utimesSync(join(root, source), 1, 1);
    refuseStaleBuild(root, join(root, "dist"));
    rmSync(join(root, source));
    writeFileSync(join(root, source), "2");
    refuseStaleBuild(root, join(root, "dist"));
  });

  it("an edit of the same size is refused, also with the time of the source put back", () => {
    const { atimeMs, mtimeMs } = statSync(join(root, source));
    stampSettled();
    writeFileSync(join(root, source), "3");
    utimesSync(join(root, source), atimeMs / 1e3, mtimeMs / 1e3);
    assert.equal(statSync(join(root, source)).size, 1);
    assert.throws(() => refuseStaleBuild(root, join(root, "dist")), { code: "BUILD_STALE" });
  });

  it("what an earlier build recorded of the files is not kept", () => {
    stampSettled();
    const earlier = readFileSync(join(root, states), "utf8");
    writeFileSync(join(root, source), "3");
    stampBuild(root);
    assert.equal(existsSync(join(root, states)), false);
    stampSettled();
    assert.notEqual(readFileSync(join(root, states), "utf8"), earlier);
  });

  for (const stamp of [(): void => stampBuild(root), stampSettled])
    for (const [title, change] of [
      ["a changed source", (): void => writeFileSync(join(root, "lib/plan/a.ts"), "3")],
      ["a new source", (): void => writeFileSync(join(root, "lib/b.ts"), "")],
      ["a removed source", (): void => rmSync(join(root, "lib/plan/a.ts"))],
      ["a build without a stamp", (): void => rmSync(join(root, "dist/sources.sha256"))],
    ] as const) {
      it(`${title} is refused${stamp === stampSettled ? " where times are recorded" : ""}, with what to run`, () => {
        stamp();
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
