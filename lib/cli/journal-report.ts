import { describeEvent, movedBy, stoppedBy, updateName } from "../journal/entry-words.js";
import { runsOf, type RunHistory, type UpdateHistory } from "../journal/run-history.js";
import { type Actor, type JournalEntry, type RefusingGate } from "../journal/types.js";
import { escape } from "../report/markdown-blocks.js";
import { printable } from "../report/printable.js";
import { counted } from "../counted.js";

export type JournalFormat = "text" | "markdown";

/** What stands over the entries: where they are kept, and whether the chain holds. */
export interface JournalHead {
  stack: string;
  where: string;
  entries: number;
  /** Hash of the newest entry; null where there is none. */
  head: string | null;
  fault: string | null;
  /** Length of a last line that was cut off; 0 where there is none. */
  cutOffBytes: number;
}

/** The whole journal for people: by run and update, who, when, from, to, gates, acts and acceptances. Pure. */
export function renderJournal(entries: readonly JournalEntry[], head: JournalHead, format: JournalFormat): string {
  const runs = runsOf(entries);
  return format === "markdown" ? markdown(runs, head) : text(runs, head);
}

function text(runs: readonly RunHistory[], head: JournalHead): string {
  const blocks = runs.map((run) => {
    const ending = endLines(run).map((line) => `  ${line}`);
    const updates = run.updates.flatMap((update) => [
      `  ${update.startedAt}  ${updateLine(update)}`,
      ...updateLines(update).map((line) => `    ${line}`),
      ...update.entries.map((entry) => `    ${entry.at}  ${printable(describeEvent(entry.event))}`),
    ]);
    const others = run.others.map((entry) => `  ${entry.at}  ${printable(describeEvent(entry.event))}`);
    return [printable(`${run.startedAt}  ${runLine(run)}`), ...ending, ...updates, ...others].join("\n");
  });
  return `${[headLines(head).join("\n"), ...blocks].join("\n\n")}\n`;
}

function markdown(runs: readonly RunHistory[], head: JournalHead): string {
  const blocks = runs.map((run) => {
    const updates = run.updates.flatMap((update) => [
      `### ${escape(updateLine(update))}`,
      ...list(updateLines(update)),
      ...table(update.entries),
    ]);
    const headed = [`## ${escape(run.startedAt)}: ${escape(runLine(run))}`, ...list(endLines(run))];
    return [...headed, ...updates, ...table(run.others)].join("\n\n");
  });
  return `${[`# Journal of ${escape(head.stack)}`, ...list(headLines(head)), ...blocks].join("\n\n")}\n`;
}

function list(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [lines.map((line) => `- ${escape(line)}`).join("\n")];
}

function table(entries: readonly JournalEntry[]): string[] {
  if (entries.length === 0) return [];
  const rows = entries.map(({ sequence, at, event }) => `| ${sequence} | ${at} | ${escape(describeEvent(event))} |`);
  return [["| No. | When | What |", "| --- | --- | --- |", ...rows].join("\n")];
}

function headLines({ stack, where, entries, head, fault, cutOffBytes }: JournalHead): string[] {
  const chain = fault === null ? "the chain holds" : `THE CHAIN IS BROKEN: ${fault}`;
  return [
    `Stack ${stack}, kept in ${where}`,
    `${counted(entries, "entry", "entries")}, ${chain}${head === null ? "" : `, head ${head}`}`,
    ...cutOffLines(cutOffBytes),
  ];
}

/** Said of a last line that is no entry for want of its end. */
export function cutOffLines(bytes: number): string[] {
  if (bytes === 0) return [];
  return [
    `A last line that was cut off (${counted(bytes, "byte")}), as by a kill, is not counted; the next entry puts it aside and tells.`,
  ];
}

function runLine({ started, ended, actor, run }: RunHistory): string {
  const what =
    started === null
      ? "outside of a run"
      : `${started.command}, target ${started.target}, matrix ${started.matrix.id} (${started.matrix.sha256.slice(0, 12)})${started.change === null ? "" : `, change ${started.change}`}`;
  const end =
    ended !== null
      ? `${ended.outcome} (exit ${ended.exitCode}) after ${ended.seconds} s${ended.because === undefined ? "" : `: ${ended.because}`}`
      : started === null
        ? ""
        : "no end was written: under way, or killed";
  return [`run ${run}`, what, who(actor), end].filter((part) => part !== "").join("; ");
}

function who({ user, host, ci }: Actor): string {
  return `by ${user} on ${host}${ci === null ? "" : `, ${ci}`}`;
}

function updateLine({ started, ended }: UpdateHistory): string {
  return `${updateName(started)}: ${ended === null ? "no end was written" : `${ended.outcome} after ${ended.seconds} s`}`;
}

/** What ended a run, where none of its updates has told it already. */
function endLines({ ended, updates }: RunHistory): string[] {
  if (ended === null) return [];
  const told = new Set(updates.flatMap((update) => (update.ended === null ? [] : stoppedBy(update.ended))));
  const gates = (ended.gates ?? []).filter((gate) => !told.has(stoppedBy({ gates: [gate] })[0]!));
  const refusals = (ended.refusals ?? []).filter((refusal) => !told.has(stoppedBy({ refusals: [refusal] })[0]!));
  return [...stoppedBy({ gates, refusals }), ...gates.flatMap(reasonLines)].map(printable);
}

/** All that a gate found, without its remarks. */
function reasonLines({ gate, when, reasons }: Pick<RefusingGate, "gate" | "when" | "reasons">): string[] {
  return reasons
    .filter(({ code }) => code !== "NOTE")
    .map(({ code, message }) => `${gate} (${when}) ${code}: ${message}`);
}

/** A gate that passed stays one line of the table. What a hook finds again, as its Command did, is told once. */
function gateLines({ entries }: UpdateHistory): string[] {
  const reports = entries.flatMap(({ event }) => (event.kind === "gate" ? [event.report] : []));
  return [...new Set(reports.filter(({ outcome }) => outcome !== "pass").flatMap(reasonLines))];
}

function updateLines(update: UpdateHistory): string[] {
  const { started, ended } = update;
  const charts = Object.entries(started.chartDigests).map(([role, sha256]) => `chart ${role}: sha256 ${sha256}`);
  const end = ended === null ? [] : [...movedBy(ended), ...stoppedBy(ended)];
  const fingerprint = started.fingerprint === null ? [] : [`fingerprint ${started.fingerprint}`];
  return [...fingerprint, ...charts, ...end, ...gateLines(update)].map(printable);
}
