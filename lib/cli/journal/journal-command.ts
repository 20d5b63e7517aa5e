import { formatCount } from "../../base/errors/counted.js";
import { RefusedError } from "../../base/errors/errors.js";
import { verifyChain } from "../../journal/chain.js";
import { openJournalStore } from "../../journal/open.js";
import { describeCutOff, type JournalFormat, type JournalHead, renderJournal } from "./journal-report.js";
import { type CommandResult } from "../result.js";
import { openSession, type StackShell } from "../stack-session.js";

/** Which journal to read: that of a stack, or of an explicit `location`, which needs no engine. */
interface JournalOptions {
  stack: string;
  location?: string;
}

/**
 * Runs `journal verify`. Exit code 0: the chain is valid; 3: it is broken, or does not contain the hash of `--head`.
 */
export async function verifyJournal(
  options: JournalOptions & { head?: string; output: "text" | "json" },
  shell: StackShell,
): Promise<CommandResult> {
  const { lines, where, cutOffBytes } = await readJournal(options, shell);
  const { entries, fault } = verifyChain(lines);
  const head = entries.at(-1)?.hash ?? null;
  const wanted = options.head;
  const isHeadFound =
    wanted === undefined || (wanted.length >= 8 && entries.some(({ hash }) => hash.startsWith(wanted)));
  const verdict = {
    stack: options.stack,
    where,
    entries: entries.length,
    head,
    fault,
    cutOffBytes,
    containsHead: wanted === undefined ? null : isHeadFound,
  };
  const exitCode = fault === null && isHeadFound ? 0 : 3;
  if (options.output === "json") return { text: JSON.stringify({ schemaVersion: 1, ...verdict }, null, 2), exitCode };
  const messages = [
    fault === null
      ? `${where}: ${formatCount(entries.length, "entry", "entries")}, the chain holds${head === null ? "" : `; head ${head}`}.`
      : `${where}: BROKEN at line ${fault.line}: ${fault.message}. ${describeValidEntries(entries.length, head)}`,
    ...describeCutOff(cutOffBytes),
    ...(isHeadFound
      ? []
      : [
          `No entry has the hash ${wanted}: entries were taken away, or it is of another journal (give at least 8 characters).`,
        ]),
  ];
  return { text: messages.join("\n"), exitCode };
}

function describeValidEntries(count: number, head: string | null): string {
  if (head === null) return "No entry before it holds.";
  return `${count === 1 ? "The entry before it holds" : `The ${count} entries before it hold`}; the last hash that holds is ${head}.`;
}

/** Runs `journal report`. The report of a broken journal names the fault first and shows the entries before it. */
export async function reportJournal(
  options: JournalOptions & { output: JournalFormat },
  shell: StackShell,
): Promise<CommandResult> {
  const { lines, where, cutOffBytes } = await readJournal(options, shell);
  const { entries, fault } = verifyChain(lines);
  const head: JournalHead = {
    stack: options.stack,
    where,
    entries: entries.length,
    head: entries.at(-1)?.hash ?? null,
    cutOffBytes,
    fault: fault === null ? null : `line ${fault.line}: ${fault.message}`,
  };
  return { text: renderJournal(entries, head, options.output), exitCode: fault === null ? 0 : 3 };
}

async function readJournal(
  { stack, location }: JournalOptions,
  shell: StackShell,
): Promise<{ lines: string[]; where: string; cutOffBytes: number }> {
  const { environment } = shell;
  const store =
    location === undefined
      ? await openSession(shell, stack).then(({ stack: { name, projectDir }, settings }) =>
          openJournalStore(settings.journal, { stack: name, projectDir, environment }),
        )
      : await openJournalStore(location, { stack, environment });
  const lines = await store.read();
  const cutOffBytes = await store.cutOffBytes();
  if (lines.length > 0) return { lines, where: store.where, cutOffBytes };
  const explanation = [`There is no journal of stack ${stack} in ${store.where}.`, ...describeCutOff(cutOffBytes)].join(
    " ",
  );
  throw new RefusedError("JOURNAL_EMPTY", explanation, {
    next: 'The first "palette-upgrade up" begins it; palette:journal, or --location, says where it is.',
  });
}
