import { randomBytes } from "node:crypto";
import { isAbsolute, resolve } from "node:path";
import { InvalidInputError } from "../errors.js";
import { type Clock } from "../site/clock.js";
import { folderStore } from "./folder-store.js";
import { journalOver } from "./journal.js";
import { type JournalStore } from "./store.js";
import { type Actor, type OpenJournal } from "./types.js";

export const defaultJournal = ".palette/journal";

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
 * The journal of one stack at `palette:journal`: a folder or `s3://bucket/prefix`; empty means `.palette/journal`. Nothing is
 * written before the first `append`.
 *
 * @throws InvalidInputError `JOURNAL_LOCATION` for a place it cannot be kept in.
 */
export async function openJournal(location: string, options: OpenJournalOptions): Promise<OpenJournal> {
  const { stack, actor, clock } = options;
  return journalOver(await journalStore(location, options), { stack, actor, clock, run: await runName(clock) });
}

/** The store behind `openJournal`, for reading and verifying what is kept. */
export async function journalStore(
  location: string,
  { stack, projectDir = process.cwd(), environment = process.env }: Omit<OpenJournalOptions, "actor" | "clock">,
): Promise<JournalStore> {
  const place = location === "" ? defaultJournal : location;
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(place)) {
    if (!place.startsWith("s3://")) {
      throw new InvalidInputError(
        "JOURNAL_LOCATION",
        `palette:journal: "${place}" is no place a journal can be kept in.`,
        {
          next: "Name a folder or s3://bucket/prefix (any S3-compatible store, by AWS_ENDPOINT_URL).",
        },
      );
    }
    const { bucketStore } = await import("./bucket-store.js");
    return bucketStore(place, stack, environment);
  }
  return folderStore(isAbsolute(place) ? place : resolve(projectDir, place), stack);
}

async function runName(clock: Clock): Promise<string> {
  return `${(await clock.now()).toISOString().replace(/\.\d+Z$/, "Z")}-${randomBytes(3).toString("hex")}`;
}
