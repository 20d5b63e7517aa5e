import assert from "node:assert/strict";
import fs, { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mock } from "node:test";
import { verifyChain } from "../../lib/journal/chain.js";
import { openJournal } from "../../lib/journal/open.js";
import { type OpenJournal } from "../../lib/journal/types.js";
import { ana, note, tickingClock } from "./entries.js";
import { folderOfTest } from "./folder-of-test.js";

const folder = folderOfTest();

function open(): Promise<OpenJournal> {
  return openJournal(folder.path("journal"), { stack: "prod", actor: ana, clock: tickingClock() });
}

function file(): string {
  return folder.path("journal/prod.jsonl");
}

function lines(): string[] {
  return readFileSync(file(), "utf8").trimEnd().split("\n");
}

describe("journal on a disk that runs full", () => {
  it("a disk that runs full takes no half entry; room set aside before lets the last ones in", async () => {
    const journal = await open();
    await journal.append(note("one"));
    journal.reserveRoom();
    const reserve = `${file()}.reserve`;
    assert.deepEqual([statSync(reserve).size, statSync(reserve).mode & 0o777], [1024 * 1024, 0o600]);
    const full = new Error("ENOSPC: no space left on device, write");
    // As a disk does: the beginning of a line is taken, then nothing.
    const { writeSync } = fs;
    const write = mock.method(fs, "writeSync", (descriptor: number, bytes: Buffer, at = 0) => {
      if (!existsSync(reserve)) return writeSync(descriptor, bytes, at);
      if (at > 0) throw full;
      return writeSync(descriptor, bytes, 0, 10);
    });
    try {
      assert.equal(await journal.keep(note("two")), null);
      await assert.rejects(journal.append(note("about to move")), {
        code: "JOURNAL_UNWRITABLE",
        exitCode: 3,
        message: `The journal ${file()} cannot be used: ENOSPC: no space left on device, write`,
      });
      assert.equal(lines().length, 1, "no half line");
      journal.releaseRoom();
      assert.equal((await journal.keep(note("three")))!.sequence, 3);
    } finally {
      write.mock.restore();
    }
    assert.equal(await journal.settle(), null);
    const { entries, fault } = verifyChain(lines());
    assert.deepEqual([fault, ...entries.map(({ event }) => event)], [null, ...["one", "two", "three"].map(note)]);
    assert.deepEqual(readdirSync(folder.path("journal")), ["prod.jsonl"]);
  });

  it("a write that takes only part of a line is continued", async () => {
    const { writeSync } = fs;
    const write = mock.method(fs, "writeSync", (descriptor: number, bytes: Buffer, at = 0) =>
      writeSync(descriptor, bytes, at, Math.min(7, bytes.length - at)),
    );
    try {
      await (await open()).append(note("one"));
    } finally {
      write.mock.restore();
    }
    assert.equal(verifyChain(lines()).entries.length, 1);
  });

  it("room that cannot be set aside refuses", async () => {
    const journal = await open();
    mkdirSync(`${file()}.reserve/x`, { recursive: true });
    assert.throws(() => journal.reserveRoom(), { code: "JOURNAL_UNWRITABLE", exitCode: 3 });
  });

  it("what could be written neither to the journal nor to a file is in the message", async () => {
    writeFileSync(folder.path("file"), "");
    const temporary = process.env.TMPDIR;
    process.env.TMPDIR = folder.path("file");
    try {
      const journal = await openJournal(folder.path("file/journal"), {
        stack: "prod",
        actor: ana,
        clock: tickingClock(),
      });
      assert.equal(await journal.keep(note("one")), null);
      const { count, file: aside, message } = (await journal.settle())!;
      assert.deepEqual([count, aside], [1, null]);
      assert.match(
        message,
        /^1 entry of this run is not in the journal .*\. No file could be written either; this is what happened:\n\{"at":.*"message":"one"\}\}$/s,
      );
    } finally {
      if (temporary === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = temporary;
    }
  });
});
