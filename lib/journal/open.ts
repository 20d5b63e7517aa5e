import { randomBytes } from "node:crypto";
import { isAbsolute, resolve } from "node:path";
import { type Actor } from "../gates/consent/actor-type.js";
import { type Clock } from "../base/time/clock.js";
import { readVerifiedEntries } from "./broken.js";
import { openFolderStore } from "./folder-store.js";
import { createJournal } from "./journal.js";
import { parseLocation } from "./location.js";
import { type JournalStore } from "./store.js";
import { type OpenJournal } from "./types.js";

export interface OpenJournalOptions {
  stack: string;
  actor: Actor;
  clock: Clock;
  /** Base of a relative folder. Default: the working directory. */
  projectDir?: string;
  /** Default: that of this process. The credentials of a bucket are read from it. */
  environment?: NodeJS.ProcessEnv;
}

/**
 * Opens the journal of one stack at `palette:journal`: a folder or `s3://bucket/prefix`; empty means
 * `.palette/journal`. All its entries are verified once, here; nothing is written before the first `append`.
 *
 * @throws InvalidInputError `JOURNAL_LOCATION` for an unsupported location; RefusedError `JOURNAL_BROKEN`,
 * `JOURNAL_UNWRITABLE`.
 */
export async function openJournal(location: string, options: OpenJournalOptions): Promise<OpenJournal> {
  const { stack, actor, clock } = options;
  const store = await openJournalStore(location, options);
  await readVerifiedEntries(store);
  return createJournal(store, { stack, actor, clock, run: await createRunName(clock) });
}

/** Opens the store behind `openJournal`, to read and verify the entries. */
export async function openJournalStore(
  location: string,
  { stack, projectDir = process.cwd(), environment = process.env }: Omit<OpenJournalOptions, "actor" | "clock">,
): Promise<JournalStore> {
  const parsed = parseLocation(location);
  if (parsed.kind === "bucket") {
    const { openBucketStore } = await import("./bucket-store.js");
    return openBucketStore(parsed, stack, environment);
  }
  const { path } = parsed;
  return openFolderStore(isAbsolute(path) ? path : resolve(projectDir, path), stack);
}

async function createRunName(clock: Clock): Promise<string> {
  return `${(await clock.now()).toISOString().replace(/\.\d+Z$/, "Z")}-${randomBytes(3).toString("hex")}`;
}
