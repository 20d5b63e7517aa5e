import { PaletteError } from "../errors.js";
import { brokenChain } from "../journal/broken.js";
import { parseLine, verifyChain } from "../journal/chain.js";
import { defaultJournal } from "../journal/location.js";
import { journalStore } from "../journal/open.js";
import { type Prepared } from "../stack/prepare.js";
import { parseRecorded } from "../stack/recorded.js";
import { refusalOf } from "../stack/preview-report.js";
import { openUpdate, prepareUpdate } from "../stack/update.js";
import { lookForDriver } from "../upgrade/driver-lock.js";
import { lookAtLock } from "../upgrade/look-at-lock.js";
import { statusOf, type StackStatus } from "../upgrade/status.js";
import { type Refusal } from "../upgrade/up-result.js";
import { type CommandResult } from "./main.js";
import { openSession, type StackSession, type StackShell } from "./stack-session.js";
import { renderStatus } from "./status-text.js";

const shownEntries = 5;

/** `status`: what is installed, recorded and wanted, what remains, who holds the stack. Exit 0 whatever it finds. */
export async function statusCommand(
  { stack: name, output }: { stack: string; output: "text" | "json" },
  shell: StackShell,
): Promise<CommandResult> {
  const session = await openSession(shell, name);
  const { stack, settings } = session;
  const recorded = parseRecorded(await stack.engine.outputs());
  const { prepared, refusal } = await decided(session, shell);
  const status = statusOf({
    stack: name,
    settings,
    recorded,
    prepared,
    refusal,
    lock: await lockOf(session, shell),
    driver: lookForDriver(stack, shell.host),
    journal: await lastEntries(session, shell),
    today: (await shell.clock.now()).toISOString().slice(0, 10),
  });
  return { text: output === "json" ? JSON.stringify(status, null, 2) : renderStatus(status), exitCode: 0 };
}

/** What the next update would do, or why it would refuse: as the program decides it, read-only. */
async function decided(
  { stack, settings }: StackSession,
  { environment }: StackShell,
): Promise<{ prepared: Prepared | null; refusal: Refusal | null }> {
  const recorded = parseRecorded(await stack.engine.outputs());
  try {
    const update = await openUpdate({ settings, recorded, projectDir: stack.projectDir, isPreview: true, environment });
    return { prepared: await prepareUpdate(update), refusal: null };
  } catch (error) {
    if (!(error instanceof PaletteError)) throw error;
    return { prepared: null, refusal: refusalOf(error) };
  }
}

async function lockOf({ stack, settings }: StackSession, shell: StackShell): Promise<StackStatus["lock"]> {
  const holder = await stack.lockHolder();
  if (holder === null) return null;
  const { message, next } = await lookAtLock(stack, settings, shell);
  return { ...holder, advice: next === null ? message : `${message}\n${next}` };
}

/** Read without keys to a bucket it is told, not thrown: status is what one asks when something is amiss. */
async function lastEntries(
  { stack, settings }: StackSession,
  { environment }: StackShell,
): Promise<StackStatus["journal"]> {
  try {
    const { name, projectDir } = stack;
    const store = await journalStore(settings.journal, { stack: name, projectDir, environment });
    const lines = await store.read();
    const broken = brokenChain(store, verifyChain(lines));
    return {
      where: store.where,
      entries: lines.slice(-shownEntries).flatMap((line) => parseLine(line) ?? []),
      fault: broken === null ? null : refusalOf(broken),
    };
  } catch (error) {
    if (!(error instanceof PaletteError)) throw error;
    return { where: settings.journal || defaultJournal, entries: [], fault: refusalOf(error) };
  }
}
