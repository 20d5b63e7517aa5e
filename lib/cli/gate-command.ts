import { InvalidInputError } from "../errors.js";
import { explainGate } from "../gates/explain.js";
import {
  exitCodeOf,
  gateRequestOf,
  isGateProcess,
  patienceOf,
  runGateRequest,
  type GateProcessDeps,
  type GateRequest,
} from "../gates/process.js";
import { isRecord, judgeRecord, recordLook } from "../gate-record/record.js";
import { progressVariable, tellProgress } from "../gates/progress-file.js";
import { gateByName } from "../gates/registry.js";
import { formatProgress } from "../gates/runner.js";
import type { Gate, GateReport } from "../gates/types.js";
import { clockFromEnvironment, connectSite } from "../site/connect.js";
import { secretsFrom } from "../stack/gate-secrets.js";
import { parseVersion } from "../version/version.js";
import { gateSettingsFile } from "./gate-settings-file.js";
import { describeGate } from "./gate-words.js";
import { assertNew, savedText, writeNew } from "./record-file.js";
import { judgeMongo } from "./judge-command.js";

export interface GateCommandOptions {
  judge?: string;
  /** File to keep the answers of one look in. */
  record?: string;
  members?: number;
  maxLag?: number;
  kubeconfig?: string;
  context?: string;
  to?: string;
  when: "before" | "after";
  settings?: string;
  explain: boolean;
  output: "text" | "json";
}

interface GateCommandResult {
  text: string;
  exitCode: number;
}

/**
 * `gate NAME`: by hand, offline (`--judge`), explained (`--explain`), or as a stack's Command does: with the request in the
 * environment, when stdout is one line of JSON, the evidence. Progress goes to stderr. Ctrl-C ends the process at once.
 *
 * @throws InvalidInputError (exit 2) for a name, option, file or environment entry that is not valid.
 */
export async function gateCommand(
  name: string,
  options: GateCommandOptions,
  environment: NodeJS.ProcessEnv = process.env,
  say: (line: string) => void = sayOnStderr,
): Promise<GateCommandResult> {
  const gate = gateByName(name);
  if (options.explain) return { text: explainGate(gate), exitCode: 0 };
  if (options.judge !== undefined) return judgeSaved(gate, options);
  const asProcess = options.to === undefined && isGateProcess(environment);
  const request = asProcess ? gateRequestOf(environment) : requestOf(options, environment);
  if (options.record !== undefined) return record(gate, request, options.record, { environment, say, ...options });
  const report = await run(gate, request, environment, say);
  const exitCode = exitCodeOf(report);
  if (!asProcess) return { text: shown(report, options.output), exitCode };
  if (exitCode !== 0) say(describeGate(report));
  return { text: JSON.stringify(report), exitCode };
}

/** A record of any gate; of MongoDB also a saved answer of rs.status(). */
async function judgeSaved(gate: Gate, options: GateCommandOptions): Promise<GateCommandResult> {
  const { members, maxLag, output, judge = "" } = options;
  const text = savedText(judge);
  if (gate.name === "mongo-replica-set" && !isRecord(text)) return judgeMongo({ file: judge, members, maxLag, output });
  const report = await judgeRecord(gate, text, judge);
  return { text: shown(report, output), exitCode: exitCodeOf(report) };
}

/** One look, its answers kept in a new file that only its owner reads. */
async function record(
  gate: Gate,
  request: GateRequest,
  file: string,
  options: { environment: NodeJS.ProcessEnv; say: (line: string) => void; output: "text" | "json" },
): Promise<GateCommandResult> {
  const { environment, say, output } = options;
  assertNew(file);
  const clock = clockFromEnvironment(environment);
  const connect: GateProcessDeps["connect"] = (settings, secrets) =>
    connectSite(settings, secrets, { environment, clock });
  const ended = endOnSignals();
  try {
    const { report, text } = await recordLook(gate, request, { connect, clock });
    writeNew(file, text);
    say(`Kept in ${file}; judge it anywhere with: palette-upgrade gate ${gate.name} --judge ${file}`);
    return { text: shown(report, output), exitCode: exitCodeOf(report) };
  } finally {
    ended();
  }
}

async function run(
  gate: Gate,
  request: GateRequest,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<GateReport> {
  const clock = clockFromEnvironment(environment);
  const tell = tellerOf(gate, request, environment, say);
  const ended = endOnSignals();
  try {
    const report = await runGateRequest(
      gate,
      request,
      { connect: (settings, secrets) => connectSite(settings, secrets, { environment, clock }), clock },
      {
        onProgress: (progress) => tell.waiting(formatProgress(progress)),
        patienceSeconds: patienceOf(environment),
      },
    );
    tell.done(report);
    return report;
  } finally {
    ended();
  }
}

function sayOnStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Progress to stderr and, in a driven run, to the driver's file; a line that says nothing new is not repeated. */
function tellerOf(
  gate: Gate,
  { when, only }: GateRequest,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): { waiting: (text: string) => void; done: (report: GateReport) => void } {
  const file = environment[progressVariable];
  const about = { gate: gate.name, when, pcg: only };
  let last = "";
  return {
    waiting: (text) => {
      if (text === last) return;
      last = text;
      say(text);
      tellProgress(file, { ...about, waiting: text });
    },
    done: (report) => tellProgress(file, { ...about, report }),
  };
}

/** Nothing is to be tidied up: a gate only reads, and what it started elsewhere is bounded by limits there. */
function endOnSignals(): () => void {
  const end = (): void => {
    process.stderr.write(
      "INTERRUPTED: the gate was ended; nothing was changed. Run the same command again to go on.\n",
    );
    process.exit(130);
  };
  process.once("SIGINT", end).once("SIGTERM", end);
  return () => process.off("SIGINT", end).off("SIGTERM", end);
}

function requestOf(options: GateCommandOptions, environment: NodeJS.ProcessEnv): GateRequest {
  if (options.to === undefined) {
    throw new InvalidInputError("OPTION_MISSING", "--to: the destination of the hop is missing.", {
      next: 'Give the version the hop leads to (the installed one to judge what is installed), e.g. --to "4.6.41".',
    });
  }
  const settings = {
    ...gateSettingsFile(options.settings),
    ...(options.kubeconfig === undefined ? {} : { kubeconfig: options.kubeconfig }),
    ...(options.context === undefined ? {} : { context: options.context }),
  };
  return {
    to: parseVersion(options.to, "--to"),
    when: options.when,
    settings,
    secrets: secretsFrom(environment, settings.tenants.length),
    baseline: {},
    only: null,
    ingressProvedAt: null,
  };
}

function shown(report: GateReport, output: "text" | "json"): string {
  return output === "json" ? JSON.stringify(report, null, 2) : describeGate(report);
}
