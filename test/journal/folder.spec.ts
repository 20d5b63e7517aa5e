import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { type PaletteError } from "../../lib/base/errors/errors.js";
import { verifyChain } from "../../lib/journal/chain.js";
import { openFolderStore } from "../../lib/journal/folder-store.js";
import { openJournalStore, openJournal } from "../../lib/journal/open.js";
import { type OpenJournal } from "../../lib/journal/types.js";
import { folderOfTest } from "./folder-of-test.js";
import { ana, note, tickingClock } from "./entries.js";

const folder = folderOfTest();

function open(stack = "prod"): Promise<OpenJournal> {
  return openJournal(folder.path("journal"), { stack, actor: ana, clock: tickingClock() });
}

function file(): string {
  return folder.path("journal/prod.jsonl");
}

function lines(): string[] {
  return readFileSync(file(), "utf8").trimEnd().split("\n");
}

describe("journal in a folder", () => {
  it("chains each entry to the one before, over several runs", async () => {
    await (await open()).append(note("one"));
    const second = await open();
    const [two, three] = await Promise.all([second.append(note("two")), second.append(note("three"))]);
    assert.deepEqual([two.sequence, three.sequence, three.previous], [2, 3, two.hash]);
    assert.deepEqual(verifyChain(lines()).fault, null);
    assert.deepEqual(
      (await second.readEntries()).map(({ event }) => event),
      [note("one"), note("two"), note("three")],
    );
  });

  it("a stack's journal is its own", async () => {
    await (await open()).append(note("one"));
    const other = await (await open("organization/palette/dev")).append(note("dev"));
    assert.equal(other.sequence, 1);
    assert.deepEqual(readdirSync(folder.path("journal")).sort(), ["organization%2Fpalette%2Fdev.jsonl", "prod.jsonl"]);
  });

  it("a line cut off by a kill is kept aside, told, and the chain goes on", async () => {
    await (await open()).append(note("ä one"));
    appendFileSync(file(), '{"actor":{"ci":nul');
    const entry = await (await open()).append(note("two"));
    assert.equal(entry.sequence, 3);
    const { entries, fault } = verifyChain(lines());
    assert.equal(fault, null);
    const torn = entries[1]!.event;
    const aside = readdirSync(folder.path("journal")).find((name) => name.includes(".torn-"))!;
    assert.equal(readFileSync(folder.path("journal", aside), "utf8"), '{"actor":{"ci":nul');
    assert.ok(
      torn.kind === "note" && torn.code === "JOURNAL_TORN" && torn.message.includes(aside),
      JSON.stringify(torn),
    );
    assert.ok(torn.message.includes("(18 bytes"));
  });

  it("a last line that only lost its end is whole", async () => {
    await (await open()).append(note("ä one"));
    writeFileSync(file(), readFileSync(file(), "utf8").trimEnd());
    assert.deepEqual((await (await open()).readEntries()).length, 1);
    assert.equal((await (await open()).append(note("two"))).sequence, 2);
    assert.equal(verifyChain(lines()).fault, null);
  });

  it("cut anywhere, the whole lines before are kept and nothing is lost unseen", async () => {
    for (const word of ["one", "two ö", "three"]) await (await open()).append(note(word));
    const whole = readFileSync(file());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
        writeFileSync(file(), whole.subarray(0, length));
        await (await open()).append(note("after"));
        const { entries, fault } = verifyChain(lines());
        assert.equal(fault, null);
        const kept = whole.subarray(0, length).toString("latin1").split("\n").length - 1;
        assert.ok(entries.length >= kept + 1);
      }),
      { numRuns: 40 },
    );
  });

  it("a newest entry that was changed refuses: nothing is chained to it", async () => {
    await (await open()).append(note("one"));
    writeFileSync(file(), readFileSync(file(), "utf8").replace('"message":"one"', '"message":"two"'));
    await assert.rejects(open(), { code: "JOURNAL_BROKEN", exitCode: 3, message: /is broken at line 1: / });
  });

  it("a newest entry that was changed while the journal was open refuses", async () => {
    const journal = await open();
    await journal.append(note("one"));
    writeFileSync(file(), readFileSync(file(), "utf8").replace('"message":"one"', '"message":"two"'));
    await assert.rejects(journal.append(note("more")), {
      code: "JOURNAL_BROKEN",
      exitCode: 3,
      message: `The journal ${file()} is broken: its newest entry is no entry, or was changed.`,
    });
  });

  it("a line changed in the middle refuses when the journal is opened; the way it names begins a new one", async () => {
    const journal = await open();
    const one = await journal.append(note("one"));
    for (const word of ["two", "three"]) await journal.append(note(word));
    const whole = readFileSync(file(), "utf8");
    await open();
    const changed = whole.replace('"message":"two"', '"message":"2"');
    writeFileSync(file(), changed);
    const error = await open().then(
      () => assert.fail("it opened"),
      (thrown: unknown) => thrown as PaletteError,
    );
    assert.deepEqual([error.code, error.exitCode], ["JOURNAL_BROKEN", 3]);
    assert.equal(
      error.message,
      `The journal ${file()} is broken at line 2: it is no entry, or was changed: ${JSON.stringify(`${changed.split("\n")[1]!.slice(0, 60)}…`)}.`,
    );
    const aside = folder.path(`journal/broken-${one.hash.slice(0, 12)}`);
    const command = `mkdir '${aside}' && mv '${file()}' '${aside}'`;
    assert.deepEqual(error.next!.split("\n"), [
      `Nothing moves on a broken journal. Keep it is, as evidence, and note the last hash that holds, ${one.hash} (entry 1).`,
      `Put it aside: ${command}`,
      "Then run the same command again: it begins a new journal.",
    ]);
    assert.equal(readFileSync(file(), "utf8"), changed, "nothing was written");
    assert.equal(spawnSync("sh", ["-c", command]).status, 0);
    assert.equal((await (await open()).append(note("anew"))).sequence, 1);
    assert.equal(readFileSync(join(aside, "prod.jsonl"), "utf8"), changed);
  });

  it("a journal whose first line does not hold says so", async () => {
    mkdirSync(folder.path("journal"));
    writeFileSync(file(), "hello\n");
    const error = await open().then(
      () => assert.fail("it opened"),
      (thrown: unknown) => thrown as PaletteError,
    );
    assert.match(error.next!, /note that no entry of it holds\.\nPut it aside: mkdir '.*\/broken-line-1' && mv /);
  });

  it("a command that it names holds for a folder with a quote in its name", () => {
    const store = openFolderStore(folder.path("it's"), "prod");
    mkdirSync(folder.path("it's"));
    writeFileSync(store.where, "hello\n");
    assert.equal(spawnSync("sh", ["-c", store.describeRestart("x").replace("Put it aside: ", "")]).status, 0);
    assert.equal(readFileSync(folder.path("it's/broken-x/prod.jsonl"), "utf8"), "hello\n");
  });

  const tails: { title: string; tail: string; bytes: number }[] = [
    { title: "cut off within a letter of two bytes", tail: '{"a":"\u00e4', bytes: 7 },
    { title: "nothing behind the last line's end", tail: "", bytes: 0 },
  ];
  for (const { title, tail, bytes } of tails) {
    it(`${title}: ${bytes} bytes are counted as cut off`, async () => {
      await (await open()).append(note("one"));
      appendFileSync(file(), Buffer.from(tail).subarray(0, bytes));
      const store = await openJournalStore(folder.path("journal"), { stack: "prod" });
      assert.deepEqual([await store.cutOffBytes(), (await store.read()).length], [bytes, 1]);
    });
  }

  it("a folder that cannot be made refuses", async () => {
    writeFileSync(folder.path("file"), "");
    const journal = await openJournal(folder.path("file/journal"), {
      stack: "prod",
      actor: ana,
      clock: tickingClock(),
    });
    await assert.rejects(journal.append(note("one")), { code: "JOURNAL_UNWRITABLE", exitCode: 3 });
  });

  it("a file that is a folder refuses", async () => {
    mkdirSync(file(), { recursive: true });
    chmodSync(folder.path("journal"), 0o700);
    await assert.rejects(open(), { code: "JOURNAL_UNWRITABLE" });
  });

  it("writers of several processes take turns: no fork, no entry lost", async () => {
    const code = `
      const { openFolderStore } = require(${JSON.stringify(join(__dirname, "../../lib/journal/folder-store.ts"))});
      const { createJournal } = require(${JSON.stringify(join(__dirname, "../../lib/journal/journal.ts"))});
      const clock = { now: async () => new Date(), sleep: async () => {} };
      const journal = createJournal(openFolderStore(process.argv[1], "prod"), { stack: "prod", actor: { user: "u", host: "h", ci: null }, run: process.argv[2], clock });
      (async () => { for (let i = 0; i < 15; i++) await journal.append({ kind: "note", code: "N", message: String(i) }); })();
    `;
    const running = ["a", "b"].map(
      (name) =>
        new Promise<number | null>((resolve) => {
          const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", code, folder.path("journal"), name], {
            cwd: join(__dirname, "../.."),
            stdio: "inherit",
          });
          child.on("exit", resolve);
        }),
    );
    assert.deepEqual(await Promise.all(running), [0, 0]);
    const { entries, fault } = verifyChain(lines());
    assert.deepEqual([entries.length, fault], [30, null]);
  });

  it("another stack's journal, put in this one's place, is refused", async () => {
    await (await open("staging")).append(note("one"));
    renameSync(folder.path("journal/staging.jsonl"), file());
    await assert.rejects(open(), {
      code: "JOURNAL_OTHER_STACK",
      exitCode: 3,
      message: `The journal ${file()} is of stack staging, expected prod.`,
    });
  });

  const clocks: [title: string, now: string, refused: boolean][] = [
    ["six years back", "2020-11-20T10:00:00.000Z", true],
    ["two hours back", "2026-11-20T08:00:00.000Z", true],
    ["half an hour back, as machines differ", "2026-11-20T09:30:00.000Z", false],
  ];
  for (const [title, now, refused] of clocks) {
    it(`a clock ${title} is ${refused ? "refused" : "accepted"}`, async () => {
      await (await open()).append(note("one"));
      const opened = openJournal(folder.path("journal"), { stack: "prod", actor: ana, clock: tickingClock(now) });
      if (!refused) return assert.doesNotReject(opened);
      await assert.rejects(opened, {
        code: "CLOCK_BEHIND_JOURNAL",
        exitCode: 3,
        message: `The clock says ${now.replace(":00.000Z", ":01.000Z")}, and the newest entry of the journal ${file()} is of 2026-11-20T10:00:02.000Z.`,
      });
    });
  }

  it("the default place is .palette/journal below the project", async () => {
    const store = await openJournalStore("", { stack: "prod", projectDir: folder.path("project") });
    assert.equal(store.where, folder.path("project/.palette/journal/prod.jsonl"));
  });

  it("an address that is no bucket is refused", async () => {
    await assert.rejects(openJournalStore("ftp://host/x", { stack: "prod" }), {
      code: "JOURNAL_LOCATION",
      exitCode: 2,
      message: 'palette:journal: "ftp://host/x" is no place a journal can be kept in.',
    });
  });
});
