import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getErrorMessage } from "../base/errors/errors.js";
import { type Actor } from "../gates/consent/actor.js";
import { type JournalEvent, type UnstoredEvents } from "./types.js";

interface AsideContext {
  stack: string;
  actor: Actor;
  run: string;
  asideFolder: string;
  /** The journal, for messages. */
  where: string;
  cause: unknown;
}

/** Writes events that a journal did not take to a file, one JSON line each: in its folder, else in the temporary one. */
export function setEventsAside(
  events: readonly { event: JournalEvent; at: Date }[],
  { stack, actor, run, asideFolder, where, cause }: AsideContext,
): UnstoredEvents {
  const lines = events.map(({ event, at }) => `${JSON.stringify({ at, stack, run, actor, event })}\n`).join("");
  const name = `${encodeURIComponent(stack)}.${encodeURIComponent(run)}.unstored.jsonl`;
  const file = tryWrite(asideFolder, name, lines) ?? tryWrite(tmpdir(), name, lines);
  const subject = events.length === 1 ? "1 entry of this run is" : `${events.length} entries of this run are`;
  const place =
    file === null
      ? `No file could be written either; this is what happened:\n${lines.trimEnd()}`
      : `Keep ${file} with the journal: it holds what is missing.`;
  return {
    count: events.length,
    file,
    message: `${subject} not in the journal ${where}: ${getErrorMessage(cause).replace(/\.$/, "")}. ${place}`,
  };
}

function tryWrite(folder: string, name: string, text: string): string | null {
  const file = join(folder, name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600, flag: "wx", flush: true });
    return file;
  } catch {
    return null;
  }
}
