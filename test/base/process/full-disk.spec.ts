import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { nameFullDisk, replaceFile } from "../../../lib/base/process/full-disk.js";
import { reportProgress } from "../../../lib/gates/run/progress-file.js";
import { RehearsalWorkspace } from "../../../packages/rehearsal/lib/workspace.js";
import { folderOfTest } from "../../journal/folder-of-test.js";

const next = "Make room on it, then run the same command again: it goes on from what was written last.";

describe("a disk that is full", () => {
  const folder = folderOfTest();
  before(function () {
    if (existsSync("/dev/full")) return;
    process.stdout.write("      skipped: there is no /dev/full\n");
    this.skip();
  });

  const refusal = (named = folder.path()): object => ({
    code: "DISK_FULL",
    exitCode: 1,
    message: `The disk that holds ${named} is full: ENOSPC: no space left on device, write.`,
    next,
  });

  it("is named by the folder; the old text stays and nothing half written is left", () => {
    replaceFile(folder.path("state.json"), "old");
    symlinkSync("/dev/full", folder.path("state.json.tmp"));
    assert.throws(() => replaceFile(folder.path("state.json"), "new"), refusal());
    assert.deepEqual([readdirSync(folder.path()), readFileSync(folder.path("state.json"), "utf8")], [["state.json"], "old"]); // prettier-ignore
  });

  it("of a user whose quota is used up is named, too", () => {
    const used = Object.assign(new Error("EDQUOT: disk quota exceeded, write"), { code: "EDQUOT" });
    const write = (): void => {
      throw used;
    };
    const message = `The disk that holds /x is full: EDQUOT: disk quota exceeded, write.`;
    assert.throws(() => nameFullDisk("/x", write), { code: "DISK_FULL", message, cause: used });
  });

  it("another fault stays as it is", () => {
    assert.throws(() => replaceFile(folder.path("none/state.json"), ""), { code: "ENOENT" });
  });

  it("where it is not, the file has the new text, for this user alone", () => {
    for (const text of ["old", "new"]) replaceFile(folder.path("state.json"), text);
    assert.equal(readFileSync(folder.path("state.json"), "utf8"), "new");
    assert.deepEqual([statSync(folder.path("state.json")).mode & 0o777, readdirSync(folder.path())], [0o600, ["state.json"]]); // prettier-ignore
  });

  it("is named by a rehearsal: its record", () => {
    const rehearsal = folder.path("r");
    mkdirSync(rehearsal);
    symlinkSync("/dev/full", folder.path("r/rehearsal.json.tmp"));
    const input = { from: "4.1.12", to: "4.7.20", matrix: "m", strategy: "guideline", faults: [] };
    assert.throws(() => new RehearsalWorkspace(rehearsal).open(input, false), refusal(rehearsal));
  });

  it("is named by a gate that reports its progress", () => {
    symlinkSync("/dev/full", folder.path("progress.log"));
    const line = { gate: "window", when: "before", pcg: null, waiting: "opens in 5 min" } as const;
    assert.throws(() => reportProgress(folder.path("progress.log"), line), refusal());
    writeFileSync(folder.path("other.log"), "");
    reportProgress(folder.path("other.log"), line);
    assert.equal(readFileSync(folder.path("other.log"), "utf8"), `${JSON.stringify(line)}\n`);
  });
});
