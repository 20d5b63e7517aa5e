import { stderr } from "../base/process/output.js";
import { shouldUseColour } from "./colour.js";
import { type UpShell } from "./up/up-command.js";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Calls `listener` on Ctrl-C, a cancelled job, a closed terminal, and when nobody reads stderr any more; none of them ends
 * the process then. Returns a function that ends this.
 */
export function watchInterrupts(listener: () => void): () => void {
  for (const name of signals) process.on(name, listener);
  const stopWatching = stderr.onLost(listener);
  return () => {
    for (const name of signals) process.off(name, listener);
    stopWatching();
  };
}

/** Runs an action so that an interrupt ends it cleanly: releases in progress finish first. */
export async function runInterruptibly(action: (shell: UpShell) => Promise<void>): Promise<void> {
  const { createStackShell } = await import("./stack-session.js");
  const interrupt = new AbortController();
  const shell = createStackShell();
  const stop = watchInterrupts(() => {
    if (!interrupt.signal.aborted)
      shell.say("Interrupted: no new step is begun; a release that moves comes to its end first.");
    interrupt.abort();
  });
  try {
    await action({
      ...shell,
      output: stderr,
      colour: shouldUseColour(stderr),
      isTerminal: process.stdin.isTTY && stderr.isTerminal,
      signal: interrupt.signal,
    });
  } finally {
    stop();
  }
}
