import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { planEngineBuild, type ProgramName } from "./engine-programs.js";
import { findEngineTools } from "./find-engine-tools.js";

const plugins = ["pulumi-language-nodejs", "pulumi-resource-command"];
const provider = "pulumi-resource-kubernetes";

/** Puts a program in the place where its build would; returns the folder. */
function placeBuilt(name: ProgramName, environment: NodeJS.ProcessEnv): string {
  const { folder } = planEngineBuild(name, environment);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), "");
  return folder;
}

describe("the real engine's programs", () => {
  let folder: string;
  let said: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "palette-engine-tools-"));
    said = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A folder with programs of these names; the engine says the version. */
  function place(below: string, names: readonly string[], version = "v3.274.1"): string {
    const path = join(folder, below);
    mkdirSync(path, { recursive: true });
    for (const name of names) {
      writeFileSync(join(path, name), name === "pulumi" ? `#!/bin/sh\necho ${version}\n` : "#!/bin/sh\n");
      chmodSync(join(path, name), 0o755);
    }
    return path;
  }
  function environment(path: readonly string[], more: Record<string, string> = {}): NodeJS.ProcessEnv {
    return { PATH: [...path, "/usr/bin", "/bin"].join(delimiter), XDG_CACHE_HOME: join(folder, "cache"), ...more };
  }
  const find = (env: NodeJS.ProcessEnv): ReturnType<typeof findEngineTools> =>
    findEngineTools(env, (line) => said.push(line));

  it("on PATH are taken as they are: no folder comes before PATH, nothing is said", () => {
    const path = place("path", ["pulumi", provider, ...plugins]);
    assert.deepEqual(find(environment([path])), { ok: true, folders: [] });
    assert.deepEqual(said, []);
  });

  it("given by PALETTE_ENGINE_BIN come before PATH", () => {
    const given = place("given", ["pulumi", provider, ...plugins]);
    const path = place("path", ["pulumi"], "v3.100.0");
    assert.deepEqual(find(environment([path], { PALETTE_ENGINE_BIN: given })), { ok: true, folders: [given] });
  });

  it("built before stand in for what is given nowhere", () => {
    const path = place("path", plugins);
    const env = environment([path]);
    const built = [placeBuilt("pulumi", env), placeBuilt(provider, env)];
    assert.deepEqual(find(env), { ok: true, folders: built });
  });

  it("built before stand in for an engine that is too old", () => {
    const path = place("path", ["pulumi", provider, ...plugins], "v3.249.9");
    const env = environment([path]);
    const built = placeBuilt("pulumi", env);
    assert.deepEqual(find(env), { ok: true, folders: [built] });
  });

  it("plugins in Node.js that are given nowhere are ours, and that is said", () => {
    const path = place("path", ["pulumi", provider, "pulumi-resource-command"]);
    const ours = join(findPackageRoot(), "dist/engine-tools/pulumi-language-nodejs");
    assert.deepEqual(find(environment([path])), { ok: true, folders: [ours] });
    assert.deepEqual(said, [
      "pulumi-language-nodejs: Pulumi's own is not on PATH; that of test/engine-tools takes its place.",
    ]);
  });

  for (const { title, names, version, missing } of [
    { title: "both", names: plugins, missing: "pulumi, pulumi-resource-kubernetes" },
    { title: "the provider", names: ["pulumi", ...plugins], missing: "pulumi-resource-kubernetes" },
    { title: "a new engine", names: ["pulumi", provider, ...plugins], version: "v3.1.0", missing: "pulumi" },
  ])
    it(`that cannot be built are named: ${title}`, () => {
      const path = place("path", names, version);
      const without = { ...environment([]), PATH: path };
      assert.deepEqual(find(without), {
        ok: false,
        why: `${missing} is neither in PALETTE_ENGINE_BIN nor on PATH, and Go is not on PATH`,
      });
    });
});
