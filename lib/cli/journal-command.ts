import { RefusedError } from "../errors.js";
import { verifyChain } from "../journal/chain.js";
import { journalStore } from "../journal/open.js";
import { type CommandResult } from "./main.js";
import { cutOffLines, renderJournal, type JournalFormat, type JournalHead } from "./journal-report.js";
import { openSession, type StackShell } from "./stack-session.js";
import { counted } from "../counted.js";

/** Where a journal is found: a stack's own, or a place named outright, which needs no engine. */
export interface JournalQuestion {
  stack: string;
  location?: string;
}

/** `journal verify`: exit 0 where the chain holds, 3 where it does not, or does not hold the hash noted elsewhere. */
export async function journalVerify(
  question: JournalQuestion & { head?: string; output: "text" | "json" },
  shell: StackShell,
): Promise<CommandResult> {
  const { lines, where, cutOffBytes } = await readJournal(question, shell);
  const { entries, fault } = verifyChain(lines);
  const head = entries.at(-1)?.hash ?? null;
  const wanted = question.head;
  const isHeld = wanted === undefined || (wanted.length >= 8 && entries.some(({ hash }) => hash.startsWith(wanted)));
  const verdict = {
    stack: question.stack,
    where,
    entries: entries.length,
    head,
    fault,
    cutOffBytes,
    containsHead: wanted === undefined ? null : isHeld,
  };
  const exitCode = fault === null && isHeld ? 0 : 3;
  if (question.output === "json") return { text: JSON.stringify({ schemaVersion: 1, ...verdict }, null, 2), exitCode };
  const said = [
    fault === null
      ? `${where}: ${counted(entries.length, "entry", "entries")}, the chain holds${head === null ? "" : `; head ${head}`}.`
      : `${where}: BROKEN at line ${fault.line}: ${fault.message}. ${heldWords(entries.length, head)}`,
    ...cutOffLines(cutOffBytes),
    ...(isHeld
      ? []
      : [
          `No entry has the hash ${wanted}: entries were taken away, or it is of another journal (give at least 8 characters).`,
        ]),
  ];
  return { text: said.join("\n"), exitCode };
}

function heldWords(count: number, head: string | null): string {
  if (head === null) return "No entry before it holds.";
  return `${count === 1 ? "The entry before it holds" : `The ${count} entries before it hold`}; the last hash that holds is ${head}.`;
}

/** `journal report`: the journal for people; a broken one is shown up to its fault, which it begins with. */
export async function journalReport(
  question: JournalQuestion & { output: JournalFormat },
  shell: StackShell,
): Promise<CommandResult> {
  const { lines, where, cutOffBytes } = await readJournal(question, shell);
  const { entries, fault } = verifyChain(lines);
  const head: JournalHead = {
    stack: question.stack,
    where,
    entries: entries.length,
    head: entries.at(-1)?.hash ?? null,
    cutOffBytes,
    fault: fault === null ? null : `line ${fault.line}: ${fault.message}`,
  };
  return { text: renderJournal(entries, head, question.output), exitCode: fault === null ? 0 : 3 };
}

async function readJournal(
  { stack, location }: JournalQuestion,
  shell: StackShell,
): Promise<{ lines: string[]; where: string; cutOffBytes: number }> {
  const { environment } = shell;
  const store =
    location === undefined
      ? await openSession(shell, stack).then(({ stack: { name, projectDir }, settings }) =>
          journalStore(settings.journal, { stack: name, projectDir, environment }),
        )
      : await journalStore(location, { stack, environment });
  const lines = await store.read();
  const cutOffBytes = await store.cutOffBytes();
  if (lines.length > 0) return { lines, where: store.where, cutOffBytes };
  const said = [`There is no journal of stack ${stack} in ${store.where}.`, ...cutOffLines(cutOffBytes)].join(" ");
  throw new RefusedError("JOURNAL_EMPTY", said, {
    next: 'The first "palette-upgrade up" begins it; palette:journal, or --location, says where it is.',
  });
}
