import { listRunnerNames } from "../../gates/consent/runner-names.js";
import { parseApproval } from "../../driver/approval.js";
import { type UpRequest } from "../../driver/up.js";
import { describeTool } from "../../base/process/tool-version.js";
import { parseVersion } from "../../planning/version/version.js";

export interface UpCommandOptions {
  stack: string;
  to?: string;
  maxHops?: number;
  yes: boolean;
  change?: string;
  patience?: number;
  approvedVersion?: string;
  approvedFingerprint?: string;
  approvedBy?: string;
  output: "text" | "json";
}

const maxWaitOnTerminalSeconds = 600;

/** Creates the request. `command` is as typed, without options that have a field of their own in the journal. */
export function createUpRequest(
  options: UpCommandOptions,
  { isTerminal, environment }: { isTerminal: boolean; environment: NodeJS.ProcessEnv },
): UpRequest {
  const approved = parseApproval(options);
  const typedOptions = [
    ...(options.to === undefined ? [] : ["--to", options.to]),
    ...(options.maxHops === undefined ? [] : ["--max-hops", String(options.maxHops)]),
    ...(options.yes ? ["--yes"] : []),
    ...(options.patience === undefined ? [] : ["--patience", String(options.patience)]),
    ...(approved === null
      ? []
      : [
          ...["--approved-version", approved.version, "--approved-fingerprint", approved.fingerprint],
          ...["--approved-by", approved.by],
        ]),
  ];
  const inCi = (environment.CI ?? "") !== "" && environment.CI !== "false";
  return {
    command: ["up", "--stack", options.stack, ...typedOptions].join(" "),
    to: options.to === undefined ? null : parseVersion(options.to, "--to"),
    // An approval is valid for one preview, and the next hop has another preview.
    maxHops: approved === null ? (options.maxHops ?? null) : 1,
    tool: describeTool(),
    change: options.change ?? null,
    maxWaitSeconds: options.patience ?? (isTerminal && !inCi ? maxWaitOnTerminalSeconds : 0),
    approved,
    runner: listRunnerNames(environment)[0] ?? "not known",
  };
}
