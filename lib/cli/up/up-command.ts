import { InvalidInputError, NotNowError } from "../../base/errors/errors.js";
import { identifyActor, identifyMachine } from "../../gates/consent/actor.js";
import { openJournal } from "../../journal/open.js";
import { type Output } from "../../base/process/output.js";
import { acquireLock, type Lock } from "../../base/process/process-lock.js";
import { getDriverLockPath } from "../../driver/driver-lock.js";
import { createHiddenValues } from "../../driver/hidden-values.js";
import { connectStackKubernetes, inspectLock, refuseIfLocked } from "../../driver/inspect-lock.js";
import { createRunFiles } from "../../driver/run-files.js";
import { sealState } from "../../engine/seal-state.js";
import { type UpResult } from "../../driver/up-result.js";
import { runUp, type UpRequest } from "../../driver/up.js";
import { type CommandResult } from "../result.js";
import { openSession, type StackSession, type StackShell } from "../stack-session.js";
import { createUpRequest, type UpCommandOptions } from "./up-request.js";
import { askOnTerminal, createUpScreen } from "./up-screen.js";
import { renderUpResult } from "./up-text.js";

export { type UpCommandOptions } from "./up-request.js";

/** What long-running commands need in addition. */
export interface UpShell extends StackShell {
  output: Output;
  colour: boolean;
  /** Whether a person can be asked. */
  isTerminal: boolean;
  signal: AbortSignal;
}

/** Runs `up`: drives a stack to its target. */
export async function runUpCommand(options: UpCommandOptions, shell: UpShell): Promise<CommandResult> {
  const request = createUpRequest(options, shell);
  if (!options.yes && !shell.isTerminal) {
    throw new InvalidInputError("CONFIRMATION_NEEDED", "There is no terminal to ask on, and --yes was not given.", {
      next: "Add --yes once somebody has read the preview (palette-upgrade preview --stack …).",
    });
  }
  const session = await openSession(shell, options.stack);
  const lock = acquireDriverLock(session);
  try {
    const result = await driveStack(session, request, options, shell);
    const text = options.output === "json" ? JSON.stringify(result, null, 2) : renderUpResult(result, shell.colour);
    return { text, exitCode: result.exitCode };
  } finally {
    lock.release();
  }
}

async function driveStack(
  { stack, settings }: StackSession,
  request: UpRequest,
  { yes }: UpCommandOptions,
  shell: UpShell,
): Promise<UpResult> {
  const { clock, environment, signal } = shell;
  const actor = identifyActor(environment, identifyMachine());
  const journal = await openJournal(settings.journal, {
    stack: stack.name,
    actor,
    clock,
    projectDir: stack.projectDir,
    environment,
  });
  const location = { projectDir: stack.projectDir, environment };
  const files = createRunFiles();
  const ask = yes || !shell.isTerminal ? null : askOnTerminal(signal);
  const screen = createUpScreen({ output: shell.output, colour: shell.colour, ask, now: () => performance.now() });
  try {
    return await runUp(
      {
        stack,
        settings,
        journal,
        files,
        screen,
        signal,
        seconds: () => performance.now() / 1000,
        ready: () => refuseIfLocked(stack, settings, shell),
        explain: (refusal) =>
          refusal.code === "STACK_LOCKED" ? inspectLock(stack, settings, shell, refusal) : Promise.resolve(refusal),
        readRevisions: () => connectStackKubernetes(settings.kubernetes, location).helmRevisions(),
        hidden: createHiddenValues(settings, location),
        cleanUp: () => (stack.state === null ? Promise.resolve([]) : sealState(stack.name, stack.state)),
      },
      request,
    );
  } finally {
    screen.close();
    files.dispose();
  }
}

/** Allows one driver per stack on this machine; the backend's lock keeps out drivers on other machines. */
function acquireDriverLock({ stack }: StackSession): Lock {
  try {
    return acquireLock(getDriverLockPath(stack));
  } catch (error) {
    if (!(error instanceof NotNowError)) throw error;
    const who = /held by (process \d+ on \S+ since \S+?)[,;]? /.exec(`${error.message} `)?.[1];
    throw new NotNowError(
      "STACK_LOCKED",
      `Stack ${stack.name} is driven already${who === undefined ? "" : `, by ${who}`}.`,
      {
        next: "Wait until that run has ended (palette-upgrade status shows it), then run the same command again.",
        cause: error,
      },
    );
  }
}
