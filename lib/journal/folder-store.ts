import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { getErrorMessage, NotNowError, PaletteError, RefusedError } from "../base/errors/errors.js";
import { acquireLock, type Lock } from "../base/process/process-lock.js";
import { parseLine } from "./chain.js";
import { type JournalStore, type TornTail } from "./store.js";

const lockAttempts = 100;
const lockPauseMilliseconds = 50;
const chunkBytes = 64 * 1024;
/** More than the entries that end an update, with every gate's report, have ever needed. */
const reserveBytes = 1024 * 1024;

/** Opens a store in one file of JSON lines, `<folder>/<stack>.jsonl`; a lock file beside it serializes writers. */
export function openFolderStore(folder: string, stack: string): JournalStore {
  const file = join(folder, `${encodeURIComponent(stack)}.jsonl`);
  return {
    where: file,
    read: () => Promise.resolve(guard(file, () => readLines(file).lines)),
    cutOffBytes: () => Promise.resolve(guard(file, () => readLines(file).cutOffBytes)),
    describeRestart: (mark) => {
      const aside = quoteForShell(join(folder, `broken-${mark}`));
      return `Put it aside: mkdir ${aside} && mv ${quoteForShell(file)} ${aside}`;
    },
    readLast: () => Promise.resolve(guard(file, () => readLastLine(file))),
    put: async (sequence, line) => {
      const lock = await acquireWriteLock(file);
      try {
        return guard(file, () => putLine(file, sequence, line));
      } finally {
        lock.release();
      }
    },
    reserveRoom: () => guard(file, () => writeReserve(`${file}.reserve`)),
    releaseRoom: () => rmSync(`${file}.reserve`, { force: true }),
  };
}

/** Writes a file of the size that the last entries of an update may need, so that a disk that runs full has room. */
function writeReserve(reserveFile: string): void {
  mkdirSync(dirname(reserveFile), { recursive: true, mode: 0o700 });
  rmSync(reserveFile, { force: true });
  writeFileSync(reserveFile, randomBytes(reserveBytes), { mode: 0o600, flag: "wx", flush: true });
}

/** Reads the whole lines. A last line without a line break counts as whole if it is a valid entry. */
function readLines(file: string): { lines: string[]; cutOffBytes: number } {
  if (!existsSync(file)) return { lines: [], cutOffBytes: 0 };
  const raw = readFileSync(file, "latin1").split("\n");
  const tail = raw.pop() ?? "";
  const lines = raw.map(decodeLine);
  const last = decodeLine(tail);
  return parseLine(last) === null ? { lines, cutOffBytes: tail.length } : { lines: [...lines, last], cutOffBytes: 0 };
}

/**
 * Decodes a line that was read as one character per byte (latin1). Bytes that are no UTF-8 stay as they are: decoded, all
 * such would read the same.
 */
function decodeLine(line: string): string {
  const bytes = Buffer.from(line, "latin1");
  const text = bytes.toString("utf8");
  return Buffer.from(text).equals(bytes) ? text : line;
}

function quoteForShell(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

function putLine(file: string, sequence: number, line: string): "kept" | "taken" | TornTail {
  const isNew = !existsSync(file);
  const descriptor = openSync(file, "a+", 0o600);
  try {
    const torn = repairTail(file, descriptor);
    if (torn !== null) return torn;
    const last = readLastLine(file);
    const lastSequence = last === null ? 0 : (parseLine(last)?.sequence ?? null);
    if (lastSequence === null || lastSequence + 1 !== sequence) return "taken";
    appendWhole(descriptor, `${line}\n`);
  } finally {
    closeSync(descriptor);
  }
  if (isNew) syncFolder(dirname(file));
  return "kept";
}

/** Appends all or nothing: a disk that is full takes the beginning of a line and reports only how much. */
function appendWhole(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  const size = fstatSync(descriptor).size;
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  } catch (error) {
    ftruncateSync(descriptor, size);
    throw error;
  }
}

/** Repairs a last line without a line break: adds it if the line is a valid entry, else moves the bytes to a file. */
function repairTail(file: string, descriptor: number): TornTail | null {
  const text = readTail(descriptor);
  if (text.length === 0 || text.endsWith("\n")) return null;
  const tail = text.slice(text.lastIndexOf("\n") + 1);
  const bytes = Buffer.from(tail, "latin1");
  if (parseLine(decodeLine(tail)) !== null) {
    writeSync(descriptor, "\n");
    fsyncSync(descriptor);
    return null;
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const keptAs = `${file}.torn-${sha256.slice(0, 12)}`;
  writeFileSync(keptAs, bytes, { mode: 0o600, flush: true });
  ftruncateSync(descriptor, fstatSync(descriptor).size - bytes.length);
  fsyncSync(descriptor);
  return { bytes: bytes.length, sha256, keptAs };
}

function readLastLine(file: string): string | null {
  if (!existsSync(file)) return null;
  const descriptor = openSync(file, "r");
  try {
    const lines = readTail(descriptor).split("\n").map(decodeLine);
    const tail = lines.pop() ?? "";
    return parseLine(tail) === null ? (lines.pop() ?? null) : tail;
  } finally {
    closeSync(descriptor);
  }
}

/** Reads the end of a file, at least its last whole line and what follows it, one character per byte (latin1). */
function readTail(descriptor: number): string {
  const size = fstatSync(descriptor).size;
  for (let length = Math.min(size, chunkBytes); ; length = Math.min(size, length * 2)) {
    const buffer = Buffer.alloc(length);
    readSync(descriptor, buffer, 0, length, size - length);
    const text = buffer.toString("latin1");
    const lines = text.split("\n").length - 1;
    if (length === size) return text;
    if (lines >= 2) return text.slice(text.indexOf("\n") + 1);
  }
}

async function acquireWriteLock(file: string): Promise<Lock> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return guard(file, () => {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        return acquireLock(file);
      });
    } catch (error) {
      if (!(error instanceof NotNowError) || attempt === lockAttempts) throw createUnwritableError(file, error);
      await pause(lockPauseMilliseconds);
    }
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function guard<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof PaletteError ? error : createUnwritableError(file, error);
  }
}

function createUnwritableError(file: string, cause: unknown): RefusedError {
  if (cause instanceof RefusedError) return cause;
  return new RefusedError("JOURNAL_UNWRITABLE", `The journal ${file} cannot be used: ${getErrorMessage(cause)}`, {
    next: "Nothing moves without a journal: fix it, or set palette:journal to a folder or bucket that can be written.",
    cause,
  });
}
