import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkHelm, runHelm } from "../../../../lib/site/helm/command.js";

describe("a Helm client", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "palette-helm-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function program(text: string): string {
    const file = join(folder, "helm");
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  it("3.14.0 will do", async () => {
    assert.equal(await checkHelm(program("echo v3.14.0"), process.env), "3.14.0");
  });

  it("an older one is refused, and cannot be accepted", async () => {
    await assert.rejects(checkHelm(program("echo v3.13.3"), process.env), {
      code: "HELM_OLD",
      exitCode: 3,
      message:
        "Helm is 3.13.3; one older than 3.14.0 may delete namespace hubble-system in the middle of an upgrade, and MongoDB's data with it.",
    });
  });

  for (const [what, text] of [
    ["none", null],
    ["one that fails", "exit 1"],
    ["something else of that name", "echo hello"],
  ] as const) {
    it(`${what} is told plainly`, async () => {
      const file = text === null ? join(folder, "nothing") : program(text);
      await assert.rejects(checkHelm(file, process.env), { code: "HELM_MISSING", exitCode: 2 });
    });
  }

  it("gets values on its input, the kubeconfig by environment, and neither among its arguments", async () => {
    const client = {
      program: program('echo "$@"; echo "$KUBECONFIG"; cat; exit 3'),
      kubeconfig: "/k",
      environment: process.env,
    };
    const result = await runHelm(client, { arguments: ["upgrade", "--values", "-"], stdin: "secret" });
    assert.deepEqual([result.exitCode, result.stdout], [3, "upgrade --values -\n/k\nsecret"]);
  });

  it("is interrupted as by Ctrl-C when the run is", async () => {
    const client = {
      program: program("trap 'echo told; exit 7' INT; while :; do sleep 0.05; done"),
      kubeconfig: "/k",
      environment: process.env,
    };
    const interrupt = new AbortController();
    const running = runHelm(client, { arguments: [], signal: interrupt.signal });
    setTimeout(() => interrupt.abort(), 500);
    assert.deepEqual(await running.then(({ exitCode, stdout }) => [exitCode, stdout]), [7, "told\n"]);
  });
});
