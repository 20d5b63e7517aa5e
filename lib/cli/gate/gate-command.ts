import { InvalidInputError } from "../../base/errors/errors.js";
import { stderr } from "../../base/process/output.js";
import { explainGate } from "../../gates/explain.js";
import { listRunnerNames } from "../../gates/consent/runner-names.js";
import { decodeGateRequest, type GateRequest, isGateProcess, readMaxWaitSeconds } from "../../gates/run/codec.js";
import { type GateProcessDeps, runGateRequest, toExitCode } from "../../gates/run/request.js";
import { isGateRecord, judgeRecord, recordInspection } from "../../gates/recording/record.js";
import { progressVariable, reportProgress } from "../../gates/run/progress-file.js";
import { getGateByName } from "../../gates/registry.js";
import { formatProgress } from "../../gates/run/runner.js";
import type { Gate, GateReport } from "../../gates/verdict/types.js";
import { connectSite } from "../../site/connect.js";
import { sharedAnswersVariable } from "../../site/palette/shared-answers.js";
import { createConnectOptions } from "../../program/rehearsal/connect-options.js";
import { readGateSecrets } from "../../settings/gate-secrets.js";
import { parseVersion } from "../../planning/version/version.js";
import { readGateSettings } from "./gate-settings-file.js";
import { describeGate } from "./gate-text.js";
import { assertNewFile, readSavedFile, writeNewFile } from "./record-file.js";
import { judgeMongo } from "./judge-command.js";

export interface GateCommandOptions {
  judge?: string;
  /** File to record the answers of one inspection in. */
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
 * Runs `gate NAME`: by hand, offline (`--judge`), explained (`--explain`), or as a stack's Command does. In the last
 * case the request is in the environment, and stdout is the report as one line of JSON. Progress goes to stderr. Ctrl-C
 * ends the process at once.
 *
 * @throws InvalidInputError (exit 2) for a name, option, file or environment entry that is not valid.
 */
export async function runGateCommand(
  name: string,
  options: GateCommandOptions,
  environment: NodeJS.ProcessEnv = process.env,
  say: (line: string) => void = writeToStderr,
): Promise<GateCommandResult> {
  const gate = getGateByName(name);
  if (options.explain) return { text: explainGate(gate), exitCode: 0 };
  if (options.judge !== undefined) return judgeSavedFile(gate, options);
  const asProcess = options.to === undefined && isGateProcess(environment);
  const request = asProcess ? decodeGateRequest(environment) : createGateRequest(options, environment);
  if (options.record !== undefined)
    return recordToFile(gate, request, options.record, { environment, say, ...options });
  const report = await runLiveGate(gate, request, environment, say);
  const exitCode = toExitCode(report);
  if (!asProcess) return { text: renderReport(report, options.output), exitCode };
  if (exitCode !== 0) say(describeGate(report));
  return { text: JSON.stringify(report), exitCode };
}

/** Judges a record of any gate; for MongoDB also a saved answer of rs.status(). */
async function judgeSavedFile(gate: Gate, options: GateCommandOptions): Promise<GateCommandResult> {
  const { members, maxLag, output, judge = "" } = options;
  const text = readSavedFile(judge);
  if (gate.name === "mongo-replica-set" && !isGateRecord(text))
    return judgeMongo({ file: judge, members, maxLag, output });
  const report = await judgeRecord(gate, text, judge);
  return { text: renderReport(report, output), exitCode: toExitCode(report) };
}

/** Inspects once and records the answers in a new file that only its owner can read. */
async function recordToFile(
  gate: Gate,
  request: GateRequest,
  file: string,
  options: { environment: NodeJS.ProcessEnv; say: (line: string) => void; output: "text" | "json" },
): Promise<GateCommandResult> {
  const { environment, say, output } = options;
  assertNewFile(file);
  const connection = createConnectOptions(environment);
  const connect: GateProcessDeps["connect"] = (settings, secrets) => connectSite(settings, secrets, connection);
  const removeHandlers = exitOnSignals();
  try {
    const { report, text } = await recordInspection(gate, request, { connect, clock: connection.clock });
    writeNewFile(file, text);
    say(`Kept in ${file}; judge it anywhere with: palette-upgrade gate ${gate.name} --judge ${file}`);
    return { text: renderReport(report, output), exitCode: toExitCode(report) };
  } finally {
    removeHandlers();
  }
}

async function runLiveGate(
  gate: Gate,
  request: GateRequest,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<GateReport> {
  const sharedAnswers = environment[sharedAnswersVariable] || null;
  const connection = { ...createConnectOptions(environment), sharedAnswers };
  const reporter = createProgressReporter(gate, request, environment, say);
  const removeHandlers = exitOnSignals();
  try {
    const report = await runGateRequest(
      gate,
      request,
      {
        connect: (settings, secrets) => connectSite(settings, secrets, connection),
        clock: connection.clock,
        runners: listRunnerNames(environment),
      },
      {
        onProgress: (progress) => reporter.reportWaiting(formatProgress(progress)),
        maxWaitSeconds: readMaxWaitSeconds(environment),
      },
    );
    reporter.reportDone(report);
    return report;
  } finally {
    removeHandlers();
  }
}

function writeToStderr(line: string): void {
  stderr.write(`${line}\n`);
}

/** Reports progress to stderr and, under a driver, to the driver's file; equal lines are not repeated. */
function createProgressReporter(
  gate: Gate,
  { when, only }: GateRequest,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): { reportWaiting: (text: string) => void; reportDone: (report: GateReport) => void } {
  const file = environment[progressVariable];
  const about = { gate: gate.name, when, pcg: only ?? null };
  let last = "";
  return {
    reportWaiting: (text) => {
      if (text === last) return;
      last = text;
      say(text);
      reportProgress(file, { ...about, waiting: text });
    },
    reportDone: (report) => reportProgress(file, { ...about, report }),
  };
}

/** Exits on signals without cleanup: a gate only reads, and what it started elsewhere is limited in time there. */
function exitOnSignals(): () => void {
  const exitInterrupted = (): void => {
    stderr.write("INTERRUPTED: the gate was ended; nothing was changed. Run the same command again to go on.\n");
    process.exit(130);
  };
  process.once("SIGINT", exitInterrupted).once("SIGTERM", exitInterrupted);
  return () => process.off("SIGINT", exitInterrupted).off("SIGTERM", exitInterrupted);
}

function createGateRequest(options: GateCommandOptions, environment: NodeJS.ProcessEnv): GateRequest {
  if (options.to === undefined) {
    throw new InvalidInputError("OPTION_MISSING", "--to: the destination of the hop is missing.", {
      next: 'Give the version the hop leads to (the installed one to judge what is installed), e.g. --to "4.6.41".',
    });
  }
  const given = readGateSettings(options.settings);
  const { kubeconfig = given.kubernetes.kubeconfig, context = given.kubernetes.context } = options;
  const settings = { ...given, kubernetes: { kubeconfig, context } };
  return {
    to: parseVersion(options.to, "--to"),
    when: options.when,
    settings,
    secrets: readGateSecrets(environment, settings.tenants.length),
  };
}

function renderReport(report: GateReport, output: "text" | "json"): string {
  return output === "json" ? JSON.stringify(report, null, 2) : describeGate(report);
}
