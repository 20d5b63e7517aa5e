import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type BuildPlan, buildProgram, findBuilt, planBuild, readPinnedVersion } from "./go-build.js";

/** In the place of Go: writes how it was called where it was told to put the program. */
const go = `#!/bin/sh
for word in "$@"; do [ "$before" = -o ] && file=$word; before=$word; done
echo "$@ in $PWD CGO_ENABLED=$CGO_ENABLED GOFLAGS=$GOFLAGS niceness $(nice)" > "$file"
`;
const failingGo = `#!/bin/sh
echo "go: downloading example.com/a v1.0.0" >&2
echo "no such package" >&2
exit 1
`;

describe("building pinned programs with Go", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "palette-go-"));
    writeFileSync(
      join(folder, "go.mod"),
      "module m\n\nrequire (\n\texample.com/a v1.2.3\n\texample.com/b v2.0.0 // indirect\n)\n",
    );
    writeFileSync(join(folder, "go.sum"), "");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function environment(script: string): NodeJS.ProcessEnv {
    writeFileSync(join(folder, "go"), script);
    chmodSync(join(folder, "go"), 0o755);
    const path = [folder, process.env.PATH].join(delimiter);
    return { PATH: path, XDG_CACHE_HOME: join(folder, "cache"), GOFLAGS: "-mod=mod" };
  }
  const plan = (env: NodeJS.ProcessEnv, flags: readonly string[] = [], sources: readonly string[] = []): BuildPlan =>
    planBuild({ folder, name: "some", niceness: 0 }, flags, env, sources);

  it("puts the program in place when it is whole, built by the pinned modules alone", () => {
    const env = environment(go);
    const planned = plan(env, ["-ldflags", "-s"]);
    assert.equal(findBuilt(planned, "tool"), null);
    const file = buildProgram(planned, { name: "tool", source: "./tool" }, env);
    assert.equal(findBuilt(planned, "tool"), file);
    assert.deepEqual(readdirSync(planned.folder), ["tool"]);
    const niceness = readFileSync(file, "utf8").split(" ").at(-1)!.trim();
    const unfinished = join(planned.folder, `.tool.${process.pid}`);
    assert.equal(
      readFileSync(file, "utf8"),
      `build -mod=readonly -trimpath -ldflags -s -o ${unfinished} ./tool in ${folder} CGO_ENABLED=0 GOFLAGS= niceness ${niceness}\n`,
    );
  });

  it("gives way to other processes as the module asks", () => {
    const env = environment(go);
    const read = (niceness: number): number => {
      const planned = { ...plan(env), module: { folder, name: "some", niceness } };
      const file = buildProgram(planned, { name: `tool${niceness}`, source: "./tool" }, env);
      return Number(readFileSync(file, "utf8").split(" ").at(-1));
    };
    assert.equal(read(3), Math.min(read(0) + 3, 19));
  });

  it("a failure names the package and the compiler's lines, and leaves nothing behind", () => {
    const env = environment(failingGo);
    const planned = plan(env);
    assert.throws(() => buildProgram(planned, { name: "tool", source: "./tool" }, env), {
      message: "go build ./tool ended with 1:\nno such package\n",
    });
    assert.deepEqual(readdirSync(planned.folder), []);
  });

  it("what goes into a program names its folder", () => {
    const env = environment(go);
    const { folder: first } = plan(env);
    assert.equal(plan(env).folder, first);
    writeFileSync(join(folder, "main.go"), "package main");
    const folders = [first, plan(env, ["-s"]).folder, plan(env, [], ["main.go"]).folder];
    writeFileSync(join(folder, "go.sum"), "example.com/a v1.2.3 h1:x=\n");
    assert.equal(new Set([...folders, plan(env).folder]).size, 4);
  });

  it("the version that a module pins is read; one it does not pin is an error", () => {
    const module = { folder, name: "some", niceness: 0 };
    assert.equal(readPinnedVersion(module, "example.com/a"), "v1.2.3");
    assert.equal(readPinnedVersion(module, "example.com/b"), "v2.0.0");
    assert.throws(() => readPinnedVersion(module, "example.com/c"), {
      message: `${join(folder, "go.mod")} pins no example.com/c`,
    });
  });
});
