import type { LocalResult } from "../../site/local-command.js";
import { redact } from "../redact.js";
import type { Observed } from "../types.js";
import type { Finding } from "../verdict.js";

/** Exit code by which a check says "not yet": EX_TEMPFAIL of sysexits.h. */
export const notYetExitCode = 75;

const shownCharacters = 2000;
const shownInReason = 200;

/** 0 passes, 75 is waited for, anything else fails; one that did not end, or could not be run, is unknown. */
export function judgeOwnCheck(name: string, timeoutSeconds: number, result: LocalResult): Finding {
  const said = lastLine(result);
  const words = said === "" ? "; it said nothing" : `; it said: ${said}`;
  const about = (outcome: Finding["outcome"], code: string, message: string): Finding => ({
    outcome,
    code,
    member: name,
    message,
  });
  if (result.startFault !== null)
    return about(
      "unknown",
      "CHECK_NOT_RUN",
      `Own check ${name} could not be started (${redact(result.startFault)}): see palette:checks and that "sh" is there.`,
    );
  if (result.timedOut)
    return about(
      "unknown",
      "CHECK_TIMEOUT",
      `Own check ${name} did not end within ${timeoutSeconds} s and was ended${words}. Give it more time (timeoutSeconds) or find out what it waits for.`,
    );
  if (result.exitCode === 0) return about("pass", "NOTE", `Own check ${name} passed${words}`);
  if (result.exitCode === notYetExitCode)
    return about("wait", "CHECK_NOT_YET", `Own check ${name} says not yet (exit ${notYetExitCode})${words}`);
  const ending = result.exitCode === null ? "was ended by a signal" : `ended with ${result.exitCode}`;
  return about("fail", "CHECK_FAILED", `Own check ${name} ${ending}, expected 0${words}. Mend what it names.`);
}

/** Its output as evidence: redacted, the last part of it. */
export function observedOfCheck({ exitCode, timedOut, stdout, stderr }: LocalResult): Observed {
  return { exitCode, timedOut, stdout: lastPart(stdout), stderr: lastPart(stderr) };
}

function lastLine({ stdout, stderr }: LocalResult): string {
  const line = (text: string): string => redact(text).trim().split(/\r?\n/).at(-1) ?? "";
  return (line(stderr) || line(stdout)).slice(0, shownInReason);
}

function lastPart(text: string): string {
  const clean = redact(text).trimEnd();
  return clean.length <= shownCharacters ? clean : `… ${clean.slice(-shownCharacters)}`;
}
