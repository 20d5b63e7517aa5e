import { createInterface } from "node:readline/promises";
import { formatHopName } from "../gates/consent/types.js";
import { getAct } from "../acts/registry.js";
import { type ActEnd, runAct } from "../acts/run-act.js";
import { type Act, type ActProposal, type ActRequest } from "../acts/types.js";
import { InvalidInputError, PaletteError, RefusedError } from "../base/errors/errors.js";
import { stderr } from "../base/process/output.js";
import { identifyActor, identifyMachine } from "../gates/consent/actor.js";
import { openJournal } from "../journal/open.js";
import { describeTool } from "../base/process/tool-version.js";
import { connectSite } from "../site/connect.js";
import { readClusterAddress } from "../site/kubernetes/cluster-address.js";
import { createConnectOptions } from "../program/rehearsal/connect-options.js";
import { type GateSecrets, readGateSecrets } from "../settings/gate-secrets.js";
import { type GateSettings, toGateSecrets, toGateSettings } from "../settings/gate-settings.js";
import { parseRecorded } from "../program/step/recorded.js";
import { parseVersion, type Version } from "../planning/version/version.js";
import { readGateSettings } from "./gate/gate-settings-file.js";
import { type CommandResult } from "./result.js";
import { openSession, type StackShell } from "./stack-session.js";

export interface ActCommandOptions {
  stack?: string;
  settings?: string;
  hop: string;
  because: string;
  ticket?: string;
  yes: boolean;
  confirm?: string;
  journal?: string;
  /** `name=value`, each. */
  option: string[];
  output: "text" | "json";
}

/** What the command needs from its environment; tests replace it. */
export interface ActShell {
  environment: NodeJS.ProcessEnv;
  stack: StackShell;
  signal: AbortSignal;
  say: (line: string) => void;
  /** Asks a person; null if there is no terminal. */
  ask: ((question: string) => Promise<string>) | null;
}

/**
 * Runs `act NAME`: shows what it would do, asks for a confirmation of this hop, executes it, and records it in the
 * journal. Exit code 0: done or nothing left to do; 3: refused; 5: not now.
 */
export async function runActCommand(name: string, options: ActCommandOptions, shell: ActShell): Promise<CommandResult> {
  const act = getAct(name);
  const hop = parseHop(options.hop);
  const target = await resolveActTarget(options, shell);
  const connection = createConnectOptions(shell.environment);
  const { clock } = connection;
  const journal = await openJournal(target.journal, {
    stack: target.stack,
    actor: identifyActor(shell.environment, identifyMachine()),
    clock,
    projectDir: target.projectDir,
    environment: shell.environment,
  });
  const request: ActRequest = {
    hop,
    options: parseOptions(options.option),
    settings: target.settings,
    secrets: target.secrets,
    site: connectSite(target.settings, target.secrets, connection),
    clock,
    signal: shell.signal,
  };
  const end = await runAct({
    act,
    request,
    because: options.because,
    ticket: options.ticket ?? null,
    tool: describeTool(),
    place: { stack: target.stack, ...readClusterAddress(target.settings.kubernetes, shell.environment) },
    journal,
    confirm: (proposal) => confirmAct(act, hop, proposal, options, shell),
    say: shell.say,
  });
  return {
    text: options.output === "json" ? renderActJson(act, hop, end) : renderActText(act, hop, end),
    exitCode: exitCodes[end.kind],
  };
}

const exitCodes: Record<ActEnd["kind"], number> = { done: 0, "already-done": 0, declined: 3 };

/** On a terminal the person types the hop; elsewhere `--confirm` must name it. `--yes` suffices if it can be undone. */
async function confirmAct(
  act: Act,
  hop: { from: Version; to: Version },
  proposal: ActProposal,
  { yes, confirm }: ActCommandOptions,
  { ask, say }: ActShell,
): Promise<boolean> {
  const wanted = formatHopName(hop);
  for (const line of proposal.lines) say(line);
  if (proposal.irreversible) say(`Act ${act.name} cannot be undone in place.`);
  if (confirm !== undefined) {
    if (removeSpaces(confirm) === wanted) return true;
    throw new InvalidInputError("CONFIRM_OTHER_HOP", `--confirm names ${confirm}, and the act is for ${wanted}.`, {
      next: `Give --confirm "${wanted}" if that is the hop you mean.`,
    });
  }
  if (yes && !proposal.irreversible) return true;
  if (ask === null) {
    throw new RefusedError("ACT_NOT_CONFIRMED", `act ${act.name} was not begun: nobody has confirmed it.`, {
      next: `Read what it would do above, then give --confirm "${wanted}".`,
    });
  }
  return removeSpaces(await ask(`Type the hop (${wanted}) to go on: `)) === wanted;
}

interface ActTarget {
  stack: string;
  settings: GateSettings;
  secrets: GateSecrets;
  journal: string;
  projectDir: string;
}

async function resolveActTarget(
  options: ActCommandOptions,
  { environment, stack: shell }: ActShell,
): Promise<ActTarget> {
  if ((options.stack === undefined) === (options.settings === undefined)) {
    throw new InvalidInputError(
      "OPTION_MISSING",
      "act: give either --stack or --settings, to say which installation is meant.",
      {
        next: "For a stack of this project: --stack prod; by hand: --settings FILE with gate settings, JSON.",
      },
    );
  }
  if (options.stack === undefined) {
    const settings = readGateSettings(options.settings);
    const secrets = readGateSecrets(environment, settings.tenants.length);
    return { stack: "by-hand", settings, secrets, journal: options.journal ?? "", projectDir: process.cwd() };
  }
  const { stack, settings } = await openSession(shell, options.stack);
  const { clusterUid } = parseRecorded(await stack.engine.outputs());
  return {
    stack: stack.name,
    settings: toGateSettings(settings, clusterUid ?? null),
    secrets: toGateSecrets(settings),
    journal: options.journal ?? settings.journal,
    projectDir: stack.projectDir,
  };
}

function parseHop(text: string): { from: Version; to: Version } {
  const [from = "", to = "", ...more] = removeSpaces(text).split("->");
  if (to === "" || more.length > 0) {
    throw new InvalidInputError("OPTION_INVALID", `--hop: "${text}" is no hop.`, {
      next: 'Write it as --hop "4.7.27->4.8.8".',
    });
  }
  return { from: parseVersion(from, "--hop"), to: parseVersion(to, "--hop") };
}

function parseOptions(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((each) => {
      const at = each.indexOf("=");
      if (at > 0) return [each.slice(0, at), each.slice(at + 1)];
      throw new InvalidInputError("OPTION_INVALID", `--option: "${each}" is not name=value.`, {
        next: "Write it as --option pcg=acme/pcg-vsphere.",
      });
    }),
  );
}

function removeSpaces(text: string): string {
  return text.replace(/\s+/g, "");
}

function renderActText(act: Act, hop: { from: Version; to: Version }, end: ActEnd): string {
  const head = `Act ${act.name} for ${formatHopName(hop)}`;
  switch (end.kind) {
    case "done":
      return `${head}: done. ${end.outcome.message}`;
    case "already-done":
      return [...end.proposal.lines, `${head}: nothing is left to do.`].join("\n");
    case "declined":
      return `${head}: not confirmed, so nothing was written.`;
  }
}

function renderActJson(act: Act, hop: { from: Version; to: Version }, end: ActEnd): string {
  const details = end.kind === "done" ? end.outcome : { details: {}, message: "" };
  const { lines, irreversible } = end.proposal;
  return JSON.stringify(
    { schemaVersion: 1, act: act.name, hop: formatHopName(hop), outcome: end.kind, lines, irreversible, ...details },
    null,
    2,
  );
}

/** Creates the production shell. Ctrl-C aborts reading and waiting; a write in progress is not undone. */
export async function createActShell(): Promise<{ shell: ActShell; end: () => void }> {
  const { createStackShell } = await import("./stack-session.js");
  const interrupt = new AbortController();
  const stop = new PaletteError("INTERRUPTED", 130, "Interrupted.", {
    next: "Run the act again: it reads first what has been done.",
  });
  const handleSignal = (): void => interrupt.abort(stop);
  process.once("SIGINT", handleSignal).once("SIGTERM", handleSignal);
  const stack = createStackShell();
  const { signal } = interrupt;
  const shell = { environment: process.env, stack, signal, say: stack.say, ask: createTerminalPrompt(signal) };
  return { shell, end: () => void process.off("SIGINT", handleSignal).off("SIGTERM", handleSignal) };
}

/** Creates a function that asks on the terminal; null if there is no terminal. */
function createTerminalPrompt(signal: AbortSignal): ActShell["ask"] {
  if (!process.stdin.isTTY || !stderr.isTerminal) return null;
  return async (question) => {
    const line = createInterface({ input: process.stdin });
    try {
      stderr.write(question);
      return await line.question("", { signal });
    } finally {
      line.close();
    }
  };
}
