import assert from "node:assert/strict";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { reportProgress } from "../../lib/gates/run/progress-file.js";
import { createRunFiles } from "../../lib/driver/run-files.js";

describe("files of a run", () => {
  it("what engine, program and gates leave in their temporary folder is readable by nobody else, and goes with the run", () => {
    const files = createRunFiles();
    const { TMPDIR: folder = "" } = files.environment;
    assert.deepEqual(
      [folder, dirname(folder)].map((each) => statSync(each).mode & 0o777),
      [0o700, 0o700],
    );
    writeFileSync(join(folder, "kubeconfig1"), "token: planted");
    files.dispose();
    assert.ok(!existsSync(dirname(folder)));
  });

  it("what gates share of Palette's answers is private, and goes before each run of the engine", () => {
    const files = createRunFiles();
    const folder = files.environment["PALETTE_SHARED_ANSWERS"]!;
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    writeFileSync(join(folder, "x.json"), "{}");
    files.clear();
    assert.ok(existsSync(folder) && !existsSync(join(folder, "x.json")));
    files.dispose();
    assert.ok(!existsSync(folder));
  });

  it("what gates report, texts of the site among it, is readable by nobody else", () => {
    const files = createRunFiles();
    reportProgress(files.progress, { gate: "window", when: "before", pcg: null, waiting: "opens in 5 min" });
    assert.equal(statSync(files.progress).mode & 0o777, 0o600);
    files.dispose();
  });

  it("two runs do not share it", () => {
    const [one, other] = [createRunFiles(), createRunFiles()];
    assert.notEqual(one.environment.TMPDIR, other.environment.TMPDIR);
    one.dispose();
    assert.ok(existsSync(other.environment.TMPDIR!));
    other.dispose();
  });
});
