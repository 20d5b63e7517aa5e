import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { putPulumiOnPath } from "./pulumi-folders.js";

const cases: [title: string, below: string[], found: string[]][] = [
  ["nothing is there", [], []],
  ["the command line", ["bin"], ["bin"]],
  [
    "plugins without a command line",
    ["plugins/resource-command-v1.2.1", "plugins/language-nodejs-v3.250.0"],
    ["plugins/language-nodejs-v3.250.0", "plugins/resource-command-v1.2.1"],
  ],
  [
    "two versions of a plugin: the newer",
    ["plugins/resource-kubernetes-v4.9.0", "plugins/resource-kubernetes-v4.34.2"],
    ["plugins/resource-kubernetes-v4.34.2"],
  ],
  [
    "what is no plugin is left out",
    ["plugins/resource-command", "plugins/resource-command-vnext", "plugins/tool-x-v1.0.0"],
    [],
  ],
];

describe("what Pulumi keeps itself", () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), "palette-home-"))));
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  for (const [title, below, found] of cases)
    it(`${title}, behind what is on PATH, once`, () => {
      for (const folder of below) mkdirSync(join(home, folder), { recursive: true });
      const environment: NodeJS.ProcessEnv = { PULUMI_HOME: home, PATH: ["/a", "/b"].join(delimiter) };
      putPulumiOnPath(environment);
      putPulumiOnPath(environment);
      assert.deepEqual(environment.PATH?.split(delimiter), ["/a", "/b", ...found.map((folder) => join(home, folder))]);
    });
});
