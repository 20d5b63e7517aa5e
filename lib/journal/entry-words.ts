import { describeIdentity, type SiteIdentity } from "../site/identity.js";
import { type JournalEntry, type JournalEvent, type RefusingGate, type ReleaseMove } from "./types.js";

/** Describes an entry in one line, with its time. */
export function describeEntry({ at, event }: JournalEntry): string {
  return `${at}  ${describeEvent(event)}`;
}

/** Describes an event in one line, without its time. */
export function describeEvent(event: JournalEvent): string {
  switch (event.kind) {
    case "run-started":
      return `run started: ${event.command}; target ${event.target}, matrix ${event.matrix.id}${formatChange(event.change)}${formatTool(event.tool)}${formatLoosened(event.loosened)}`;
    case "update-started":
      return `${formatUpdateName(event)} started${event.identity === undefined ? "" : `: ${describeIdentity(event.identity)}`}`;
    case "gate":
      return `gate ${formatGateName(event.report)} (${event.report.when}${formatHookRelease(event.release)}): ${event.report.outcome}${formatReasonCodes(event.report.reasons)}`;
    case "acknowledged":
      return `act ${event.act} for ${event.hop} acknowledged by ${event.by}${formatTicket(event.ticket)}: ${event.because}`;
    case "accepted":
      return `${event.gate} ${event.code} of ${event.subject === "*" ? "the whole" : event.subject} accepted for ${event.hop} by ${event.by} (${event.ticket}) until ${event.until}: ${event.because}`;
    case "act":
      return `act ${event.act} for ${event.hop}: ${event.outcome}${formatTicket(event.ticket)}: ${event.because}${formatDetails(event.details)}${formatSite(event.identity)}${formatTool(event.tool)}`;
    case "update-ended":
      return `update to ${event.to} ${event.outcome} after ${event.seconds} s${joinFirstLines([...describeStopReasons(event), ...describeMoves(event)])}`;
    case "run-ended":
      return `run ended: ${event.outcome} (exit ${event.exitCode}) after ${event.seconds} s${joinFirstLines([...listBecause(event), ...describeStopReasons(event)])}`;
    case "note":
      return `note ${event.code}: ${event.message}`;
    default:
      return `an entry of a later version of this tool (${(event as { kind: string }).kind})`;
  }
}

/** Formats the name of a gate, with what it is about if that is one of several: `pcg-catch-up acme/pcg-vsphere`. */
function formatGateName({ gate, subject }: { gate: string; subject?: string }): string {
  return subject === undefined ? gate : `${gate} ${subject}`;
}

/** Formats the name of an update, e.g. `hop 4.6.41 -> 4.7.20`, `enrol 4.6.41`. */
export function formatUpdateName({ step, from, to }: { step: string; from: string; to: string }): string {
  return from === to ? `${step} ${to}` : `${step} ${from} -> ${to}`;
}

/** Describes what stopped an update or a run: each gate with its codes, then each refusal. */
export function describeStopReasons({ gates = [], refusals = [] }: StopReasons): string[] {
  return [
    ...gates.map(
      (gate) => `gate ${formatGateName(gate)} (${gate.when}): ${gate.outcome}${formatReasonCodes(gate.reasons)}`,
    ),
    ...refusals.map(({ code, message }) => `${code}: ${message}`),
  ];
}

interface StopReasons {
  gates?: readonly RefusingGate[];
  refusals?: readonly { code: string; message: string }[];
}

/** Describes what an update moved, one line per release, and whether it passed the point of no return. */
export function describeMoves({ releases = [], pointOfNoReturn }: UpdateMoves): string[] {
  return [
    ...releases.map(
      (move) =>
        `release ${move.role} (${move.namespace}/${move.name}) ${formatVersionChange(move)}: ${moveOutcomes[move.outcome]}`,
    ),
    ...(pointOfNoReturn === undefined ? [] : [`the point of no return was passed: ${pointOfNoReturn}`]),
  ];
}

interface UpdateMoves {
  releases?: readonly ReleaseMove[];
  pointOfNoReturn?: string;
}

const moveOutcomes: Record<ReleaseMove["outcome"], string> = {
  moved: "moved",
  failed: "failed; Helm's record shows how far it moved",
  unfinished: "begun, its end was not reported; Helm's record shows how far it moved",
};

function formatVersionChange({ from, to }: ReleaseMove): string {
  return from === null || from === to ? to : `${from} -> ${to}`;
}

function formatChange(number: string | null): string {
  return number === null ? "" : `, change ${number}`;
}

function formatLoosened(settings: readonly { key: string; value: string; standard: string }[] = []): string {
  return settings.map(({ key, value, standard }) => `; ${key} ${value} (default ${standard})`).join("");
}

function formatHookRelease(release: string | undefined): string {
  return release === undefined ? "" : `, again at release ${release}`;
}

function formatTool(tool: string | undefined): string {
  return tool === undefined ? "" : `, ${tool}`;
}

function formatSite(identity: SiteIdentity | undefined): string {
  return identity === undefined ? "" : `; on ${describeIdentity(identity)}`;
}

function formatTicket(number: string | null): string {
  return number === null ? "" : ` (${number})`;
}

function formatReasonCodes(list: readonly { code: string }[]): string {
  const codes = [...new Set(list.map(({ code }) => code))];
  return codes.length === 0 ? "" : ` (${codes.join(", ")})`;
}

function joinFirstLines(lines: readonly string[]): string {
  return lines.map((line) => `; ${line.split("\n")[0]!}`).join("");
}

function listBecause(event: { because?: string }): string[] {
  return event.because === undefined ? [] : [event.because];
}

function formatDetails(values: Record<string, string>): string {
  const words = Object.entries(values).map(([key, value]) => `${key} ${value}`);
  return words.length === 0 ? "" : `; ${words.join(", ")}`;
}
