import { InvalidInputError } from "../../base/errors/errors.js";
import { judgeSaved } from "../../gates/mongo-replica-set/judge-saved.js";
import { parseSaved } from "../../gates/mongo-replica-set/text/saved.js";
import type { Verdict } from "../../gates/verdict/types.js";
import { readSavedFile } from "./record-file.js";
import { defaultGateSettings } from "../../settings/gate-settings.js";

export interface JudgeOptions {
  file: string;
  /** As given on the command line: a whole number of members, 1 to 50. */
  members?: string | number | undefined;
  /** As given on the command line: seconds, 0 or more. */
  maxLag?: string | number | undefined;
  output: string;
}

/**
 * Runs `gate mongo --judge FILE`: judges a saved document without a cluster. Exit code 0 if it passes, else 3.
 * @param now dates in the document may not lie more than a day after it
 * @throws InvalidInputError (exit 2) for an option that is not valid or a file that cannot be read
 */
export function judgeMongo(options: JudgeOptions, now: Date = new Date()): { text: string; exitCode: 0 | 3 } {
  if (options.output !== "json" && options.output !== "text") {
    throw new InvalidInputError("OUTPUT_INVALID", `--output: "${options.output}" is not a form of this command.`, {
      next: "Use json or text.",
    });
  }
  const expectedMembers = parseNumber("--members", options.members, 1, 50, true);
  const maxLagSeconds =
    parseNumber("--max-lag", options.maxLag, 0, 86_400, false) ?? defaultGateSettings.mongo.maxLagSeconds;
  const verdict = judgeSaved(parseSaved(readSavedFile(options.file), now), { expectedMembers, maxLagSeconds });
  const text =
    options.output === "json" ? `${JSON.stringify(verdict, null, 2)}\n` : renderVerdict(verdict, options.file);
  return { text, exitCode: verdict.outcome === "pass" ? 0 : 3 };
}

function parseNumber(
  option: string,
  given: string | number | undefined,
  least: number,
  most: number,
  whole: boolean,
): number | null {
  if (given === undefined) return null;
  const text = String(given).trim();
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? "a whole number" : "a number of seconds";
  throw new InvalidInputError("OPTION_INVALID", `${option}: "${given}" is not ${kind} from ${least} to ${most}.`, {
    next: `Give ${kind}.`,
  });
}

function renderVerdict(verdict: Verdict, file: string): string {
  const lines = verdict.reasons.map(
    ({ code, member, message }) => `  ${code}${member === null ? "" : ` [${member}]`}: ${message}`,
  );
  return `${verdict.gate}: ${verdict.outcome} (${file})\n${lines.map((line) => `${line}\n`).join("")}`;
}
