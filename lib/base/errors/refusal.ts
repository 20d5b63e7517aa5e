import { clipText } from "../text/shown.js";
import { getErrorMessage, PaletteError } from "./errors.js";

/** What ended a run, as it is shown, kept and returned. */
export interface Refusal {
  code: string;
  message: string;
  next: string | null;
}

/** A refusal with the exit code of the command line. */
export interface Failure extends Refusal {
  exitCode: number;
}

/** Longest message of an error, in characters: it may repeat what a site or an engine said. */
const messageLimit = 16_000;

/** Converts anything that was thrown; what this project did not throw on purpose is `UNEXPECTED`. */
export function toFailure(error: unknown, environment: NodeJS.ProcessEnv = process.env): Failure {
  if (error instanceof PaletteError) {
    const { code, message, next = null, exitCode } = error;
    return { code, message: clipText(message, messageLimit), next, exitCode };
  }
  const isDebugging = (environment.PALETTE_DEBUG ?? "") !== "";
  const stack = isDebugging && error instanceof Error ? `\n${error.stack ?? ""}` : "";
  const next = isDebugging ? null : "Set PALETTE_DEBUG=1 to see where.";
  return {
    code: "UNEXPECTED",
    message: clipText(`${getErrorMessage(error)}${stack}`, messageLimit),
    next,
    exitCode: 1,
  };
}

/** Converts anything that was thrown to the refusal of a report. */
export function toRefusal(error: unknown): Refusal {
  const { code, message, next } = toFailure(error);
  return { code, message, next };
}

/** Formats a refusal for a person: code and message, then the next step on a line of its own. */
export function formatRefusal({ code, message, next }: Refusal, indent = ""): string {
  return `${code}: ${message}${next === null ? "" : `\n${indent}${next}`}`;
}

/** The value of some work, or the PaletteError it refused with. */
type Attempt<T> = { ok: true; value: T } | { ok: false; refusal: PaletteError };

/** Does some work and returns a refusal as a value; rethrows anything else that was thrown. */
export async function attempt<T>(work: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!(error instanceof PaletteError)) throw error;
    return { ok: false, refusal: error };
  }
}
