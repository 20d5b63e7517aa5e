import { PaletteError } from "../errors.js";
import { parseLocation } from "../journal/location.js";
import { renderPreviewMarkdown } from "../report/preview-markdown.js";
import { renderPreviewText } from "../report/preview-text.js";
import { releasesIn, type HeldByHand } from "../stack/hand-imported.js";
import { lookAhead } from "../stack/look-ahead.js";
import { emptyPreview } from "../stack/preview.js";
import { refusalOf, type PreviewReport } from "../stack/preview-report.js";
import { endingOf } from "../upgrade/ending.js";
import { previewExitCode } from "../upgrade/preview-end.js";
import { createRunFiles } from "../upgrade/run-files.js";
import { type CommandResult } from "./main.js";
import { openSession, type StackSession, type StackShell } from "./stack-session.js";

export interface PreviewCommandOptions {
  stack: string;
  gatesOnly: boolean;
  output: "text" | "json" | "markdown";
}

export interface PreviewShell extends StackShell {
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
 * `preview`: what `up` would do now, with the exit code it would end with as far as a preview can know: not whether somebody
 * approves, whether the journal can be written, or what a cluster that it cannot reach would answer. A preview that fails is a preview too: it is
 * rendered with its refusal, so that a pull request shows it.
 */
export async function previewCommand(options: PreviewCommandOptions, shell: PreviewShell): Promise<CommandResult> {
  const { report, exitCode } = await look(options, shell).catch((error: unknown): Preview => {
    if (!(error instanceof PaletteError)) throw error;
    return { report: { ...emptyPreview(options.stack), refusal: refusalOf(error) }, exitCode: error.exitCode };
  });
  return { text: render(report, options, shell), exitCode };
}

function render(report: PreviewReport, { output }: PreviewCommandOptions, { colour, width }: PreviewShell): string {
  switch (output) {
    case "json":
      return JSON.stringify(report, null, 2);
    case "markdown":
      return renderPreviewMarkdown(report);
    case "text":
      return renderPreviewText(report, { colour, ...(width === undefined ? {} : { width }) });
  }
}

async function look({ stack: name, gatesOnly }: PreviewCommandOptions, shell: PreviewShell): Promise<Preview> {
  const session = await openSession(shell, name);
  parseLocation(session.settings.journal);
  if (!gatesOnly) return wholePreview(session, shell);
  const { stack, settings } = session;
  const outputs = await stack.engine.outputs();
  const { projectDir } = stack;
  const readOutputsOf = (other: string): Promise<Record<string, unknown>> => stack.outputsOf(other);
  const { environment } = shell;
  const inState = async (): Promise<HeldByHand[] | null> =>
    stack.state === null ? null : releasesIn(await stack.state.read());
  const question = { stack: name, projectDir, settings, outputs, readOutputsOf, inState, environment };
  const { report, refusedWith } = await lookAhead(question);
  return { report, exitCode: refusedWith?.exitCode ?? previewExitCode(report) };
}

async function wholePreview({ stack }: StackSession, { signal }: PreviewShell): Promise<Preview> {
  const files = createRunFiles();
  try {
    const run = await stack.engine.preview({ signal, environment: files.environment });
    const report = files.report() ?? emptyPreview(stack.name);
    if (run.ok) return { report, exitCode: previewExitCode(report) };
    if (run.interrupted) {
      const refusal = { code: "INTERRUPTED", message: "The preview was interrupted.", next: "Run it again." };
      return { report: { ...report, refusal }, exitCode: interruptedExitCode };
    }
    const { refusals, gates, exitCode } = endingOf(run, files.failure());
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
