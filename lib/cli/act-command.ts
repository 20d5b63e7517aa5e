import { createInterface } from "node:readline/promises";
import { hopName } from "../accept/types.js";
import { actByName } from "../acts/registry.js";
import { runAct, type ActEnd } from "../acts/run-act.js";
import type { Act, ActProposal, ActRequest } from "../acts/types.js";
import { InvalidInputError, PaletteError, RefusedError } from "../errors.js";
import { actorOf, thisMachine } from "../journal/actor.js";
import { openJournal } from "../journal/open.js";
import { clockFromEnvironment, connectSite } from "../site/connect.js";
import { gateSecretsOf, gateSettingsOf } from "../stack/gate-environment.js";
import { secretsFrom, type GateSecrets } from "../stack/gate-secrets.js";
import type { GateSettings } from "../stack/gate-settings.js";
import { parseRecorded } from "../stack/recorded.js";
import { parseVersion, type Version } from "../version/version.js";
import { gateSettingsFile } from "./gate-settings-file.js";
import type { CommandResult } from "./main.js";
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

/** What the command takes from outside. */
export interface ActShell {
  environment: NodeJS.ProcessEnv;
  stack: StackShell;
  signal: AbortSignal;
  say: (line: string) => void;
  /** Asks a person; null where there is no terminal. */
  ask: ((question: string) => Promise<string>) | null;
}

/**
 * `act NAME`: shows what it would do, asks for a confirmation that is bound to the hop, writes, and keeps it in the journal.
 * Exit 0 done or nothing left to do, 3 refused, 5 not now.
 */
export async function actCommand(name: string, options: ActCommandOptions, shell: ActShell): Promise<CommandResult> {
  const act = actByName(name);
  const hop = parseHop(options.hop);
  const place = await placeOf(options, shell);
  const clock = clockFromEnvironment(shell.environment);
  const journal = await openJournal(place.journal, {
    stack: place.stack,
    actor: actorOf(shell.environment, thisMachine()),
    clock,
    projectDir: place.projectDir,
    environment: shell.environment,
  });
  const request: ActRequest = {
    hop,
    options: parseOptions(options.option),
    settings: place.settings,
    secrets: place.secrets,
    site: connectSite(place.settings, place.secrets, { environment: shell.environment, clock }),
    clock,
    signal: shell.signal,
  };
  const end = await runAct({
    act,
    request,
    because: options.because,
    ticket: options.ticket ?? null,
    journal,
    confirm: (proposal) => confirmed(act, hop, proposal, options, shell),
  });
  return {
    text: options.output === "json" ? asJson(act, hop, end) : asText(act, hop, end),
    exitCode: exitCodes[end.kind],
  };
}

const exitCodes: Record<ActEnd["kind"], number> = { done: 0, "already-done": 0, declined: 3 };

/** A terminal's person types the hop; elsewhere `--confirm` has to name it. `--yes` does for what can be undone. */
async function confirmed(
  act: Act,
  hop: { from: Version; to: Version },
  proposal: ActProposal,
  { yes, confirm }: ActCommandOptions,
  { ask, say }: ActShell,
): Promise<boolean> {
  const wanted = hopName(hop);
  for (const line of proposal.lines) say(line);
  if (proposal.irreversible) say(`Act ${act.name} cannot be undone in place.`);
  if (confirm !== undefined) {
    if (compact(confirm) === wanted) return true;
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
  return compact(await ask(`Type the hop (${wanted}) to go on: `)) === wanted;
}

interface ActPlace {
  stack: string;
  settings: GateSettings;
  secrets: GateSecrets;
  journal: string;
  projectDir: string;
}

async function placeOf(options: ActCommandOptions, { environment, stack: shell }: ActShell): Promise<ActPlace> {
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
    const settings = gateSettingsFile(options.settings);
    const secrets = secretsFrom(environment, settings.tenants.length);
    return { stack: "by-hand", settings, secrets, journal: options.journal ?? "", projectDir: process.cwd() };
  }
  const { stack, settings } = await openSession(shell, options.stack);
  const { clusterUid } = parseRecorded(await stack.engine.outputs());
  return {
    stack: stack.name,
    settings: gateSettingsOf(settings, clusterUid ?? null),
    secrets: gateSecretsOf(settings),
    journal: options.journal ?? settings.journal,
    projectDir: stack.projectDir,
  };
}

function parseHop(text: string): { from: Version; to: Version } {
  const [from = "", to = "", ...more] = compact(text).split("->");
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

function compact(text: string): string {
  return text.replace(/\s+/g, "");
}

function asText(act: Act, hop: { from: Version; to: Version }, end: ActEnd): string {
  const head = `Act ${act.name} for ${hopName(hop)}`;
  switch (end.kind) {
    case "done":
      return `${head}: done. ${end.outcome.message}`;
    case "already-done":
      return [...end.proposal.lines, `${head}: nothing is left to do.`].join("\n");
    case "declined":
      return `${head}: not confirmed, so nothing was written.`;
  }
}

function asJson(act: Act, hop: { from: Version; to: Version }, end: ActEnd): string {
  const details = end.kind === "done" ? end.outcome : { details: {}, message: "" };
  const { lines, irreversible } = end.proposal;
  return JSON.stringify(
    { schemaVersion: 1, act: act.name, hop: hopName(hop), outcome: end.kind, lines, irreversible, ...details },
    null,
    2,
  );
}

/** The shell of production. Ctrl-C ends what is read or waited for; a write that is under way is not taken back. */
export async function actShell(): Promise<{ shell: ActShell; end: () => void }> {
  const { realShell } = await import("./stack-session.js");
  const interrupt = new AbortController();
  const stop = new PaletteError("INTERRUPTED", 130, "Interrupted.", {
    next: "Run the act again: it reads first what has been done.",
  });
  const onSignal = (): void => interrupt.abort(stop);
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const stack = realShell();
  const { signal } = interrupt;
  const shell = { environment: process.env, stack, signal, say: stack.say, ask: terminalAsk(signal) };
  return { shell, end: () => void process.off("SIGINT", onSignal).off("SIGTERM", onSignal) };
}

/** A question on the terminal; null where there is none. */
function terminalAsk(signal: AbortSignal): ActShell["ask"] {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  return async (question) => {
    const line = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await line.question(question, { signal });
    } finally {
      line.close();
    }
  };
}
