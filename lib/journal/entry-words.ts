import { type JournalEntry, type JournalEvent, type RefusingGate, type ReleaseMove } from "./types.js";

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
      return `update to ${event.to} ${event.outcome} after ${event.seconds} s${after([...stoppedBy(event), ...movedBy(event)])}`;
    case "run-ended":
      return `run ended: ${event.outcome} (exit ${event.exitCode}) after ${event.seconds} s${after([...because(event), ...stoppedBy(event)])}`;
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

/** What ended an update or a run: each gate with its codes, then each refusal. */
export function stoppedBy({ gates = [], refusals = [] }: Stopped): string[] {
  return [
    ...gates.map(({ gate, when, outcome, reasons: why }) => `gate ${gate} (${when}): ${outcome}${reasons(why)}`),
    ...refusals.map(({ code, message }) => `${code}: ${message}`),
  ];
}

interface Stopped {
  gates?: readonly RefusingGate[];
  refusals?: readonly { code: string; message: string }[];
}

/** What an update moved, a line a release, and whether only a backup leads back. */
export function movedBy({ releases = [], pointOfNoReturn }: Moved): string[] {
  return [
    ...releases.map(
      (move) => `release ${move.role} (${move.namespace}/${move.name}) ${way(move)}: ${ends[move.outcome]}`,
    ),
    ...(pointOfNoReturn === undefined ? [] : [`the point of no return was passed: ${pointOfNoReturn}`]),
  ];
}

interface Moved {
  releases?: readonly ReleaseMove[];
  pointOfNoReturn?: string;
}

const ends: Record<ReleaseMove["outcome"], string> = {
  moved: "moved",
  failed: "failed; Helm's record tells how far it moved",
  unfinished: "begun, its end was not told; Helm's record tells how far it moved",
};

function way({ from, to }: ReleaseMove): string {
  return from === null || from === to ? to : `${from} -> ${to}`;
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

function after(lines: readonly string[]): string {
  return lines.map((line) => `; ${line.split("\n")[0]!}`).join("");
}

function because(event: { because?: string }): string[] {
  return event.because === undefined ? [] : [event.because];
}

function details(of: Record<string, string>): string {
  const words = Object.entries(of).map(([key, value]) => `${key} ${value}`);
  return words.length === 0 ? "" : `; ${words.join(", ")}`;
}
