import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

const scripts = join(findPackageRoot(), "scripts");
const { getCache, forget } = createRequire(__filename)(join(scripts, "compiled.cjs")) as {
  getCache: (file: string) => string;
  forget: (file: string) => void;
};

describe("a bundle and the compiled code kept beside it", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "palette-compiled-"));
    file = join(folder, "program.js");
    write("one");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A function that is compiled when it is called, with enough in it to show in a cache's size. */
  function write(answer: string): void {
    const lines = Array.from({ length: 200 }, (_, i) => `total += Math.sqrt(${i}) * total;`).join("\n");
    writeFileSync(
      file,
      `function work() { let total = 1; ${lines} return total; }
       module.exports = { answer: "${answer}", folder: __dirname, file: __filename, path: require("node:path").sep };
       if (process.argv[2] === "work") work();`,
    );
  }

  function run(args: string[] = [], flags: string[] = []): unknown {
    const code = `console.log(JSON.stringify(require(${JSON.stringify(join(scripts, "compiled.cjs"))}).run(${JSON.stringify(file)})))`;
    const main = join(folder, "main.cjs");
    writeFileSync(main, code);
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, main, ...args], { encoding: "utf8" });
    assert.equal(stderr, "");
    return JSON.parse(stdout);
  }

  const measureKept = (): number => statSync(getCache(file)).size;
  const keeping = ["--require", join(scripts, "keep-compiled.cjs")];
  const expected = (answer: string): object => ({ answer, folder, file, path: "/" });

  it("runs as a module of its folder, with and without kept code", () => {
    assert.deepEqual(run(), expected("one"));
    assert.deepEqual(run([], keeping), expected("one"));
    assert.deepEqual(run(), expected("one"));
  });

  it("what is kept holds the functions that were called, and those of earlier runs", () => {
    run([], keeping);
    const cold = measureKept();
    run(["work"], keeping);
    const warm = measureKept();
    assert.ok(warm > cold + 1000, `${cold} bytes without the function, ${warm} with it`);
    run([], keeping);
    assert.ok(measureKept() > cold + 1000, "a run that does not call the function lost it");
  });

  it("is used by the Node that kept it alone", () => {
    run(["work"], keeping);
    const warm = measureKept();
    assert.ok(getCache(file).includes(`${process.version}-${process.arch}-${statSync(process.execPath).size}.`));
    renameSync(getCache(file), getCache(file).replace(process.version, "v20.0.0"));
    run([], keeping);
    assert.ok(measureKept() < warm - 1000, "another Node's was used");
  });

  it("is forgotten with what other Nodes kept, and nothing else", () => {
    run([], keeping);
    const others = [`${file}.cache`, `${file}.v20.20.2-x64-1.cache`];
    const stays = [file, join(folder, "other.js.cache"), `${file}.map`];
    for (const name of [...others, ...stays.slice(1)]) writeFileSync(name, "");
    forget(file);
    assert.deepEqual([getCache(file), ...others].filter(existsSync), []);
    assert.deepEqual(stays.filter(existsSync), stays);
  });

  it("kept code of another source, or that is none, is not used", () => {
    run(["work"], keeping);
    write("three");
    assert.deepEqual(run(), expected("three"));
    writeFileSync(getCache(file), readFileSync(file).subarray(0, 100));
    assert.deepEqual(run(), expected("three"));
  });
});
