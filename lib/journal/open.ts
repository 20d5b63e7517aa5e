import { randomBytes } from "node:crypto";
import { isAbsolute, resolve } from "node:path";
import { type Clock } from "../site/clock.js";
import { heldEntries } from "./broken.js";
import { folderStore } from "./folder-store.js";
import { journalOver } from "./journal.js";
import { parseLocation } from "./location.js";
import { type JournalStore } from "./store.js";
import { type Actor, type OpenJournal } from "./types.js";

export interface OpenJournalOptions {
  stack: string;
  actor: Actor;
  clock: Clock;
  /** What a relative folder is relative to. Default: the working directory. */
  projectDir?: string;
  /** Default: the process's own; credentials of a bucket are read from it. */
  environment?: NodeJS.ProcessEnv;
}

/**
 * The journal of one stack at `palette:journal`: a folder or `s3://bucket/prefix`; empty means `.palette/journal`. All that it
 * holds is verified here, once; nothing is written before the first `append`.
 *
 * @throws InvalidInputError `JOURNAL_LOCATION` for a place it cannot be kept in; RefusedError `JOURNAL_BROKEN`,
 * `JOURNAL_UNWRITABLE`.
 */
export async function openJournal(location: string, options: OpenJournalOptions): Promise<OpenJournal> {
  const { stack, actor, clock } = options;
  const store = await journalStore(location, options);
  await heldEntries(store);
  return journalOver(store, { stack, actor, clock, run: await runName(clock) });
}

/** The store behind `openJournal`, for reading and verifying what is kept. */
export async function journalStore(
  location: string,
  { stack, projectDir = process.cwd(), environment = process.env }: Omit<OpenJournalOptions, "actor" | "clock">,
): Promise<JournalStore> {
  const place = parseLocation(location);
  if (place.kind === "bucket") {
    const { bucketStore } = await import("./bucket-store.js");
    return bucketStore(place, stack, environment);
  }
  const { path } = place;
  return folderStore(isAbsolute(path) ? path : resolve(projectDir, path), stack);
}

async function runName(clock: Clock): Promise<string> {
  return `${(await clock.now()).toISOString().replace(/\.\d+Z$/, "Z")}-${randomBytes(3).toString("hex")}`;
}
