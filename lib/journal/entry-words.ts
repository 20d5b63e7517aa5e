import { type JournalEntry, type JournalEvent } from "./types.js";

/** One entry in one line. */
export function describeEntry({ at, event }: JournalEntry): string {
  return `${at}  ${describeEvent(event)}`;
}

/** What an entry tells, in one line without its time. */
export function describeEvent(event: JournalEvent): string {
  switch (event.kind) {
    case "run-started":
      return `run started: ${event.command}; target ${event.target}, matrix ${event.matrix.id}${change(event.change)}`;
    case "update-started":
      return `${updateName(event)} started`;
    case "gate":
      return `gate ${event.report.gate} (${event.report.when}${again(event.release)}): ${event.report.outcome}${reasons(event.report.reasons)}`;
    case "acknowledged":
      return `act ${event.act} for ${event.hop} acknowledged by ${event.by}${ticket(event.ticket)}: ${event.because}`;
    case "accepted":
      return `${event.gate} ${event.code} of ${event.subject === "*" ? "the whole" : event.subject} accepted for ${event.hop} by ${event.by} (${event.ticket}) until ${event.until}: ${event.because}`;
    case "act":
      return `act ${event.act} for ${event.hop}: ${event.outcome}${ticket(event.ticket)}: ${event.because}${details(event.details)}`;
    case "update-ended":
      return `update to ${event.to} ${event.outcome} after ${event.seconds} s${refusals(event.refusals)}`;
    case "run-ended":
      return `run ended: ${event.outcome} (exit ${event.exitCode}) after ${event.seconds} s`;
    case "note":
      return `note ${event.code}: ${event.message}`;
    default:
      return `an entry of a later version of this tool (${(event as { kind: string }).kind})`;
  }
}

/** e.g. `hop 4.6.41 -> 4.7.20`, `enrol 4.6.41`. */
export function updateName({ step, from, to }: { step: string; from: string; to: string }): string {
  return from === to ? `${step} ${to}` : `${step} ${from} -> ${to}`;
}

function change(number: string | null): string {
  return number === null ? "" : `, change ${number}`;
}

function again(release: string | undefined): string {
  return release === undefined ? "" : `, again at release ${release}`;
}

function ticket(number: string | null): string {
  return number === null ? "" : ` (${number})`;
}

function reasons(list: readonly { code: string }[]): string {
  const codes = [...new Set(list.map(({ code }) => code))];
  return codes.length === 0 ? "" : ` (${codes.join(", ")})`;
}

function refusals(list: readonly { code: string; message: string }[]): string {
  return list.map(({ code, message }) => `; ${code}: ${message.split("\n")[0]!}`).join("");
}

function details(of: Record<string, string>): string {
  const words = Object.entries(of).map(([key, value]) => `${key} ${value}`);
  return words.length === 0 ? "" : `; ${words.join(", ")}`;
}
