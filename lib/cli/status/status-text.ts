import { type Refusal } from "../../base/errors/refusal.js";
import { formatCount } from "../../base/errors/counted.js";
import { describeEntry } from "../../journal/entry-words.js";
import { type LockOwner } from "../../base/process/process-lock.js";
import { toPrintable } from "../../base/text/shown.js";
import { describeIdentity } from "../../site/identity.js";
import { type StackStatus } from "../../driver/status.js";

/** Renders a stack's status as text. */
export function renderStatus(status: StackStatus): string {
  const rows: [string, string][] = [
    ...(status.hopInProgress === null ? [] : [["unfinished", describeUnfinished(status)] as [string, string]]),
    ["on", describeIdentity(status.identity)],
    ["installed", describeInstalled(status)],
    ["recorded", status.applied ?? "nothing: this stack has not been enrolled"],
    ["target", `${status.target} (${status.matrix})`],
    ["remaining", describeRemaining(status)],
    ["next", describeNext(status)],
    ["lock", status.lock === null ? "free, as far as the backend reports" : status.lock.advice],
    ...(status.driver === null ? [] : [["driver", describeDriver(status.driver)] as [string, string]]),
    ...(status.notice === null ? [] : [["notice", status.notice] as [string, string]]),
  ];
  const blocks = [
    [`Stack ${status.stack}`, ...rows.map(([name, text]) => formatRow(name, text))].join("\n"),
    status.refusal === null ? "" : formatRefusal(status.refusal),
    renderSection(
      "Open acts",
      status.openActs.map(({ act, hop, text }) => `${act} for ${hop}: ${text}`),
    ),
    renderSection(`Journal (${status.journal.where})`, renderJournalLines(status)),
  ];
  return `${blocks
    .filter((block) => block !== "")
    .map(toPrintable)
    .join("\n\n")}\n`;
}

function describeUnfinished({ hopInProgress, refusal }: StackStatus): string {
  if (hopInProgress === null) return "";
  const { from, to, message } = hopInProgress;
  return refusal?.code === "HOP_IN_PROGRESS" ? `the hop ${from} -> ${to}, see ${refusal.code} below` : message;
}

function formatRefusal({ code, message, next }: Refusal): string {
  return `${code}: ${message}${next === null ? "" : `\n  ${next.replaceAll("\n", "\n  ")}`}`;
}

function describeDriver({ process, host, since }: LockOwner): string {
  return `process ${process} on ${host} since ${since}; "up" refuses until it has ended`;
}

/** Lists the entries; if the journal is faulty, the fault comes first and the entries are shown as unverified. */
function renderJournalLines({ journal: { entries, fault }, refusal }: StackStatus): string[] {
  const shown = entries.map(describeEntry);
  if (fault === null) return shown.length === 0 ? ["nothing yet"] : shown;
  const isShownAbove = refusal?.code === fault.code;
  const faultLines = (isShownAbove ? `${fault.code}, see above` : formatRefusal(fault)).split("\n");
  return shown.length === 0 ? faultLines : [...faultLines, "What it holds, as it stands there:", ...shown];
}

function formatRow(name: string, text: string): string {
  return `  ${name.padEnd(10)} ${text.replaceAll("\n", `\n${" ".repeat(13)}`)}`;
}

function renderSection(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

function describeInstalled({ installed, release, nothingInstalled, refusal }: StackStatus): string {
  if (nothingInstalled) return "nothing yet";
  if (installed === null) return `not known: ${refusal?.code ?? "the cluster could not be asked"}`;
  if (release === null) return installed;
  const { namespace, name, revision, newest } = release;
  const since =
    newest === null ? "" : `; newest is revision ${newest.revision} (${newest.status}) for ${newest.version}`;
  return `${installed}, revision ${revision} of ${namespace}/${name}${since}`;
}

function describeRemaining({ remaining: stops, refusal, installed, nothingInstalled, applied }: StackStatus): string {
  if (stops === null) return refusal === null ? "not known" : `not known: ${refusal.code}`;
  if (stops.length === 0) return "nothing";
  if (nothingInstalled) {
    const [first = "", ...further] = stops;
    const hops = further.length === 0 ? "" : ` (${formatCount(further.length, "hop")})`;
    return `${[`${first}, to be installed`, ...further].join(" -> ")}${hops}`;
  }
  const from = installed ?? applied;
  return `${[...(from === null ? [] : [from]), ...stops].join(" -> ")} (${formatCount(stops.length, "hop")})`;
}

function describeNext({ next }: StackStatus): string {
  if (next === null) return "nothing before what is named below is fixed";
  return {
    enrol: `enrol ${next.to}`,
    settle: `settle ${next.to}`,
    hop: `hop to ${next.to}`,
    install: `install ${next.to}`,
    done: "nothing to do",
  }[next.step];
}
