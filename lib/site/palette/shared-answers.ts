import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { createLockFile } from "../../base/process/lock-file.js";
import { type Clock } from "../../base/time/clock.js";
import { type TenantApi } from "../types.js";
import { appliedProfilesSchema, overlordListSchema } from "./shared-shapes.js";

/** Environment entry naming the folder of one engine run in which its gates share what Palette answered; absent: none. */
export const sharedAnswersVariable = "PALETTE_SHARED_ANSWERS";

/** Who is asked, and by whom: an answer serves nobody else. */
export interface Asked {
  /** Private, of this run only. */
  folder: string;
  host: string;
  tenant: string;
  /** Secret: part of the entry's name, as a digest, and never of its content. */
  apiKey: string;
  clock: Clock;
}

/** An answer that is older, by the site's clock, serves nobody. */
const oldestSeconds = 10;
/** Real time for which another process's request is awaited before this one asks itself. */
const longestWaitMs = 20_000;
const pollMs = 200;

/**
 * Lets the gates of one run, each a process of its own, share what a tenant's API answered in the last seconds. Only
 * what holds no values of profiles is kept. A client never gets one answer twice, so that two samples of a gate are two
 * answers of the API.
 */
export function shareAnswers(api: TenantApi, asked: Asked): TenantApi {
  const used = new Set<string>();
  const share = <T>(call: string, schema: z.ZodType<T>, ask: () => Promise<T>): Promise<T> =>
    shareAnswer({ ...asked, call, used }, schema, ask);
  return {
    ...api,
    overlords: () => share("overlords", overlordListSchema, () => api.overlords()),
    platformUpdatesPaused: () => share("platformUpdatesPaused", z.boolean(), () => api.platformUpdatesPaused()),
    clusterUpdatesPaused: (uid) =>
      share(`clusterUpdatesPaused ${uid}`, z.boolean().nullable(), () => api.clusterUpdatesPaused(uid)),
    pendingProfileUpdates: (uid) =>
      share(`pendingProfileUpdates ${uid}`, z.array(z.string()), () => api.pendingProfileUpdates(uid)),
    appliedProfiles: (uid) => share(`appliedProfiles ${uid}`, appliedProfilesSchema, () => api.appliedProfiles(uid)),
  };
}

interface SharedCall extends Asked {
  call: string;
  /** Entries that this client has used, by name and time. */
  used: Set<string>;
}

async function shareAnswer<T>(shared: SharedCall, schema: z.ZodType<T>, ask: () => Promise<T>): Promise<T> {
  const file = join(shared.folder, nameEntry(shared));
  const lock = `${file}.lock`;
  mkdirSync(shared.folder, { recursive: true, mode: 0o700 });
  const give = (entry: { at: string; value: T }): T => {
    shared.used.add(`${file} ${entry.at}`);
    return entry.value;
  };
  for (const until = performance.now() + longestWaitMs; performance.now() < until;) {
    const kept = await readEntry(file, shared, schema);
    if (kept !== null) return give(kept);
    if (createLockFile(lock)) {
      try {
        const entry = { at: (await shared.clock.now()).toISOString(), value: await ask() };
        writeEntry(file, shared, entry);
        return give(entry);
      } finally {
        rmSync(lock, { force: true });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  // Whoever asks has not ended in time, or was killed.
  rmSync(lock, { force: true });
  return ask();
}

function nameEntry({ folder, host, tenant, apiKey, call }: SharedCall): string {
  const parts = JSON.stringify([folder, host, tenant, apiKey, call]);
  return `${createHash("sha256").update(parts).digest("hex")}.json`;
}

const entrySchema = z.object({
  host: z.string(),
  tenant: z.string(),
  call: z.string(),
  at: z.string(),
  value: z.unknown(),
});

/** Reads an entry that may still be used; null for none, for one of somebody else, and for one that cannot be read. */
async function readEntry<T>(
  file: string,
  { host, tenant, call, clock, used }: SharedCall,
  schema: z.ZodType<T>,
): Promise<{ at: string; value: T } | null> {
  const text = readPrivateFile(file);
  if (text === null) return null;
  const entry = entrySchema.safeParse(parseJson(text)).data;
  if (entry === undefined || entry.host !== host || entry.tenant !== tenant || entry.call !== call) return null;
  const age = ((await clock.now()).getTime() - Date.parse(entry.at)) / 1000;
  if (!(age >= 0 && age <= oldestSeconds) || used.has(`${file} ${entry.at}`)) return null;
  const value = schema.safeParse(entry.value);
  return value.success ? { at: entry.at, value: value.data } : null;
}

/** Reads a file only if it is its user's alone. */
function readPrivateFile(file: string): string | null {
  try {
    const found = lstatSync(file, { throwIfNoEntry: false });
    const isPrivate = found !== undefined && (found.mode & 0o170077) === 0o100000 && found.uid === process.getuid?.();
    return isPrivate ? readFileSync(file, "utf8") : null;
  } catch {
    return null;
  }
}

function writeEntry(file: string, { host, tenant, call }: SharedCall, entry: { at: string; value: unknown }): void {
  const temporary = `${file}.${process.pid}`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, JSON.stringify({ host, tenant, call, ...entry }), { mode: 0o600, flag: "wx" });
  renameSync(temporary, file);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
