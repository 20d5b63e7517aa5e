import { type JournalContext } from "../../lib/journal/journal.js";
import { type JournalEvent } from "../../lib/journal/types.js";

/** A clock that goes a second further with each look. */
export function tickingClock(start = "2026-11-20T10:00:00.000Z"): JournalContext["clock"] {
  let at = Date.parse(start);
  return { now: () => Promise.resolve(new Date((at += 1000))), sleep: () => Promise.resolve() };
}

export const ana = { user: "ana", host: "desk", ci: null };

export function note(message: string): JournalEvent {
  return { kind: "note", code: "TEST", message };
}

export function context(stack = "prod", asideFolder = ""): JournalContext {
  return { stack, asideFolder, actor: ana, run: "run-1", clock: tickingClock() };
}
