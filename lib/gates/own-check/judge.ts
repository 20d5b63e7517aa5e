import type { LocalResult } from "../../base/process/local-command.js";
import { redact } from "../../base/text/redact.js";
import type { Observed } from "../verdict/types.js";
import type { Finding } from "../verdict/findings.js";

/** Exit code of a check that means "not yet": EX_TEMPFAIL of sysexits.h. */
const notYetExitCode = 75;

const shownCharacters = 2000;
const shownInReason = 200;

/** Judges a check by its exit code: 0 passes, 75 waits, others fail; a timeout or a failed start is unknown. */
export function judgeOwnCheck(name: string, timeoutSeconds: number, result: LocalResult): Finding {
  const output = getLastOutputLine(result);
  const outputClause = output === "" ? "; it said nothing" : `; it said: ${output}`;
  const createFinding = (outcome: Finding["outcome"], code: string, message: string): Finding => ({
    outcome,
    code,
    member: name,
    message,
  });
  if (result.startFault !== null)
    return createFinding(
      "unknown",
      "CHECK_NOT_RUN",
      `Own check ${name} could not be started (${redact(result.startFault)}): see palette:checks and that "sh" is there.`,
    );
  if (result.timedOut)
    return createFinding(
      "unknown",
      "CHECK_TIMEOUT",
      `Own check ${name} did not end within ${timeoutSeconds} s and was ended${outputClause}. Give it more time (timeoutSeconds) or find out what it waits for.`,
    );
  if (result.exitCode === 0) return createFinding("pass", "NOTE", `Own check ${name} passed${outputClause}`);
  if (result.exitCode === notYetExitCode)
    return createFinding(
      "wait",
      "CHECK_NOT_YET",
      `Own check ${name} says not yet (exit ${notYetExitCode})${outputClause}`,
    );
  const ending = result.exitCode === null ? "was ended by a signal" : `ended with ${result.exitCode}`;
  return createFinding(
    "fail",
    "CHECK_FAILED",
    `Own check ${name} ${ending}, expected 0${outputClause}. Fix what it names.`,
  );
}

/** Returns the end of the output, redacted, as evidence. */
export function toObservedOutput({ exitCode, timedOut, stdout, stderr }: LocalResult): Observed {
  return { exitCode, timedOut, stdout: getRedactedTail(stdout), stderr: getRedactedTail(stderr) };
}

function getLastOutputLine({ stdout, stderr }: LocalResult): string {
  const getLastLine = (text: string): string => redact(text).trim().split(/\r?\n/).at(-1) ?? "";
  return (getLastLine(stderr) || getLastLine(stdout)).slice(0, shownInReason);
}

function getRedactedTail(text: string): string {
  const clean = redact(text).trimEnd();
  return clean.length <= shownCharacters ? clean : `… ${clean.slice(-shownCharacters)}`;
}
