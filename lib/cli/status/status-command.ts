import { attempt, toRefusal } from "../../base/errors/refusal.js";
import { toBrokenChainError } from "../../journal/broken.js";
import { parseLine, verifyChain } from "../../journal/chain.js";
import { defaultJournal } from "../../journal/location.js";
import { openJournalStore } from "../../journal/open.js";
import { type JournalEntry } from "../../journal/types.js";
import { prepareUpdate } from "../../program/step/prepare.js";
import { parseRecorded } from "../../program/step/recorded.js";
import { createConnectOptions } from "../../program/rehearsal/connect-options.js";
import { openUpdate } from "../../program/step/update.js";
import { findDriver } from "../../driver/driver-lock.js";
import { inspectLock } from "../../driver/inspect-lock.js";
import { addWhoBegan } from "../../driver/who-began.js";
import { type StackStatus, type StatusFacts, toStackStatus } from "../../driver/status.js";
import { type Observation } from "../../site/types.js";
import { readClusterAddress } from "../../site/kubernetes/cluster-address.js";
import { type CommandResult } from "../result.js";
import { openSession, type StackSession, type StackShell } from "../stack-session.js";
import { renderStatus } from "./status-text.js";

const shownEntries = 5;

/**
 * Runs `status`: what is installed, recorded and wanted, what remains, who has locked the stack. Exit code always 0.
 */
export async function runStatusCommand(
  { stack: name, output }: { stack: string; output: "text" | "json" },
  shell: StackShell,
): Promise<CommandResult> {
  const session = await openSession(shell, name);
  const { stack, settings } = session;
  const recorded = parseRecorded(await stack.engine.outputs());
  const { observation, prepared, refusal } = await prepareNextUpdate(session, shell);
  const { journal, readEntries } = await readJournal(session, shell);
  const seen = toStackStatus({
    stack: name,
    settings,
    address: readClusterAddress(settings.kubernetes, shell.environment),
    recorded,
    observation,
    prepared,
    refusal,
    lock: await readLock(session, shell),
    driver: findDriver(stack, shell.host),
    journal,
    today: (await shell.clock.now()).toISOString().slice(0, 10),
  });
  const status = await addWhoBegan(seen, readEntries);
  return { text: output === "json" ? JSON.stringify(status, null, 2) : renderStatus(status), exitCode: 0 };
}

/** Determines, as the program would but read-only, what is installed, and what the next update would do, or why it would refuse. */
async function prepareNextUpdate(
  { stack, settings }: StackSession,
  { environment }: StackShell,
): Promise<Pick<StatusFacts, "observation" | "prepared" | "refusal">> {
  const recorded = parseRecorded(await stack.engine.outputs());
  let observation: Observation | null = null;
  const next = await attempt(async () => {
    const update = await openUpdate({
      settings,
      recorded,
      projectDir: stack.projectDir,
      isPreview: true,
      environment,
      connection: createConnectOptions(environment),
    });
    const observed = await update.observe();
    // What was read is shown, whatever is decided on it.
    if (observed.state === "installed") observation = observed.observation;
    return prepareUpdate(update, observed);
  });
  return next.ok
    ? { observation, prepared: next.value, refusal: null }
    : { observation, prepared: null, refusal: toRefusal(next.refusal) };
}

async function readLock({ stack, settings }: StackSession, shell: StackShell): Promise<StackStatus["lock"]> {
  const holder = await stack.lockHolder();
  if (holder === null) return null;
  const { message, next } = await inspectLock(stack, settings, shell);
  return { ...holder, advice: next === null ? message : `${message}\n${next}` };
}

/**
 * Reads the journal. Errors, e.g. missing credentials, are returned, and thrown only by `readEntries`: status must work
 * when others fail.
 */
async function readJournal(
  { stack, settings }: StackSession,
  { environment }: StackShell,
): Promise<{ journal: StackStatus["journal"]; readEntries: () => Promise<JournalEntry[]> }> {
  const journal = await attempt(async () => {
    const { name, projectDir } = stack;
    const store = await openJournalStore(settings.journal, { stack: name, projectDir, environment });
    const lines = await store.read();
    const chain = verifyChain(lines);
    const broken = toBrokenChainError(store, chain);
    const shown = {
      where: store.where,
      entries: lines.slice(-shownEntries).flatMap((line) => parseLine(line) ?? []),
      fault: broken === null ? null : toRefusal(broken),
    };
    return {
      journal: shown,
      readEntries: () => (broken === null ? Promise.resolve(chain.entries) : Promise.reject(broken)),
    };
  });
  if (journal.ok) return journal.value;
  const { refusal } = journal;
  const unread = { where: settings.journal || defaultJournal, entries: [], fault: toRefusal(refusal) };
  return { journal: unread, readEntries: () => Promise.reject(refusal) };
}
