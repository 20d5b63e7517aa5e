import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainTrouble } from "../../lib/engine/engine-faults.js";
import {
  findEngine,
  listEnginePlaces,
  type BrokenEngine,
  type EnginePlace,
  type FoundEngine,
} from "../../lib/engine/find-engine.js";

type Version = string | null | BrokenEngine;

function createPlaces(onPath: Version, packaged: Version = null, inHome: Version = null): EnginePlace[] {
  const versions: [where: string, root: string | null, version: Version][] = [
    ["on PATH", null, onPath],
    ["of the npm package", packagedRoot, packaged],
    ["in /home/ana/.pulumi/bin", "/home/ana/.pulumi", inHome],
  ];
  return versions.map(([where, root, version]) => ({
    where,
    find: () => Promise.resolve(typeof version === "string" ? { root, version } : version),
  }));
}

const packagedRoot = "/home/ana/.pulumi/versions/3.265.0";

describe("the engine", () => {
  const found: [title: string, places: EnginePlace[], engine: FoundEngine][] = [
    ["on PATH", createPlaces("v3.259.0", "v3.265.0", "v3.266.0"), { root: null, version: "3.259.0" }],
    ["just new enough", createPlaces("v3.250.0"), { root: null, version: "3.250.0" }],
    ["the npm package's", createPlaces(null, "v3.265.0", "v3.266.0"), { root: packagedRoot, version: "3.265.0" }],
    [
      "too old on PATH, the npm package's",
      createPlaces("v3.249.9", "v3.265.0"),
      { root: packagedRoot, version: "3.265.0" },
    ],
    [
      "in Pulumi's own folder, where those before it do not run",
      createPlaces({ problem: "panic: none" }, { problem: "pulumi: fetch failed" }, "v3.266.0"),
      { root: "/home/ana/.pulumi", version: "3.266.0" },
    ],
    [
      "in Pulumi's own folder alone",
      createPlaces(null, null, "v3.266.0"),
      { root: "/home/ana/.pulumi", version: "3.266.0" },
    ],
  ];
  for (const [title, places, engine] of found) {
    it(title, async () => assert.deepEqual(await findEngine(places), engine));
  }

  const refused: [title: string, places: EnginePlace[], code: string, message: string][] = [
    [
      "nowhere",
      createPlaces(null),
      "ENGINE_MISSING",
      "There is no Pulumi: neither on PATH nor of the npm package nor in /home/ana/.pulumi/bin.",
    ],
    [
      "there, and none runs",
      createPlaces({ problem: "panic: none" }, { problem: "pulumi: fetch failed" }),
      "ENGINE_MISSING",
      "There is no Pulumi that runs: the one on PATH failed (panic: none) and the one of the npm package failed (pulumi: fetch failed).",
    ],
    [
      "too old on PATH, and the npm package's cannot be fetched",
      createPlaces("v3.100.0", { problem: "pulumi: fetch failed" }),
      "ENGINE_TOO_OLD",
      "Pulumi 3.250.0 or newer is needed; found 3.100.0 on PATH and the one of the npm package failed (pulumi: fetch failed).",
    ],
    [
      "too old",
      createPlaces("v3.100.0"),
      "ENGINE_TOO_OLD",
      "Pulumi 3.250.0 or newer is needed; found 3.100.0 on PATH.",
    ],
    [
      "too old everywhere",
      createPlaces("v3.249.0", "v3.10.0", "v3.11.0"),
      "ENGINE_TOO_OLD",
      "Pulumi 3.250.0 or newer is needed; found 3.249.0 on PATH and 3.10.0 of the npm package and 3.11.0 in /home/ana/.pulumi/bin.",
    ],
    [
      "a pre-release of the oldest",
      createPlaces("v3.250.0-alpha.1"),
      "ENGINE_TOO_OLD",
      "Pulumi 3.250.0 or newer is needed; found 3.250.0-alpha.1 on PATH.",
    ],
  ];
  for (const [title, places, code, message] of refused) {
    it(`${title}: refused, with the commands that get it`, async () => {
      await assert.rejects(
        findEngine(places),
        (error: { code: string; exitCode: number; message: string; next: string }) => {
          assert.deepEqual([error.code, error.exitCode, error.message], [code, 2, message]);
          const start = message.includes(" failed (") ? "Correct what it says, or get it" : "Get it";
          assert.ok(error.next.startsWith(`${start} in one of these ways, then run the same command again:\n`));
          assert.match(error.next, /npm install --no-save pulumi@3/);
          return true;
        },
      );
    });
  }
});

describe("what the engine's command line says", () => {
  const cases: { said: string; code: string; message?: string; next: RegExp }[] = [
    {
      said: "error: no resource plugin 'pulumi-resource-kubernetes' found in the workspace at version v4.34.2 or on your $PATH",
      code: "ENGINE_INCOMPLETE",
      message: "Pulumi lacks its resource plugin kubernetes 4.34.2.",
      next: /pulumi plugin install resource kubernetes 4\.34\.2/,
    },
    {
      said: "error: no language plugin 'pulumi-language-nodejs' found in the workspace or on your $PATH",
      code: "ENGINE_INCOMPLETE",
      next: /release archive/,
    },
    {
      said: "error: Could not automatically download and install resource plugin 'pulumi-resource-command' at version v1.2.1, install the plugin using `pulumi plugin install resource command v1.2.1`: error downloading provider command to file: failed to download plugin: command-1.2.1: failed all 5 attempts",
      code: "ENGINE_INCOMPLETE",
      message: "Pulumi lacks its resource plugin command 1.2.1, and could not download it.",
      next: /pulumi plugin install resource command 1\.2\.1 \(without internet: --file/,
    },
    {
      said: "error: getting stack configuration: get stack secrets manager: unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open /srv/pass: no such file or directory",
      code: "ENGINE_PASSPHRASE",
      message:
        "The stack's secrets cannot be opened: unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open /srv/pass: no such file or directory.",
      next: /PULUMI_CONFIG_PASSPHRASE_FILE/,
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
  for (const { said, code, message, next } of cases) {
    it(said.slice(0, 70), () => {
      const error = explainTrouble(said);
      assert.equal(error?.code, code);
      if (message !== undefined) assert.equal(error.message, message);
      assert.match(error.next ?? "", next);
    });
  }

  it("anything else is left as it is", () => assert.equal(explainTrouble("error: update failed"), null));

  it("a plugin that is named, and not said to be missing, is left as it is", () =>
    assert.equal(explainTrouble("warning: no resource plugin 'pulumi-resource-command' was started here"), null));
});

describe("the places of the engine on this machine", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "find-engine-"));
    mkdirSync(join(folder, "node_modules", "pulumi"), { recursive: true });
    mkdirSync(join(folder, "home", "bin"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const find = (index: number): ReturnType<EnginePlace["find"]> =>
    listEnginePlaces(folder, { PULUMI_HOME: join(folder, "home") }, () => undefined)[index]!.find();

  it("PULUMI_HOME/bin, off PATH", async () => {
    assert.equal(await find(2), null);
    writeFileSync(join(folder, "home", "bin", "pulumi"), "#!/bin/sh\necho v3.266.0\n", { mode: 0o755 });
    assert.deepEqual(await find(2), { root: join(folder, "home"), version: "v3.266.0" });
  });

  const printed: [title: string, script: string, found: object][] = [
    [
      "a Pulumi that panics",
      'printf "panic: no regexp\\n\\ngoroutine 1 [running]:\\n" >&2; exit 2',
      { problem: "panic: no regexp" },
    ],
    ["one that only says a word", "echo Downloading >&2; echo broken >&2; exit 1", { problem: "broken" }],
    ["another program", "echo hello", { problem: "it prints no version" }],
  ];
  for (const [title, script, expected] of printed)
    it(`PULUMI_HOME/bin, ${title}`, async () => {
      writeFileSync(join(folder, "home", "bin", "pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      assert.deepEqual(await find(2), expected);
    });

  const fetches =
    'const { mkdirSync, writeFileSync } = require("node:fs"); const bin = process.env.PULUMI_HOME + "/versions/3.265.0/bin";' +
    'mkdirSync(bin, { recursive: true }); writeFileSync(bin + "/pulumi", "");';
  const packaged: [title: string, script: string, found: (root: string) => object | null][] = [
    [
      "cannot fetch it",
      'console.error("pulumi: fetch failed"); process.exit(1)',
      () => ({ problem: "pulumi: fetch failed" }),
    ],
    ["has fetched it", `${fetches} console.log("v3.265.0")`, (root) => ({ root, version: "v3.265.0" })],
    ["has put it into another folder: it is not taken", 'console.log("v3.265.0")', () => null],
  ];
  for (const [title, script, expected] of packaged)
    it(`the npm package ${title}`, async () => {
      const of = join(folder, "node_modules", "pulumi");
      writeFileSync(join(of, "package.json"), '{"version": "3.265.0", "bin": {"pulumi": "run.js"}}');
      writeFileSync(join(of, "run.js"), script);
      assert.deepEqual(await find(1), expected(join(folder, "home", "versions", "3.265.0")));
    });

  it("no npm package: none is found", async () => assert.equal(await find(1), null));

  for (const { title, text } of [
    { title: "empty", text: "" },
    { title: "cut off", text: '{"version": "3.2' },
  ]) {
    it(`the package.json of the npm package is ${title}: refused by the file's name, not taken for a package that is not there`, async () => {
      const file = join(folder, "node_modules", "pulumi", "package.json");
      writeFileSync(file, text);
      await assert.rejects(find(1), (error: Error) => error.message.includes(file));
    });
  }
});
