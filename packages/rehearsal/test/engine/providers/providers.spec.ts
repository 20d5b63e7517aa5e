import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChart, readChart } from "../../../lib/engine/providers/chart.js";
import { formatGoString, runShell, type ShellRequest } from "../../../lib/engine/providers/shell.js";

describe("Charts", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "palette-charts-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("tell what they are by Chart.yaml or by their archive's name", () => {
    mkdirSync(join(folder, "charts/app"), { recursive: true });
    writeFileSync(
      join(folder, "charts/app/Chart.yaml"),
      'name: spectro-mgmt-plane\nversion: 4.7.20\nappVersion: "4.7.20"\n',
    );
    writeFileSync(join(folder, "charts/image-swap-v1.5.2-rc.1.tgz"), "");
    assert.deepEqual(readChart("charts/app", folder), {
      name: "spectro-mgmt-plane",
      version: "4.7.20",
      appVersion: "4.7.20",
    });
    assert.deepEqual(readChart("charts/image-swap-v1.5.2-rc.1.tgz", folder), {
      name: "image-swap",
      version: "1.5.2-rc.1",
      appVersion: "1.5.2-rc.1",
    });
  });

  it("that are not there, or are none, are named", () => {
    mkdirSync(join(folder, "empty"));
    writeFileSync(join(folder, "nameless.tgz"), "");
    assert.throws(() => readChart("charts/none", folder), { message: "path charts/none not found" });
    assert.throws(() => readChart("empty", folder), { message: "Chart.yaml file is missing in empty" });
    assert.throws(() => readChart("nameless.tgz", folder), {
      message: "nameless.tgz is not named <name>-<version>.tgz",
    });
  });

  it("are searched for an import in the program's folder, by name and version first", () => {
    assert.equal(findChart({ name: "app", version: "1.0.0" }, folder), "app");
    mkdirSync(join(folder, "app"));
    writeFileSync(join(folder, "app-1.0.0.tgz"), "");
    assert.equal(findChart({ name: "app", version: "1.0.0" }, folder), "app-1.0.0.tgz");
    assert.equal(findChart({ name: "app", version: "2.0.0" }, folder), "app");
  });
});

describe("A shell command", () => {
  const base: Omit<ShellRequest, "command"> = {
    interpreter: ["/bin/sh", "-c"],
    cwd: tmpdir(),
    environment: { PATH: process.env["PATH"], WORD: "x" },
    stdin: null,
    signal: new AbortController().signal,
    onStdout: () => undefined,
    onStderr: () => undefined,
  };

  it("returns both outputs, apart and together, and tells lines as they come", async () => {
    const lines: string[] = [];
    const result = await runShell({
      ...base,
      command: "echo $WORD; printf a; sleep 0.1; printf 'b\\n'; echo e >&2",
      onStdout: (line) => lines.push(line),
      onStderr: (line) => lines.push(`! ${line}`),
    });
    assert.deepEqual([result.stdout, result.stderr, result.failure], ["x\nab\n", "e\n", null]);
    assert.equal(result.output.length, "x\nab\ne\n".length);
    assert.deepEqual(lines.sort(), ["! e", "ab", "x"]);
  });

  it("gets its input, or none", async () => {
    assert.equal((await runShell({ ...base, command: "cat", stdin: "given" })).stdout, "given");
    assert.equal((await runShell({ ...base, command: "cat" })).stdout, "");
    assert.equal((await runShell({ ...base, command: "exit 0", stdin: "x".repeat(1_000_000) })).failure, null);
  });

  const failures: [title: string, request: Partial<ShellRequest>, failure: RegExp][] = [
    ["an exit code", { command: "exit 3" }, /^exit status 3$/],
    ["a signal", { command: "kill -9 $$" }, /^signal: killed$/],
    ["no such interpreter", { interpreter: ["/no/such"] }, /ENOENT/],
    ["no such folder", { cwd: "/no/such" }, /^chdir \/no\/such: no such file or directory$/],
    ["a signal that came before", { signal: AbortSignal.abort() }, /^signal: killed$/],
  ];
  for (const [title, request, failure] of failures) {
    it(`fails by ${title}`, async () =>
      assert.match((await runShell({ ...base, command: "true", ...request })).failure!, failure));
  }

  it("goes with all it started when the signal comes", async () => {
    const abort = new AbortController();
    const begun = performance.now();
    const running = runShell({ ...base, command: "sh -c 'sleep 20' & sleep 20", signal: abort.signal });
    setTimeout(() => abort.abort(), 100);
    assert.equal((await running).failure, "signal: killed");
    assert.ok(performance.now() - begun < 2000);
  });

  it("is quoted as Go does", () => {
    assert.equal(formatGoString('a "b" \\ \n\t\x01\x7f é'), '"a \\"b\\" \\\\ \\n\\t\\x01\\x7f é"');
  });
});
