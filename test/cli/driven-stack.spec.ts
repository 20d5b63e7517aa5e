import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { PassThrough } from "node:stream";
import { Output } from "../../lib/base/process/output.js";
import { runActCommand } from "../../lib/cli/act-command.js";
import { runPreviewCommand } from "../../lib/cli/preview-command.js";
import { runStatusCommand } from "../../lib/cli/status/status-command.js";
import { runUpCommand, type UpShell } from "../../lib/cli/up/up-command.js";
import { openJournal } from "../../lib/journal/open.js";
import { type PreviewReport } from "../../lib/program/preview/report.js";
import { acquireLock } from "../../lib/base/process/process-lock.js";
import { getDriverLockPath } from "../../lib/driver/driver-lock.js";
import { stackAccess } from "../driver/stack-access.js";
import { type StackStatus } from "../../lib/driver/status.js";
import { folderOfTest } from "../journal/folder-of-test.js";
import { ana, note, tickingClock } from "../journal/entries.js";

const since = "2026-11-21T10:00:00.000Z";

/** A stack whose engine only tells that it was asked. */
describe("a stack's journal and driver, as its commands see them", () => {
  const folder = folderOfTest();
  let asked: string[] = [];

  function shell(journal = ""): UpShell & { width: undefined } {
    asked = [];
    const run = (what: string) => (): never => {
      asked.push(what);
      throw new Error(`the engine was asked for ${what}`);
    };
    const stack = stackAccess({
      projectDir: folder.path(),
      engine: { outputs: () => Promise.resolve({}), preview: run("preview"), up: run("up") },
      config: () =>
        Promise.resolve({
          values: {
            "palette:target": "4.7.20",
            "palette:matrix": "palette-kubernetes-4.7.20",
            "palette:clusterIdentifier": "prod",
            "palette:kubernetes": JSON.stringify({ kubeconfig: folder.path("no-kubeconfig") }),
            "palette:journal": journal,
          },
          secretKeys: [],
        }),
      lockHolder: () => Promise.resolve(null),
    });
    return {
      openStack: () => Promise.resolve(stack),
      environment: {},
      clock: tickingClock(),
      host: hostname(),
      say: () => undefined,
      output: new Output(new PassThrough() as unknown as NodeJS.WriteStream),
      colour: false,
      width: undefined,
      isTerminal: false,
      signal: new AbortController().signal,
    };
  }

  const file = (): string => folder.path(".palette/journal/prod.jsonl");

  async function journalOf(change: (text: string) => string): Promise<void> {
    const journal = await openJournal("", {
      stack: "prod",
      actor: ana,
      clock: tickingClock(),
      projectDir: folder.path(),
    });
    for (const word of ["one", "two", "three"]) await journal.append(note(word));
    writeFileSync(file(), change(readFileSync(file(), "utf8")));
  }

  const tampered = (text: string): string => text.replace('"message":"two"', '"message":"2"');
  const up = (journal = ""): Promise<unknown> =>
    runUpCommand({ stack: "prod", yes: true, output: "json" }, shell(journal));
  const status = async (journal = ""): Promise<{ json: StackStatus; text: string }> => ({
    json: JSON.parse((await runStatusCommand({ stack: "prod", output: "json" }, shell(journal))).text) as StackStatus,
    text: (await runStatusCommand({ stack: "prod", output: "text" }, shell(journal))).text,
  });

  it("up refuses on a tampered journal before the engine is asked and anything is written", async () => {
    await journalOf(tampered);
    const before = readFileSync(file(), "utf8");
    await assert.rejects(up(), { code: "JOURNAL_BROKEN", exitCode: 3, message: /prod\.jsonl is broken at line 2: / });
    assert.deepEqual([asked, readFileSync(file(), "utf8")], [[], before]);
  });

  it("negative twin: on the journal as it was written, up goes on to the engine", async () => {
    await journalOf((text) => text);
    await up();
    assert.deepEqual(asked, ["preview"]);
  });

  it("an act refuses on a tampered journal before it connects to the site", async () => {
    await journalOf(tampered);
    const options = {
      stack: "prod",
      hop: "4.7.27->4.8.8",
      because: "x",
      yes: true,
      option: [],
      output: "text" as const,
    };
    const around = { environment: {}, stack: shell(), ask: null };
    const signal = new AbortController().signal;
    await assert.rejects(runActCommand("backup", options, { ...around, signal, say: () => undefined }), {
      code: "JOURNAL_BROKEN",
      exitCode: 3,
    });
  });

  it("status tells a tampered journal, and that up would refuse", async () => {
    await journalOf(tampered);
    const { json, text } = await status();
    assert.equal(json.journal.fault?.code, "JOURNAL_BROKEN");
    assert.equal(json.next, null);
    assert.deepEqual(json.journal.entries.length, 2, "the tampered entry is none");
    assert.match(text, /prod\.jsonl is broken at line 2: it is no entry, or was changed/);
    assert.match(text, /What it holds, as it stands there:\n.*one\n.*three/);
  });

  it("status of a whole journal finds no fault", async () => {
    await journalOf((text) => text);
    const { json, text } = await status();
    assert.deepEqual([json.journal.fault, json.journal.entries.length], [null, 3]);
    assert.ok(!text.includes("JOURNAL_"), text);
  });

  it("status of a journal in a place that is none names it", async () => {
    const { json, text } = await status("gs://audit");
    assert.deepEqual([json.journal.where, json.journal.fault?.code], ["gs://audit", "JOURNAL_LOCATION"]);
    assert.ok(!text.includes("nothing yet"), text);
  });

  for (const gatesOnly of [false, true]) {
    it(`preview${gatesOnly ? " --gates-only" : ""} refuses a place that is none as up does, and asks no engine`, async () => {
      const message = 'palette:journal: "gs://audit" is no place a journal can be kept in.';
      const options = { stack: "prod", gatesOnly, warningsAsExitCode: false, output: "json" as const };
      const { text, exitCode } = await runPreviewCommand(options, shell("gs://audit"));
      const { refusal } = JSON.parse(text) as PreviewReport;
      assert.deepEqual([refusal?.code, refusal?.message, exitCode, asked], ["JOURNAL_LOCATION", message, 2, []]);
      await assert.rejects(up("gs://audit"), { code: "JOURNAL_LOCATION", message, exitCode: 2 });
    });
  }

  it("negative twin: a bucket to which there is no key here passes a preview, which goes on to the engine", async () => {
    const options = { stack: "prod", gatesOnly: false, warningsAsExitCode: false, output: "json" as const };
    await assert.rejects(runPreviewCommand(options, shell("s3://audit/x")), /the engine was asked for preview/);
  });

  it("status tells which process of this machine drives the stack, and leaves its lock", async () => {
    assert.equal((await status()).json.driver, null);
    const where = getDriverLockPath({ projectDir: folder.path(), name: "prod" });
    const lock = acquireLock(where, new Date(since));
    const { json, text } = await status();
    assert.deepEqual(json.driver, { process: process.pid, host: hostname(), since });
    assert.match(
      text,
      new RegExp(`\\n  driver     process ${process.pid} on \\S+ since ${since}; "up" refuses until it has ended\\n`),
    );
    await assert.rejects(up(), {
      code: "STACK_LOCKED",
      exitCode: 5,
      message: new RegExp(`^Stack prod is driven already, by process ${process.pid} on \\S+ since ${since}\\.$`),
    });
    lock.release();
    const after = await status();
    assert.deepEqual([after.json.driver, after.text.includes("\n  driver")], [null, false]);
  });

  function leaveLock(text: string): string {
    const where = `${getDriverLockPath({ projectDir: folder.path(), name: "prod" })}.lock`;
    mkdirSync(folder.path(".palette"), { recursive: true });
    writeFileSync(where, text);
    return where;
  }

  it("a lock that a killed driver left is no driver", async () => {
    leaveLock(JSON.stringify({ pid: process.pid, begun: "1", host: hostname(), since }));
    const { json } = await status();
    assert.deepEqual([json.driver, json.notice], [null, null]);
  });

  it("a driver of another machine that shares the folder is told, with what cannot be seen from here", async () => {
    const where = leaveLock(JSON.stringify({ pid: 7, begun: "1", host: "elsewhere", since }));
    const { json } = await status();
    assert.deepEqual(json.driver, { process: 7, host: "elsewhere", since });
    assert.equal(
      json.notice,
      `Whether process 7 on elsewhere still lives cannot be seen from here: look there. Only where it is gone, delete ${where}.`,
    );
  });

  it("a lock that cannot be read is told", async () => {
    const where = leaveLock("{");
    assert.equal(
      (await status()).json.notice,
      `Whether an "up" drives this stack cannot be determined: ${where} cannot be read. Only where none does, delete it.`,
    );
  });
});
