import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProject, readStackConfig } from "../../lib/engine/project.js";

describe("A project's files", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "palette-project-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

  it("tell name, place and how the program is run", () => {
    write(
      "Pulumi.yaml",
      "name: palette\nmain: program\nruntime: { name: nodejs, options: { typescript: false, nodeargs: --max-old-space-size=512  --trace-warnings } }\n",
    );
    assert.deepEqual(readProject(folder), {
      name: "palette",
      programDirectory: join(folder, "program"),
      typescript: false,
      nodeArguments: ["--max-old-space-size=512", "--trace-warnings"],
    });
    write("Pulumi.yaml", "name: palette\nruntime: nodejs\n");
    assert.deepEqual(readProject(folder), {
      name: "palette",
      programDirectory: folder,
      typescript: true,
      nodeArguments: [],
    });
  });

  it("give defaults, values over them, names with and without the project's", () => {
    write(
      "Pulumi.yaml",
      "name: palette\nruntime: nodejs\nconfig:\n  plain: word\n  edition: { type: string, default: palette }\n  via: { type: array, items: { type: string }, default: [] }\n  fixed: { value: 3 }\n  needed: { type: string }\n",
    );
    write(
      "Pulumi.dev.yaml",
      'config:\n  palette:target: "4.10"\n  edition: vertex\n  palette:unquoted: 4.10\n  other:deep: { a: [1] }\n  palette:on: true\n',
    );
    const values = Object.fromEntries(
      Object.entries(readStackConfig(folder, "dev")).map(([key, { value, secret }]) => [key, secret ? null : value]),
    );
    assert.deepEqual(values, {
      "palette:plain": "word",
      "palette:edition": "vertex",
      "palette:via": "[]",
      "palette:fixed": "3",
      "palette:target": "4.10",
      "palette:unquoted": "4.1",
      "other:deep": '{"a":[1]}',
      "palette:on": "true",
    });
    assert.deepEqual(Object.keys(readStackConfig(folder, "none")), [
      "palette:plain",
      "palette:edition",
      "palette:via",
      "palette:fixed",
    ]);
  });

  it("are refused when they cannot be used", () => {
    assert.throws(() => readProject(folder), {
      code: "PROJECT_INVALID",
      message: `There is no Pulumi.yaml in ${folder}.`,
    });
    write("Pulumi.yaml", "name: x\nruntime: python\n");
    assert.throws(() => readProject(folder), {
      code: "PROJECT_INVALID",
      message: /has runtime python; this engine runs nodejs only/,
    });
    write("Pulumi.yaml", "name: [\n");
    assert.throws(() => readProject(folder), { code: "PROJECT_INVALID", message: /Pulumi.yaml cannot be used: / });
    write("Pulumi.yaml", "name: x\nruntime: nodejs\n");
    write("Pulumi.dev.yaml", "config:\n  x:list:\n    - key: { secure: v1:abc }\n");
    assert.throws(() => readStackConfig(folder, "dev"), {
      code: "CONFIG_ENCRYPTED",
      message: /^x:list in .*Pulumi.dev.yaml is encrypted for Pulumi/,
    });
  });
});
