import assert from "node:assert/strict";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { createStackShell } from "../../lib/cli/stack-session.js";
import { checkStackFile, listSecrets } from "../../lib/settings/stack-file.js";
import { folderOfTest } from "../journal/folder-of-test.js";

const path = "Pulumi.prod.yaml";
const whole = "v1:AAAAAAAAAAAAAAAA:aGVsbG8gd29ybGQhIQ==";

describe("a stack's file that is broken is refused with file and line, exit 2", () => {
  const broken: [title: string, text: string, line: number, what: string][] = [
    ["a tab before a key", "config:\n\tpalette:target: planted\n", 2, "a tab stands where YAML takes only spaces"],
    [
      "a tab below a key",
      "config:\n  palette:charts:\n\t\tlocation: planted\n",
      3,
      "a tab stands where YAML takes only spaces",
    ],
    [
      "a key twice",
      'config:\n  palette:target: "4.6.41"\n  palette:matrix: m\n  palette:target: planted\n',
      4,
      "a key stands there twice",
    ],
    ["config twice", "config:\n  a: b\nconfig:\n  c: planted\n", 3, "a key stands there twice"],
    ["a bracket that is never closed", "config:\n  palette:tenants: [planted\n", 3, "it is not YAML"],
    ["a second scalar", "config: a\nplanted\n", 2, "it is not YAML"],
    [
      "a secret without its end",
      `config:\n  palette:secrets:\n    mongoUri:\n      secure: ${whole.slice(0, -3)}\n`,
      4,
      "the secret there is cut off or was changed",
    ],
    ["a secret that is none", "config:\n  a:\n    secure: planted!\n", 3, "the secret there is cut off or was changed"],
    [
      "a secret without its nonce's end",
      "config:\n  a:\n    secure: v1:AAA:aGVsbG8=\n",
      3,
      "the secret there is cut off or was changed",
    ],
    ["an empty secret", 'config:\n  a:\n    secure: ""\n', 3, "the secret there is cut off or was changed"],
  ];
  for (const [title, text, line, what] of broken)
    it(title, () =>
      assert.throws(() => checkStackFile({ path, text }), {
        code: "STACK_FILE_INVALID",
        exitCode: 2,
        message: `${path}, line ${line}: ${what}.`,
        next: "Correct that line, then run the same command again.",
      }),
    );

  const good: [title: string, text: string][] = [
    ["an empty file", ""],
    ["a merge key", "a: &a { x: 1 }\nb:\n  <<: *a\n  x: 2\n"],
    ["a tab within a value", 'config:\n  a: "x\ty"\n'],
    ["a secret of a passphrase", `config:\n  a:\n    secure: ${whole}\n`],
    ["a secret of Pulumi's service", "config:\n  a:\n    secure: AAABANzq8YbQ/+g=\n"],
    [
      "a Helm value that is called secure",
      "config:\n  a:\n    secure: yes, please\n    port: 443\n  b:\n    secure: true\n",
    ],
  ];
  for (const [title, text] of good)
    it(`negative twin: ${title}`, () => assert.doesNotThrow(() => checkStackFile({ path, text })));

  it("secrets are listed with their lines", () => {
    const text = `config:\n  a:\n    secure: ${whole}\n  b: 1\n  c:\n    - d:\n        secure: ${whole}\n`;
    assert.deepEqual(
      listSecrets({ path, text }).map(({ line }) => line),
      [3, 7],
    );
  });

  describe("by every command about a stack", () => {
    const folder = folderOfTest();
    const workingDir = process.cwd();
    afterEach(() => process.chdir(workingDir));

    it("before any engine is looked for", async () => {
      const project = folder.path("project");
      mkdirSync(project);
      writeFileSync(folder.path("project/Pulumi.yaml"), "name: palette\nruntime: nodejs\n");
      writeFileSync(folder.path(`project/${path}`), "config:\n\tpalette:target: 4.7.20\n");
      process.chdir(project);
      await assert.rejects(
        createStackShell({ PATH: "/nowhere", PULUMI_HOME: "/nowhere" }).openStack("acme/palette/prod"),
        {
          code: "STACK_FILE_INVALID",
          exitCode: 2,
          message: `${realpathSync(project)}/${path}, line 2: a tab stands where YAML takes only spaces.`,
        },
      );
    });
  });
});
