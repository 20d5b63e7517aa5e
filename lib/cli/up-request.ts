import { givenApproval } from "../upgrade/approval.js";
import { type UpRequest } from "../upgrade/up.js";
import { parseVersion } from "../version/version.js";

export interface UpCommandOptions {
  stack: string;
  to?: string;
  maxHops?: number;
  yes: boolean;
  change?: string;
  patience?: number;
  approvedVersion?: string;
  approvedFingerprint?: string;
  output: "text" | "json";
}

const patienceOnTerminalSeconds = 600;

/** `command` is as it was typed; what has a field of its own in the journal is not repeated in it. */
export function upRequestOf(
  options: UpCommandOptions,
  { isTerminal, environment }: { isTerminal: boolean; environment: NodeJS.ProcessEnv },
): UpRequest {
  const approved = givenApproval(options.approvedVersion, options.approvedFingerprint);
  const words = [
    ...(options.to === undefined ? [] : ["--to", options.to]),
    ...(options.maxHops === undefined ? [] : ["--max-hops", String(options.maxHops)]),
    ...(options.yes ? ["--yes"] : []),
    ...(options.patience === undefined ? [] : ["--patience", String(options.patience)]),
    ...(approved === null
      ? []
      : ["--approved-version", approved.version, "--approved-fingerprint", approved.fingerprint]),
  ];
  const inCi = (environment.CI ?? "") !== "" && environment.CI !== "false";
  return {
    command: ["up", "--stack", options.stack, ...words].join(" "),
    to: options.to === undefined ? null : parseVersion(options.to, "--to"),
    // An approval is of one preview, and the next hop has another.
    maxHops: approved === null ? (options.maxHops ?? null) : 1,
    change: options.change ?? null,
    patienceSeconds: options.patience ?? (isTerminal && !inCi ? patienceOnTerminalSeconds : 0),
    approved,
  };
}
