import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainTrouble } from "../../lib/engine/engine-faults.js";
import { createEngineSearch, findEngine, type FoundEngine } from "../../lib/engine/find-engine.js";

type Packaged = { root: string; version: string } | null;

function search(onPath: string | null, packaged: Packaged = null): Parameters<typeof findEngine>[0] {
  return { readPathVersion: () => Promise.resolve(onPath), findPackage: () => Promise.resolve(packaged) };
}

describe("the engine", () => {
  const packaged = { root: "/home/ana/.pulumi/versions/3.265.0", version: "v3.265.0" };
  const found: { title: string; onPath: string | null; packaged: Packaged; engine: FoundEngine }[] = [
    { title: "on PATH", onPath: "v3.259.0", packaged, engine: { root: null, version: "3.259.0" } },
    { title: "just new enough", onPath: "v3.250.0", packaged: null, engine: { root: null, version: "3.250.0" } },
    { title: "the npm package's", onPath: null, packaged, engine: { root: packaged.root, version: "3.265.0" } },
    {
      title: "too old on PATH, the npm package's",
      onPath: "v3.249.9",
      packaged,
      engine: { root: packaged.root, version: "3.265.0" },
    },
  ];
  for (const { title, onPath, packaged, engine } of found) {
    it(title, async () => assert.deepEqual(await findEngine(search(onPath, packaged)), engine));
  }

  const refused: { title: string; onPath: string | null; packaged: Packaged; code: string; message: string }[] = [
    {
      title: "neither",
      onPath: null,
      packaged: null,
      code: "ENGINE_MISSING",
      message: "There is no Pulumi on PATH, and no npm package pulumi beside this tool.",
    },
    {
      title: "too old",
      onPath: "v3.100.0",
      packaged: null,
      code: "ENGINE_TOO_OLD",
      message: "Pulumi 3.250.0 or newer is needed; found 3.100.0 on PATH.",
    },
    {
      title: "both too old",
      onPath: "v3.249.0",
      packaged: { root: "/x", version: "v3.10.0" },
      code: "ENGINE_TOO_OLD",
      message: "Pulumi 3.250.0 or newer is needed; found 3.249.0 on PATH and 3.10.0 of the npm package.",
    },
    {
      title: "a pre-release of the oldest",
      onPath: "v3.250.0-alpha.1",
      packaged: null,
      code: "ENGINE_TOO_OLD",
      message: "Pulumi 3.250.0 or newer is needed; found 3.250.0-alpha.1 on PATH.",
    },
  ];
  for (const { title, onPath, packaged, code, message } of refused) {
    it(`${title}: refused, with the commands that get it`, async () => {
      await assert.rejects(
        findEngine(search(onPath, packaged)),
        (error: { code: string; exitCode: number; message: string; next: string }) => {
          assert.deepEqual([error.code, error.exitCode, error.message], [code, 2, message]);
          assert.match(error.next, /npm install --no-save pulumi@3/);
          return true;
        },
      );
    });
  }
});

describe("what the engine's command line says", () => {
  const cases: { said: string; code: string; next: RegExp }[] = [
    {
      said: "error: no resource plugin 'pulumi-resource-kubernetes' found in the workspace at version v4.34.2 or on your $PATH",
      code: "ENGINE_INCOMPLETE",
      next: /pulumi plugin install resource kubernetes 4\.34\.2/,
    },
    {
      said: "error: no language plugin 'pulumi-language-nodejs' found in the workspace or on your $PATH",
      code: "ENGINE_INCOMPLETE",
      next: /release archive/,
    },
    {
      said: "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
      code: "ENGINE_PASSPHRASE",
      next: /PULUMI_CONFIG_PASSPHRASE_FILE/,
    },
    { said: "error: getting secrets manager: incorrect passphrase", code: "ENGINE_PASSPHRASE", next: /passphrase/ },
    {
      said: "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
      code: "ENGINE_BACKEND",
      next: /pulumi login/,
    },
    {
      said: "error: validating stack config: Stack 'prod' with configuration key 'checks' must be of type 'array<object>'",
      code: "SETTINGS_INVALID",
      next: /^Correct that key/,
    },
    { said: "pulumi was ended from outside by SIGKILL", code: "ENGINE_KILLED", next: /^Run the same command again/ },
    { said: "error: [409] Conflict: Another update is currently in progress.", code: "STACK_LOCKED", next: /Wait/ },
    { said: "error: the stack is currently locked by 1 lock(s). Either wait", code: "STACK_LOCKED", next: /Wait/ },
  ];
  for (const { said, code, next } of cases) {
    it(said.slice(0, 70), () => {
      const error = explainTrouble(said);
      assert.equal(error?.code, code);
      assert.match(error.next ?? "", next);
    });
  }

  it("anything else is left as it is", () => assert.equal(explainTrouble("error: update failed"), null));
});

describe("the npm package pulumi beside this tool", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "find-engine-"));
    mkdirSync(join(folder, "node_modules", "pulumi"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const findPackage = (): Promise<Packaged> => createEngineSearch(folder, {}, () => undefined).findPackage();

  it("is not there: none is found", async () => assert.equal(await findPackage(), null));

  for (const { title, text } of [
    { title: "empty", text: "" },
    { title: "cut off", text: '{"version": "3.2' },
  ]) {
    it(`its package.json is ${title}: refused by the file's name, not taken for a package that is not there`, async () => {
      const file = join(folder, "node_modules", "pulumi", "package.json");
      writeFileSync(file, text);
      await assert.rejects(findPackage(), (error: Error) => error.message.includes(file));
    });
  }
});
