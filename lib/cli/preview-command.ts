import { attempt, toRefusal } from "../base/errors/refusal.js";
import { type PaletteError } from "../base/errors/errors.js";
import { parseLocation } from "../journal/location.js";
import { renderPreviewMarkdown } from "../program/preview/render/markdown.js";
import { renderPreviewText } from "../program/preview/render/text.js";
import { type ImportedRelease, listStateReleases } from "../program/step/releases/hand-imported.js";
import { previewGatesOnly } from "../program/preview/without-engine.js";
import { type PreviewReport, stampTool } from "../program/preview/report.js";
import { createEmptyPreview } from "../program/preview/assemble.js";
import { toRunEnding } from "../driver/ending.js";
import { addWhoBegan } from "../driver/who-began.js";
import { computePreviewExitCode } from "../program/preview/exit.js";
import { createRunFiles } from "../driver/run-files.js";
import { type CommandResult } from "./result.js";
import { openSession, readStackEntries, type StackSession, type StackShell } from "./stack-session.js";

interface PreviewCommandOptions {
  stack: string;
  gatesOnly: boolean;
  warningsAsExitCode: boolean;
  output: "text" | "json" | "markdown";
}

interface PreviewShell extends StackShell {
  colour: boolean;
  width: number | undefined;
  signal: AbortSignal;
}

interface Preview {
  report: PreviewReport;
  exitCode: number;
}

const interruptedExitCode = 130;

/**
 * Runs `preview`: shows what `up` would do now, with the exit code `up` would have as far as a preview can know. It
 * cannot know whether somebody approves, whether the journal can be written, or what an unreachable cluster would
 * answer. A failed preview is rendered too, with its refusal, so that a pull request shows it.
 */
export async function runPreviewCommand(options: PreviewCommandOptions, shell: PreviewShell): Promise<CommandResult> {
  const preview = await attempt(() => buildPreview(options, shell));
  const { report, exitCode } = preview.ok ? preview.value : createRefusedPreview(options.stack, preview.refusal);
  return { text: render(stampTool(report), options, shell), exitCode };
}

function createRefusedPreview(stack: string, refusal: PaletteError): Preview {
  return { report: { ...createEmptyPreview(stack), refusal: toRefusal(refusal) }, exitCode: refusal.exitCode };
}

function render(report: PreviewReport, { output }: PreviewCommandOptions, { colour, width }: PreviewShell): string {
  switch (output) {
    case "json":
      return JSON.stringify(report, null, 2);
    case "markdown":
      return renderPreviewMarkdown(report);
    case "text":
      return renderPreviewText(report, { colour, width });
  }
}

async function buildPreview(options: PreviewCommandOptions, shell: PreviewShell): Promise<Preview> {
  const { stack: name, gatesOnly } = options;
  const session = await openSession(shell, name);
  parseLocation(session.settings.journal);
  const { report, exitCode } = await (gatesOnly
    ? previewWithoutEngine(session, options, shell)
    : previewWithEngine(session, options, shell));
  return { report: await addWhoBegan(report, () => readStackEntries(session, shell)), exitCode };
}

async function previewWithoutEngine(
  { stack, settings }: StackSession,
  options: PreviewCommandOptions,
  { environment }: PreviewShell,
): Promise<Preview> {
  const outputs = await stack.engine.outputs();
  const { projectDir } = stack;
  const readStackOutputs = (other: string): Promise<Record<string, unknown>> => stack.readOutputsOf(other);
  const readStateReleases = async (): Promise<ImportedRelease[] | null> =>
    stack.state === null ? null : listStateReleases(await stack.state.read());
  const previewOptions = {
    stack: options.stack,
    projectDir,
    settings,
    outputs,
    readStackOutputs,
    readStateReleases,
    environment,
  };
  const { report, refusedWith } = await previewGatesOnly(previewOptions);
  return { report, exitCode: refusedWith?.exitCode ?? computePreviewExitCode(report, options) };
}

async function previewWithEngine(
  { stack }: StackSession,
  options: PreviewCommandOptions,
  { signal }: PreviewShell,
): Promise<Preview> {
  const files = createRunFiles();
  try {
    const run = await stack.engine.preview({ signal, environment: files.environment });
    const report = files.report() ?? createEmptyPreview(stack.name);
    if (run.ok) return { report, exitCode: computePreviewExitCode(report, options) };
    if (run.interrupted) {
      const refusal = { code: "INTERRUPTED", message: "The preview was interrupted.", next: "Run it again." };
      return { report: { ...report, refusal }, exitCode: interruptedExitCode };
    }
    const { refusals, gates, exitCode } = toRunEnding(run, files.failure());
    const refusal = refusals[0] ?? {
      code: "GATE_REFUSED",
      message: `Refused by ${gates.map(({ gate }) => gate).join(", ")}.`,
      next: null,
    };
    return { report: { ...report, refusal: report.refusal ?? refusal }, exitCode };
  } finally {
    files.dispose();
  }
}
