import { createHash } from "node:crypto";
import * as z from "zod";
import { toCanonicalJson } from "../base/text/canonical-json.js";
import { type JournalEntry } from "./types.js";

/** The `previous` hash of the first entry. */
export const chainStart = "0".repeat(64);

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
/** Checks only what the chain needs; an event of a later version of the tool is kept unchanged. */
const entrySchema = z.object({
  schemaVersion: z.literal(1),
  sequence: z.number().int().positive(),
  at: z.iso.datetime(),
  stack: z.string(),
  run: z.string(),
  actor: z.object({ user: z.string(), host: z.string(), ci: z.string().nullable() }),
  event: z.looseObject({ kind: z.string() }),
  previous: sha256Schema,
  hash: sha256Schema,
});

/** Adds the hash to an entry. */
export function sealEntry(draft: Omit<JournalEntry, "hash">): JournalEntry {
  return { ...draft, hash: computeHash(draft) };
}

function computeHash(draft: Omit<JournalEntry, "hash">): string {
  return createHash("sha256").update(toCanonicalJson(draft)).digest("hex");
}

/** Formats an entry as it is stored, without a line break. */
export function formatLine(entry: JournalEntry): string {
  return toCanonicalJson(entry);
}

/** Parses a line; null if it is not an entry, its hash does not match, or it is written otherwise than entries are. */
export function parseLine(line: string): JournalEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (!entrySchema.safeParse(value).success) return null;
  const { hash, ...draft } = value as JournalEntry;
  const isUnchanged = computeHash(draft) === hash && toCanonicalJson(value) === line;
  return isUnchanged ? (value as JournalEntry) : null;
}

interface ChainFault {
  /** Counted from 1. */
  line: number;
  message: string;
}

export interface ChainVerdict {
  entries: JournalEntry[];
  /** The first fault; the lines after it are not verified. Null if the chain is valid. */
  fault: ChainFault | null;
}

/**
 * Verifies each line's hash and its link to the line before. It cannot detect that lines were removed at the end: for
 * that, compare with a hash noted elsewhere (`journal verify --head`).
 */
export function verifyChain(lines: readonly string[]): ChainVerdict {
  const entries: JournalEntry[] = [];
  for (const [index, text] of lines.entries()) {
    const entry = parseLine(text);
    const message =
      entry === null ? `it is no entry, or was changed: ${formatExcerpt(text)}` : findLinkFault(entry, entries.at(-1));
    if (message !== null) return { entries, fault: { line: index + 1, message } };
    entries.push(entry!);
  }
  return { entries, fault: null };
}

function findLinkFault(entry: JournalEntry, before: JournalEntry | undefined): string | null {
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

function formatExcerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
