import { RefusedError } from "../base/errors/errors.js";
import { randomBytes } from "node:crypto";
import { isAbsolute, resolve } from "node:path";
import { type Actor } from "../gates/consent/actor.js";
import { type Clock } from "../base/time/clock.js";
import { readVerifiedEntries } from "./broken.js";
import { openFolderStore } from "./folder-store.js";
import { createJournal } from "./journal.js";
import { defaultJournal, parseLocation } from "./location.js";
import { type JournalStore } from "./store.js";
import { type JournalEntry, type OpenJournal } from "./types.js";

interface OpenJournalOptions {
  stack: string;
  actor: Actor;
  clock: Clock;
  /** Base of a relative folder. Default: the working directory. */
  projectDir?: string;
  /** Default: that of this process. The credentials of a bucket are read from it. */
  environment?: NodeJS.ProcessEnv;
  /** Waits between two attempts at a bucket; tests replace it. */
  pause?: (milliseconds: number) => Promise<unknown>;
}

/**
 * Opens the journal of one stack at `palette:journal`: a folder or `s3://bucket/prefix`; empty means
 * `.palette/journal`. All its entries are verified once, here; nothing is written before the first `append`.
 *
 * @throws InvalidInputError `JOURNAL_LOCATION` for an unsupported location; RefusedError `JOURNAL_BROKEN`,
 * `JOURNAL_UNWRITABLE`, `JOURNAL_OTHER_STACK`, `CLOCK_BEHIND_JOURNAL`.
 */
export async function openJournal(location: string, options: OpenJournalOptions): Promise<OpenJournal> {
  const { stack, actor, clock } = options;
  const store = await openJournalStore(location, options);
  const newest = (await readVerifiedEntries(store)).at(-1);
  if (newest !== undefined) refuseForeignJournal(store, newest, stack, await clock.now());
  const asideFolder = resolveFolder(options.projectDir, getLocalFolder(location));
  return createJournal(store, { stack, actor, clock, run: await createRunName(clock), asideFolder });
}

/** Machines that write to one journal may differ a little. */
const clockToleranceMilliseconds = 60 * 60 * 1000;

function refuseForeignJournal(store: JournalStore, newest: JournalEntry, stack: string, now: Date): void {
  if (newest.stack !== stack) {
    throw new RefusedError(
      "JOURNAL_OTHER_STACK",
      `The journal ${store.where} is of stack ${newest.stack}, expected ${stack}.`,
      {
        next: "Each stack has a journal of its own: put it back to where it belongs, or set palette:journal to another place.",
      },
    );
  }
  if (now.getTime() < Date.parse(newest.at) - clockToleranceMilliseconds) {
    throw new RefusedError(
      "CLOCK_BEHIND_JOURNAL",
      `The clock says ${now.toISOString()}, and the newest entry of the journal ${store.where} is of ${newest.at}.`,
      {
        next: "Windows, acceptances and promotions are judged by this clock: set it right, then run the same command again.",
      },
    );
  }
}

/** Opens the store behind `openJournal`, to read and verify the entries. */
export async function openJournalStore(
  location: string,
  { stack, projectDir, environment = process.env, pause }: Omit<OpenJournalOptions, "actor" | "clock">,
): Promise<JournalStore> {
  const parsed = parseLocation(location);
  if (parsed.kind === "bucket") {
    const { openBucketStore } = await import("./bucket-store.js");
    return openBucketStore(parsed, stack, environment, { ...(pause && { pause }) });
  }
  return openFolderStore(resolveFolder(projectDir, parsed.path), stack);
}

/** What a bucket does not take is written to where the journal is by default. */
function getLocalFolder(location: string): string {
  const parsed = parseLocation(location);
  return parsed.kind === "folder" ? parsed.path : defaultJournal;
}

function resolveFolder(projectDir: string = process.cwd(), path: string): string {
  return isAbsolute(path) ? path : resolve(projectDir, path);
}

async function createRunName(clock: Clock): Promise<string> {
  return `${(await clock.now()).toISOString().replace(/\.\d+Z$/, "Z")}-${randomBytes(3).toString("hex")}`;
}
