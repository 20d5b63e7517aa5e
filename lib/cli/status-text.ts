import { counted } from "../counted.js";
import { describeEntry } from "../journal/entry-words.js";
import { printable } from "../report/printable.js";
import { type StackStatus } from "../upgrade/status.js";

/** A stack's status for people. */
export function renderStatus(status: StackStatus): string {
  const rows: [string, string][] = [
    ["installed", status.installed ?? "not known: the cluster could not be asked"],
    ["recorded", status.applied ?? "nothing: this stack has not been enrolled"],
    ["target", `${status.target} (${status.matrix})`],
    ["remaining", remaining(status)],
    ["next", nextWords(status)],
    ["lock", status.lock === null ? "free, as far as the backend tells" : status.lock.advice],
    ...(status.notice === null ? [] : [["notice", status.notice] as [string, string]]),
  ];
  const blocks = [
    [`Stack ${status.stack}`, ...rows.map(([name, text]) => row(name, text))].join("\n"),
    status.refusal === null
      ? ""
      : `${status.refusal.code}: ${status.refusal.message}${status.refusal.next === null ? "" : `\n  ${status.refusal.next}`}`,
    titled(
      "Open acts",
      status.openActs.map(({ act, hop, text }) => `${act} for ${hop}: ${text}`),
    ),
    titled(
      `Journal (${status.journal.where})`,
      status.journal.entries.length === 0 ? ["nothing yet"] : status.journal.entries.map(describeEntry),
    ),
  ];
  return `${blocks
    .filter((block) => block !== "")
    .map(printable)
    .join("\n\n")}\n`;
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(10)} ${text.replaceAll("\n", `\n${" ".repeat(13)}`)}`;
}

function titled(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

function remaining({ remaining: stops, refusal, installed, applied }: StackStatus): string {
  if (stops === null) return refusal === null ? "not known" : `not known: ${refusal.code}`;
  if (stops.length === 0) return "nothing";
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
