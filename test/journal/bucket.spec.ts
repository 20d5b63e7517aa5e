import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { verifyChain } from "../../lib/journal/chain.js";
import { openJournalStore, openJournal } from "../../lib/journal/open.js";
import { type OpenJournal } from "../../lib/journal/types.js";
import { startBucket, type BucketServer } from "./bucket-server.js";
import { folderOfTest } from "./folder-of-test.js";
import { ana, note, tickingClock } from "./entries.js";

describe("journal in a bucket", () => {
  const folder = folderOfTest();
  let server: BucketServer;
  let pauses: number[];
  beforeEach(async () => {
    pauses = [];
    server = await startBucket();
  });
  afterEach(() => server.stop());

  function open(): Promise<OpenJournal> {
    return openJournal("s3://bucket/audit", {
      stack: "prod",
      actor: ana,
      clock: tickingClock(),
      environment: server.environment,
      projectDir: folder.path(),
      pause: (milliseconds) => Promise.resolve(void pauses.push(milliseconds)),
    });
  }

  it("keeps one object an entry, in order, over several runs and pages", async () => {
    const first = await open();
    for (const word of ["one", "two", "three"]) await first.append(note(word));
    assert.equal((await (await open()).append(note("four"))).sequence, 4);
    assert.deepEqual(
      [...server.objects.keys()].sort(),
      [1, 2, 3, 4].map((n) => `audit/prod/000000000${n}.json`),
    );
    const store = await openJournalStore("s3://bucket/audit", { stack: "prod", environment: server.environment });
    const { entries, fault } = verifyChain(await store.read());
    assert.deepEqual([entries.length, fault], [4, null]);
    assert.equal(store.where, "s3://bucket/audit/prod/");
  });

  it("two writers cannot fork the chain", async () => {
    const [one, other] = [await open(), await open()];
    await Promise.all([1, 2, 3, 4, 5].flatMap((n) => [one.append(note(`a${n}`)), other.append(note(`b${n}`))]));
    const store = await openJournalStore("s3://bucket/audit", { stack: "prod", environment: server.environment });
    const { entries, fault } = verifyChain(await store.read());
    assert.deepEqual([entries.length, fault], [10, null]);
  });

  it("an answer lost on its way is no second entry", async () => {
    const journal = await open();
    await journal.append(note("one"));
    let lost = 0;
    server.faults = [(method) => (method === "PUT" && lost++ === 0 ? "lost-answer" : null)];
    assert.equal((await journal.append(note("two"))).sequence, 2);
    assert.equal((await journal.append(note("three"))).sequence, 3);
    assert.equal(server.objects.size, 3);
  });

  it("an object changed in the middle refuses before anything is written, and names a new place", async () => {
    const journal = await open();
    const hashes: string[] = [];
    for (const word of ["one", "two", "three"]) hashes.push((await journal.append(note(word))).hash);
    const key = "audit/prod/0000000002.json";
    const whole = server.objects.get(key)!;
    server.objects.set(key, whole.replace("two", "2"));
    await assert.rejects(open(), {
      code: "JOURNAL_BROKEN",
      exitCode: 3,
      message: `The journal s3://bucket/audit/prod/ is broken at line 2: it is no entry, or was changed: ${JSON.stringify(`${whole.slice(0, 60)}…`)}.`,
      next: [
        `Nothing moves on a broken journal. Keep it is, as evidence, and note the last hash that holds, ${hashes[0]} (entry 1).`,
        `Leave its objects where they are, and name a new place: pulumi config set palette:journal s3://bucket/audit/after-${hashes[0]!.slice(0, 12)} --stack prod`,
        "Then run the same command again: it begins a new journal.",
      ].join("\n"),
    });
    assert.equal(server.objects.size, 3);
    server.objects.set(key, whole);
    assert.equal((await (await open()).append(note("four"))).sequence, 4, "the same journal, unchanged, goes on");
  });

  it("many entries are read in their order", async () => {
    const journal = await open();
    for (let n = 1; n <= 35; n += 1) await journal.append(note(String(n)));
    assert.deepEqual(
      (await (await open()).readEntries()).map(({ sequence }) => sequence),
      Array.from({ length: 35 }, (_, at) => at + 1),
    );
  });

  it("a store that overwrites in spite of If-None-Match is refused with the first entry", async () => {
    server.honoursConditions = false;
    await assert.rejects((await open()).append(note("one")), {
      code: "JOURNAL_UNWRITABLE",
      exitCode: 3,
      message: /overwrites objects in spite of If-None-Match/,
    });
  });

  it("a key that may not write is told without the key", async () => {
    server.faults = [(method) => (method === "PUT" ? 403 : null)];
    const error = await (await open()).append(note("one")).catch((thrown: unknown) => thrown as Error);
    assert.equal(
      (error as Error).message,
      "The journal in s3://bucket/audit cannot be used: the store answered 403 AccessDenied.",
    );
  });

  it("a wrong secret is told without the secret", async () => {
    server.environment.AWS_SECRET_ACCESS_KEY = "planted-wrong-secret";
    const error = (await open().catch((thrown: unknown) => thrown)) as Error;
    assert.match(error.message, /answered 403 SignatureDoesNotMatch/);
    assert.ok(!`${error.message}${error.stack}`.includes("planted"));
  });

  const passing: [title: string, fault: number | "cut" | "lost-answer"][] = [
    ["too many requests", 429],
    ["slow down", 503],
    ["an error of the server", 500],
    ["a gateway without an answer", 504],
    ["a body that came too slowly", 400],
    ["a write to the same key in progress", 409],
    ["a cut connection", "cut"],
    ["an answer that was lost", "lost-answer"],
  ];
  for (const [title, fault] of passing) {
    it(`${title} passes: every request is tried again, and each entry is stored once`, async () => {
      const asked = new Map<string, number>();
      server.faults = [
        (method, key) => {
          const times = (asked.get(`${method} ${key}`) ?? 0) + 1;
          asked.set(`${method} ${key}`, times);
          return times <= 2 ? fault : null;
        },
      ];
      const journal = await open();
      for (const word of ["one", "two"]) await journal.append(note(word));
      const entries = await journal.readEntries();
      assert.deepEqual(
        entries.map(({ event }) => event),
        [note("one"), note("two")],
      );
      assert.ok(pauses.length >= 4 && pauses.every((pause) => pause >= 125 && pause <= 15_000), pauses.join(" "));
    });
  }

  const lasting: [title: string, fault: number][] = [
    ["a key that is not allowed", 403],
    ["a method the store does not know", 405],
  ];
  for (const [title, fault] of lasting) {
    it(`${title} does not pass: it is not tried again`, async () => {
      const journal = await open();
      server.faults = [(method) => (method === "PUT" ? fault : null)];
      await assert.rejects(journal.append(note("one")), { code: "JOURNAL_UNWRITABLE" });
      assert.deepEqual(pauses, []);
    });
  }

  it("pauses double, eight attempts in all, and the last answer is given", async () => {
    const journal = await open();
    server.faults = [(method) => (method === "PUT" ? 503 : null)];
    await assert.rejects(journal.append(note("one")), {
      code: "JOURNAL_UNWRITABLE",
      exitCode: 3,
      message: "The journal in s3://bucket/audit cannot be used: the store answered 503 SlowDown.",
    });
    assert.equal(pauses.length, 7);
    pauses.forEach((pause, at) => {
      const whole = 250 * 2 ** at;
      assert.ok(pause >= Math.min(15_000, whole / 2) && pause <= whole, `pause ${at}: ${pause}`);
    });
  });

  it("what a store did not take stays in order before the next entry, with the time at which it happened", async () => {
    const journal = await open();
    await journal.append(note("one"));
    let down = true;
    server.faults = [(method) => (down && method === "PUT" ? 503 : null)];
    assert.equal(await journal.keep(note("two")), null);
    assert.equal(await journal.keep(note("three")), null);
    down = false;
    assert.equal((await journal.append(note("four"))).sequence, 4);
    const entries = await journal.readEntries();
    assert.deepEqual(
      entries.map(({ event }) => event),
      ["one", "two", "three", "four"].map(note),
    );
    const times = entries.map(({ at }) => at);
    assert.deepEqual(times, [...times].sort());
    assert.equal(new Set(times).size, 4);
    assert.equal(await journal.settle(), null);
    assert.equal(journal.head, entries.at(-1)!.hash);
  });

  it("what it never took is written to a file of this user beside the default journal, and said", async () => {
    const journal = await open();
    const { hash } = await journal.append(note("one"));
    server.faults = [(method) => (method === "PUT" ? 503 : null)];
    await Promise.all([journal.keep(note("two")), journal.keep(note("three"))]);
    await assert.rejects(journal.append(note("must not move")), { code: "JOURNAL_UNWRITABLE" });
    const unstored = (await journal.settle())!;
    const file = folder.path(`.palette/journal/prod.${encodeURIComponent(journal.run)}.unstored.jsonl`);
    assert.deepEqual(unstored, {
      count: 2,
      file,
      message: `2 entries of this run are not in the journal s3://bucket/audit/prod/: The journal in s3://bucket/audit cannot be used: the store answered 503 SlowDown. Keep ${file} with the journal: it holds what is missing.`,
    });
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      ["two", "three"].map((word, at) => ({
        at: `2026-11-20T10:00:0${at + 3}.000Z`,
        stack: "prod",
        run: journal.run,
        actor: ana,
        event: note(word),
      })),
    );
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(journal.head, hash);
    assert.equal(await journal.settle(), null, "said once");
  });

  it("a list of objects without an end is given up", async () => {
    server.isEndless = true;
    await assert.rejects(open(), {
      code: "JOURNAL_UNWRITABLE",
      exitCode: 3,
      message: "The journal in s3://bucket/audit cannot be used: its list of objects has no end (1000 pages).",
    });
  });

  it("a store that does not answer refuses", async () => {
    const journal = await open();
    await server.stop();
    await assert.rejects(journal.append(note("one")), { code: "JOURNAL_UNWRITABLE", exitCode: 3 });
  });
});
