import assert from "node:assert/strict";
import fs, { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mock } from "node:test";
import { parseLine, verifyChain } from "../../lib/journal/chain.js";
import { openJournal } from "../../lib/journal/open.js";
import { type JournalEvent, type OpenJournal } from "../../lib/journal/types.js";
import { ana, tickingClock } from "../journal/entries.js";
import { folderOfTest } from "../journal/folder-of-test.js";
import { drive, moves, type Scene } from "./played-run.js";

const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
const broken = Object.assign(new Error("EIO: i/o error, fsync"), { code: "EIO" });

/** What reaches the disk, in its order, and what fails. */
class Disk {
  readonly log: string[] = [];
  /** Throws where the disk does not take it. */
  refuse: (what: string) => void = () => undefined;
  private readonly mocks = [
    mock.method(
      fs,
      "writeSync",
      this.wrap(fs.writeSync, ([, bytes]) => describeEntry(bytes)),
    ),
    mock.method(
      fs,
      "fsyncSync",
      this.wrap(fs.fsyncSync, () => "sync"),
    ),
    mock.method(
      fs,
      "writeFileSync",
      this.wrap(fs.writeFileSync, ([file]) => (isReserve(file) ? "room" : null)),
    ),
    mock.method(
      fs,
      "rmSync",
      this.wrap(fs.rmSync, ([file]) => (isReserve(file) && existsSync(file) ? "room given back" : null)),
    ),
  ];

  /** Calls the real function after the log, unless the disk refuses. */
  private wrap(real: (...args: never[]) => unknown, describe: (args: unknown[]) => string | null) {
    return (...args: unknown[]): unknown => {
      const what = describe(args);
      if (what !== null) {
        this.log.push(what);
        this.refuse(what);
      }
      return real(...(args as never[]));
    };
  }

  restore(): void {
    for (const each of this.mocks) each.mock.restore();
  }
}

function isReserve(file: unknown): file is string {
  return typeof file === "string" && file.endsWith(".reserve");
}

/** Other files (a lock, the reserve) are written by the same call. */
function describeEntry(bytes: unknown): string | null {
  const entry = parseLine(String(bytes).trimEnd());
  return entry === null ? null : `append ${entry.event.kind}`;
}

describe("nothing moves without a journal", () => {
  const folder = folderOfTest();
  const file = (): string => folder.path("journal/prod.jsonl");
  let disk: Disk;
  beforeEach(() => (disk = new Disk()));
  afterEach(() => disk.restore());

  /** One hop that moves a release, driven with a journal in a folder. */
  async function driveHop(scene: Partial<Scene> = {}) {
    const open = await openJournal(folder.path("journal"), { stack: "prod", actor: ana, clock: tickingClock() });
    const journal: Partial<OpenJournal> = {
      append: (event) => open.append(event),
      keep: (event) => open.keep(event),
      settle: () => open.settle(),
      reserveRoom: () => open.reserveRoom(),
      releaseRoom: () => open.releaseRoom(),
    };
    const onUp = (): void => void disk.log.push("the hop moves");
    return drive({ journal, onUp, up: { events: moves, run: {} }, ...scene });
  }

  function readEvents(): JournalEvent[] {
    const { entries, fault } = verifyChain(readFileSync(file(), "utf8").trimEnd().split("\n"));
    assert.equal(fault, null);
    return entries.map(({ event }) => event);
  }

  const kinds = (): string[] => readEvents().map(({ kind }) => kind);

  it("the entry that a hop is about to move is written, synced, and has room for its end, before it moves", async () => {
    let seen: unknown;
    const { result } = await driveHop({
      onUp: () => {
        disk.log.push("the hop moves");
        const last = readEvents().at(-1)!;
        seen = [last.kind, "to" in last && last.to, statSync(`${file()}.reserve`).size];
      },
    });
    assert.deepEqual([result.outcome, seen], ["done", ["update-started", "4.7.20", 1024 * 1024]]);
    const at = disk.log.indexOf("append update-started");
    assert.deepEqual(disk.log.slice(at, at + 8), [
      "append update-started",
      "sync",
      "room",
      "sync",
      "the hop moves",
      "room given back",
      "append update-ended",
      "sync",
    ]);
    assert.deepEqual(readdirSync(folder.path("journal")), ["prod.jsonl"]);
  });

  /** `kept`: what follows the entry that the run has started. */
  const refusals: [title: string, at: string, error: Error, kept: string[]][] = [
    ["a disk that takes no entry", "append update-started", full, ["run-ended"]],
    ["an entry that cannot be synced", "sync", broken, ["run-ended"]],
    ["a disk without room for the end", "room", full, ["update-started", "update-ended", "run-ended"]],
  ];
  for (const [title, at, error, kept] of refusals)
    it(`${title}: refused, and nothing moves`, async () => {
      let isNear = false;
      disk.refuse = (what) => {
        if (what === "append update-started") isNear = true;
        if (what === at && isNear) {
          disk.refuse = () => undefined;
          throw error;
        }
      };
      const { result } = await driveHop();
      assert.ok(!disk.log.includes("the hop moves"), disk.log.join(", "));
      assert.deepEqual(
        [result.outcome, result.exitCode, result.refusals.map(({ code, message }) => `${code}: ${message}`)],
        ["refused", 3, [`JOURNAL_UNWRITABLE: The journal ${file()} cannot be used: ${error.message}`]],
      );
      assert.deepEqual(kinds(), ["run-started", ...kept]);
      assert.ok(!existsSync(`${file()}.reserve`));
    });

  it("a disk that runs full while the hop moves takes its end in the room that was set aside", async () => {
    const { result } = await driveHop({
      onUp: () => {
        disk.log.push("the hop moves");
        disk.refuse = (what) => {
          if (what.startsWith("append") && existsSync(`${file()}.reserve`)) throw full;
        };
      },
    });
    assert.deepEqual([result.outcome, result.notes], ["done", []]);
    assert.deepEqual(kinds().slice(-3), ["update-started", "update-ended", "run-ended"]);
  });

  it("the disk stays full: the hop has moved, and its end is in a file beside and in the result", async () => {
    const { result } = await driveHop({
      onUp: () => {
        disk.refuse = (what) => {
          if (what.startsWith("append")) throw full;
        };
      },
    });
    assert.equal(result.outcome, "done");
    assert.match(result.notes.join("\n"), /^2 entries of this run are not in the journal /);
    assert.deepEqual(kinds().at(-1), "update-started");
  });
});
