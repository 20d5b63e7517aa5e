import { counted } from "../counted.js";
import { describeEntry } from "../journal/entry-words.js";
import { printable } from "../report/printable.js";
import { type LockOwner } from "../process-lock.js";
import { type StackStatus } from "../upgrade/status.js";
import { type Refusal } from "../upgrade/up-result.js";

/** A stack's status for people. */
export function renderStatus(status: StackStatus): string {
  const rows: [string, string][] = [
    ["installed", installedWords(status)],
    ["recorded", status.applied ?? "nothing: this stack has not been enrolled"],
    ["target", `${status.target} (${status.matrix})`],
    ["remaining", remaining(status)],
    ["next", nextWords(status)],
    ["lock", status.lock === null ? "free, as far as the backend tells" : status.lock.advice],
    ...(status.driver === null ? [] : [["driver", driverWords(status.driver)] as [string, string]]),
    ...(status.notice === null ? [] : [["notice", status.notice] as [string, string]]),
  ];
  const blocks = [
    [`Stack ${status.stack}`, ...rows.map(([name, text]) => row(name, text))].join("\n"),
    status.refusal === null ? "" : refusalWords(status.refusal),
    titled(
      "Open acts",
      status.openActs.map(({ act, hop, text }) => `${act} for ${hop}: ${text}`),
    ),
    titled(`Journal (${status.journal.where})`, journalLines(status)),
  ];
  return `${blocks
    .filter((block) => block !== "")
    .map(printable)
    .join("\n\n")}\n`;
}

function refusalWords({ code, message, next }: Refusal): string {
  return `${code}: ${message}${next === null ? "" : `\n  ${next.replaceAll("\n", "\n  ")}`}`;
}

function driverWords({ process, host, since }: LockOwner): string {
  return `process ${process} on ${host} since ${since}; "up" refuses until it has ended`;
}

/** Entries behind a fault are shown, and said to prove nothing. */
function journalLines({ journal: { entries, fault }, refusal }: StackStatus): string[] {
  const shown = entries.map(describeEntry);
  if (fault === null) return shown.length === 0 ? ["nothing yet"] : shown;
  const isTold = refusal?.code === fault.code;
  const said = (isTold ? `${fault.code}, see above` : refusalWords(fault)).split("\n");
  return shown.length === 0 ? said : [...said, "What it holds, as it stands there:", ...shown];
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(10)} ${text.replaceAll("\n", `\n${" ".repeat(13)}`)}`;
}

function titled(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

function installedWords({ installed, nothingInstalled, refusal }: StackStatus): string {
  if (nothingInstalled) return "nothing yet";
  return installed ?? `not known: ${refusal?.code ?? "the cluster could not be asked"}`;
}

function remaining({ remaining: stops, refusal, installed, nothingInstalled, applied }: StackStatus): string {
  if (stops === null) return refusal === null ? "not known" : `not known: ${refusal.code}`;
  if (stops.length === 0) return "nothing";
  if (nothingInstalled) {
    const [first = "", ...further] = stops;
    const hops = further.length === 0 ? "" : ` (${counted(further.length, "hop")})`;
    return `${[`${first}, to be installed`, ...further].join(" -> ")}${hops}`;
  }
  const from = installed ?? applied;
  return `${[...(from === null ? [] : [from]), ...stops].join(" -> ")} (${counted(stops.length, "hop")})`;
}

function nextWords({ next }: StackStatus): string {
  if (next === null) return "nothing before what is named below is mended";
  return {
    enrol: `enrol ${next.to}`,
    settle: `settle ${next.to}`,
    hop: `hop to ${next.to}`,
    install: `install ${next.to}`,
    done: "nothing to do",
  }[next.step];
}
