import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatToolVersion, readToolVersion, stampCommit } from "../../../lib/base/process/tool-version.js";

describe("version and commit", () => {
  let root: string;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "tool-version-")));
    mkdirSync(join(root, "dist"));
    writeFileSync(join(root, "package.json"), '{"name":"palette-upgrade","version":"1.2.3"}');
    writeFileSync(join(root, "index.ts"), "");
    writeFileSync(join(root, ".gitignore"), "dist/\n");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function git(...args: string[]): string {
    const who = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    return execFileSync("git", [...who, ...args], { cwd: root, encoding: "utf8", stdio: "pipe" }).trim();
  }

  function commitAll(): string {
    git("init", "-q");
    git("add", "-A");
    git("commit", "-q", "-m", "first");
    return git("rev-parse", "--short=12", "HEAD");
  }

  const readBuilt = (folder = "dist/bin"): ReturnType<typeof readToolVersion> => {
    stampCommit(root);
    return readToolVersion(root, join(root, folder));
  };

  it("a build of a checkout knows its commit", () => {
    const commit = commitAll();
    assert.match(commit, /^[0-9a-f]{12}$/);
    assert.deepEqual(readBuilt(), { version: "1.2.3", commit });
    assert.deepEqual(readBuilt("dist"), { version: "1.2.3", commit });
  });

  it("sources that differ from the commit are said to", () => {
    const commit = commitAll();
    writeFileSync(join(root, "index.ts"), "changed");
    assert.equal(readBuilt().commit, `${commit} with local changes`);
  });

  it("a file that is no source changes nothing (negative twin)", () => {
    const commit = commitAll();
    writeFileSync(join(root, "notes.txt"), "changed");
    assert.equal(readBuilt().commit, commit);
  });

  it("without git the commit is unknown", () => {
    assert.deepEqual(readBuilt(), { version: "1.2.3", commit: null });
  });

  it("the commit of a repository around an installed package is not the package's", () => {
    commitAll();
    const inner = join(root, "node_modules", "palette-upgrade");
    mkdirSync(join(inner, "dist"), { recursive: true });
    writeFileSync(join(inner, "package.json"), '{"name":"palette-upgrade","version":"1.2.3"}');
    stampCommit(inner);
    assert.equal(readToolVersion(inner, join(inner, "dist")).commit, null);
  });

  it("code that runs from source has no known commit, whatever was built before", () => {
    commitAll();
    assert.equal(readBuilt("lib/base/process").commit, null);
  });

  it("a build without a stamp has no known commit", () => {
    assert.equal(readToolVersion(root, join(root, "dist")).commit, null);
  });

  it("is shown in one line", () => {
    assert.equal(
      formatToolVersion({ version: "1.2.3", commit: "1a2b3c4d5e6f" }),
      "palette-upgrade 1.2.3 (commit 1a2b3c4d5e6f)",
    );
    assert.equal(formatToolVersion({ version: "1.2.3", commit: null }), "palette-upgrade 1.2.3 (unknown commit)");
  });
});
