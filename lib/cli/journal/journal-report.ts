import { formatCount } from "../../base/errors/counted.js";
import { type Actor } from "../../gates/consent/actor.js";
import { describeEvent, describeMoves, describeStopReasons, formatUpdateName } from "../../journal/entry-words.js";
import { groupByRun, type RunHistory, type UpdateHistory } from "../../journal/run-history.js";
import { type JournalEntry, type RefusingGate } from "../../journal/types.js";
import { escapeMarkdown } from "../../report/markdown-blocks.js";
import { toOneLine, toPrintable } from "../../base/text/shown.js";

export type JournalFormat = "text" | "markdown";

/** Heading of the report: where the entries are stored, and whether the chain is valid. */
export interface JournalHead {
  stack: string;
  where: string;
  entries: number;
  /** Hash of the newest entry; null if there is none. */
  head: string | null;
  fault: string | null;
  /** Length of an incomplete last line; 0 if there is none. */
  cutOffBytes: number;
}

/** Renders the whole journal by run and update: who, when, from, to, gates, acts and acceptances. Pure. */
export function renderJournal(entries: readonly JournalEntry[], head: JournalHead, format: JournalFormat): string {
  const runs = groupByRun(entries);
  return format === "markdown" ? renderJournalMarkdown(runs, head) : renderJournalText(runs, head);
}

function renderJournalText(runs: readonly RunHistory[], head: JournalHead): string {
  const blocks = runs.map((run) => {
    const ending = describeRunEnd(run).map((line) => `  ${line}`);
    const updates = run.updates.flatMap((update) => [
      `  ${update.startedAt}  ${describeUpdate(update)}`,
      ...describeUpdateDetails(update).map((line) => `    ${line}`),
      ...update.entries.map((entry) => `    ${entry.at}  ${toLine(describeEvent(entry.event))}`),
    ]);
    const others = run.others.map((entry) => `  ${entry.at}  ${toLine(describeEvent(entry.event))}`);
    return [toLine(`${run.startedAt}  ${describeRun(run)}`), ...ending, ...updates, ...others].join("\n");
  });
  return `${[renderHeadLines(head).join("\n"), ...blocks].join("\n\n")}\n`;
}

function renderJournalMarkdown(runs: readonly RunHistory[], head: JournalHead): string {
  const blocks = runs.map((run) => {
    const updates = run.updates.flatMap((update) => [
      `### ${escapeMarkdown(describeUpdate(update))}`,
      ...renderList(describeUpdateDetails(update)),
      ...renderEntryTable(update.entries),
    ]);
    const headed = [
      `## ${escapeMarkdown(run.startedAt)}: ${escapeMarkdown(describeRun(run))}`,
      ...renderList(describeRunEnd(run)),
    ];
    return [...headed, ...updates, ...renderEntryTable(run.others)].join("\n\n");
  });
  return `${[`# Journal of ${escapeMarkdown(head.stack)}`, ...renderList(renderHeadLines(head)), ...blocks].join("\n\n")}\n`;
}

function renderList(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [lines.map((line) => `- ${escapeMarkdown(line)}`).join("\n")];
}

function renderEntryTable(entries: readonly JournalEntry[]): string[] {
  if (entries.length === 0) return [];
  const rows = entries.map(
    ({ sequence, at, event }) => `| ${sequence} | ${at} | ${escapeMarkdown(describeEvent(event))} |`,
  );
  return [["| No. | When | What |", "| --- | --- | --- |", ...rows].join("\n")];
}

/** An entry's text takes one line: none of it can look like a line of the report. */
function toLine(text: string): string {
  return toPrintable(toOneLine(text));
}

function renderHeadLines({ stack, where, entries, head, fault, cutOffBytes }: JournalHead): string[] {
  const chain = fault === null ? "the chain holds" : `THE CHAIN IS BROKEN: ${toLine(fault)}`;
  return [
    `Stack ${stack}, kept in ${where}`,
    `${formatCount(entries, "entry", "entries")}, ${chain}${head === null ? "" : `, head ${head}`}`,
    ...describeCutOff(cutOffBytes),
  ];
}

/** Describes an incomplete last line, which is not an entry. */
export function describeCutOff(bytes: number): string[] {
  if (bytes === 0) return [];
  return [
    `A last line that was cut off (${formatCount(bytes, "byte")}), as by a kill, is not counted; the next entry puts it aside and tells.`,
  ];
}

function describeRun({ started, ended, actor, run }: RunHistory): string {
  const what =
    started === null
      ? "outside of a run"
      : `${started.command}, target ${started.target}, matrix ${started.matrix.id} (${started.matrix.sha256.slice(0, 12)})${started.change === null ? "" : `, change ${started.change}`}${started.tool === undefined ? "" : `, ${started.tool}`}`;
  const end =
    ended !== null
      ? `${ended.outcome} (exit ${ended.exitCode}) after ${ended.seconds} s${ended.because === undefined ? "" : `: ${ended.because}`}`
      : started === null
        ? ""
        : "no end was written: under way, or killed";
  return [`run ${run}`, what, describeActor(actor), end].filter((part) => part !== "").join("; ");
}

function describeActor({ user, host, ci }: Actor): string {
  return `by ${user} on ${host}${ci === null ? "" : `, ${ci}`}`;
}

function describeUpdate({ started, ended }: UpdateHistory): string {
  return `${formatUpdateName(started)}: ${ended === null ? "no end was written" : `${ended.outcome} after ${ended.seconds} s`}`;
}

/** Describes what ended a run, except what its updates have already listed. */
function describeRunEnd({ ended, updates }: RunHistory): string[] {
  if (ended === null) return [];
  const alreadyListed = new Set(
    updates.flatMap((update) => (update.ended === null ? [] : describeStopReasons(update.ended))),
  );
  const gates = (ended.gates ?? []).filter((gate) => !alreadyListed.has(describeStopReasons({ gates: [gate] })[0]!));
  const refusals = (ended.refusals ?? []).filter(
    (refusal) => !alreadyListed.has(describeStopReasons({ refusals: [refusal] })[0]!),
  );
  return [...describeStopReasons({ gates, refusals }), ...gates.flatMap(describeReasons)].map(toLine);
}

/** Describes the reasons of a gate, without its notes. */
function describeReasons({ gate, when, reasons }: Pick<RefusingGate, "gate" | "when" | "reasons">): string[] {
  return reasons
    .filter(({ code }) => code !== "NOTE")
    .map(({ code, message }) => `${gate} (${when}) ${code}: ${message}`);
}

/** Describes the reasons of gates that did not pass; what a hook found again after the Command is listed once. */
function describeFailedGates({ entries }: UpdateHistory): string[] {
  const reports = entries.flatMap(({ event }) => (event.kind === "gate" ? [event.report] : []));
  return [...new Set(reports.filter(({ outcome }) => outcome !== "pass").flatMap(describeReasons))];
}

function describeUpdateDetails(update: UpdateHistory): string[] {
  const { started, ended } = update;
  const charts = Object.entries(started.chartDigests).map(([role, sha256]) => `chart ${role}: sha256 ${sha256}`);
  const end = ended === null ? [] : [...describeMoves(ended), ...describeStopReasons(ended)];
  const fingerprint = started.fingerprint === null ? [] : [`fingerprint ${started.fingerprint}`];
  const approval = started.approvedBy === undefined ? [] : [`approved by ${started.approvedBy}`];
  return [...fingerprint, ...approval, ...charts, ...end, ...describeFailedGates(update)].map(toLine);
}
