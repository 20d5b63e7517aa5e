/** Single bytes of a journal changed: each change is noticed when the journal is read. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PaletteError } from "../../lib/base/errors/errors.js";
import { readVerifiedEntries } from "../../lib/journal/broken.js";
import { openFolderStore } from "../../lib/journal/folder-store.js";
import { createJournal } from "../../lib/journal/journal.js";
import { type JournalEvent } from "../../lib/journal/types.js";
import { ana, tickingClock } from "../../test/journal/entries.js";
import { createRandom, drawBelow, drawFrom, type Random } from "../../test/support/seeded-random.js";
import { type ProbeResult, requireCases, Tally } from "./result.js";

const stack = "prod";
const events: readonly JournalEvent[] = [
  { kind: "run-started", command: "up", target: "4.7.20", change: "CHG-1", matrix: { id: "m", sha256: "0".repeat(64) } },
  { kind: "update-started", step: "hop", from: "4.6.41", to: "4.7.20", fingerprint: null, chartDigests: { hubble: "ab" } },
  { kind: "note", code: "TEST", message: 'quoted "words", a line\nbreak, a bell \u0007, \u001b[31mred\u001b[0m, äöü, \u2028, 😀 \ufffd' },
  { kind: "act", act: "backup", hop: "4.6.41->4.7.20", outcome: "done", because: "of it", ticket: null, details: { a: "1" } },
  { kind: "update-ended", from: "4.6.41", to: "4.7.20", outcome: "succeeded", seconds: 1.5, refusals: [] },
  { kind: "run-ended", outcome: "done", exitCode: 0, seconds: 90 },
]; // prettier-ignore

/** Changes one byte of a journal, `cases` times: first every byte once, in any order. */
export async function probeJournal(cases: number, seed: number): Promise<ProbeResult> {
  const folder = mkdtempSync(join(tmpdir(), "palette-probe-"));
  const random = createRandom(seed);
  const tally = new Tally();
  try {
    const store = openFolderStore(folder, stack);
    const journal = createJournal(store, {
      stack,
      asideFolder: folder,
      actor: ana,
      run: "run-1",
      clock: tickingClock(),
    });
    for (const event of events) await journal.append(event);
    const whole = readFileSync(store.where);
    tally.count((await isNoticed(store)) ? "unchanged journals refused" : "unchanged journals taken");
    let places: number[] = [];
    for (; tally.cases < cases; tally.cases += 1) {
      if (places.length === 0) places = shuffle(whole.length, random);
      const at = places.pop()!;
      const changed = Buffer.from(whole);
      changed[at] = drawOther(whole[at]!, random);
      writeFileSync(store.where, changed);
      const how = `byte ${at} of ${whole.length} from ${whole[at]} to ${changed[at]}`;
      try {
        if (!(await isNoticed(store))) tally.fault("changes not noticed", how);
      } catch (error) {
        tally.fault("crashes", `${how}: ${String(error)}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    probe: "journal",
    measures: [
      requireCases(tally.cases, cases),
      tally.requireNone("changes not noticed"),
      tally.requireNone("crashes"),
      tally.requireSome("unchanged journals taken"),
    ],
    faults: tally.faults,
  };
}

/** Whether reading is refused, or says that the end is cut off. */
async function isNoticed(store: ReturnType<typeof openFolderStore>): Promise<boolean> {
  try {
    await readVerifiedEntries(store);
    return (await store.cutOffBytes()) > 0;
  } catch (error) {
    if (error instanceof PaletteError && error.code === "JOURNAL_BROKEN") return true;
    throw error;
  }
}

/** Another byte: any, or one that differs in a single bit, as between capitals and small letters. */
function drawOther(byte: number, random: Random): number {
  const any = (byte + 1 + drawBelow(random, 255)) % 256;
  return drawFrom(random, [any, byte ^ 0x20, byte ^ (1 << drawBelow(random, 8)), any]);
}

function shuffle(length: number, random: Random): number[] {
  return Array.from({ length }, (_, index) => ({ index, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ index }) => index);
}
