import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../plan/fingerprint.js";
import { type JournalEntry } from "./types.js";

/** What stands in the place of a hash before the first entry. */
export const chainStart = "0".repeat(64);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** What the chain itself needs; an event of a later version of the tool is left as it is. */
const entrySchema = z.object({
  schemaVersion: z.literal(1),
  sequence: z.number().int().positive(),
  at: z.iso.datetime(),
  stack: z.string(),
  run: z.string(),
  actor: z.object({ user: z.string(), host: z.string(), ci: z.string().nullable() }),
  event: z.looseObject({ kind: z.string() }),
  previous: sha256,
  hash: sha256,
});

/** The entry with its hash. */
export function sealEntry(draft: Omit<JournalEntry, "hash">): JournalEntry {
  return { ...draft, hash: hashOf(draft) };
}

function hashOf(draft: Omit<JournalEntry, "hash">): string {
  return createHash("sha256").update(canonicalJson(draft)).digest("hex");
}

/** One entry as it is kept, without a line end. */
export function lineOf(entry: JournalEntry): string {
  return canonicalJson(entry);
}

/** Null for text that is no entry, or one whose hash is not its own. */
export function parseLine(line: string): JournalEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (!entrySchema.safeParse(value).success) return null;
  const { hash, ...draft } = value as JournalEntry;
  return hashOf(draft) === hash ? (value as JournalEntry) : null;
}

export interface ChainFault {
  /** Counted from 1. */
  line: number;
  message: string;
}

export interface ChainVerdict {
  entries: JournalEntry[];
  /** The first one: what stands behind it proves nothing. */
  fault: ChainFault | null;
}

/**
 * Checks each line's hash and its link to the one before. It cannot see that lines at the end were taken away: for that,
 * compare with a hash noted elsewhere (`journal verify --head`).
 */
export function verifyChain(lines: readonly string[]): ChainVerdict {
  const entries: JournalEntry[] = [];
  for (const [index, text] of lines.entries()) {
    const entry = parseLine(text);
    const message =
      entry === null ? `it is no entry, or was changed: ${excerpt(text)}` : linkFault(entry, entries.at(-1));
    if (message !== null) return { entries, fault: { line: index + 1, message } };
    entries.push(entry!);
  }
  return { entries, fault: null };
}

function linkFault(entry: JournalEntry, before: JournalEntry | undefined): string | null {
  const sequence = (before?.sequence ?? 0) + 1;
  if (entry.sequence !== sequence) {
    return `its number is ${entry.sequence}, expected ${sequence}: entries are missing or were put in`;
  }
  if (entry.previous !== (before?.hash ?? chainStart)) return "it is not chained to the entry before it";
  if (before !== undefined && entry.stack !== before.stack) {
    return `it is of stack ${entry.stack}, the ones before are of ${before.stack}`;
  }
  return null;
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
