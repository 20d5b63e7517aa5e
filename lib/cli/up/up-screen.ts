import { createInterface } from "node:readline";
import { type Output, stderr } from "../../base/process/output.js";
import { type ProgressLine } from "../../gates/run/progress-file.js";
import { renderPreviewText } from "../../program/preview/render/text.js";
import { type PreviewReport } from "../../program/preview/report.js";
import { type UpScreen } from "../../driver/up.js";
import { describeIdentity } from "../../site/identity.js";
import { createProgress, type Progress } from "../progress.js";
import { showEvents, showWaiting } from "./run-progress.js";

interface UpScreenOptions {
  output: Output;
  colour: boolean;
  /** Asks a person; null if nobody is to be asked. */
  ask: ((question: string) => Promise<boolean>) | null;
  /** Milliseconds. */
  now: () => number;
}

/**
 * Creates the display of a run, for a terminal or log: the summary of each preview, then the progress of the update.
 */
export function createUpScreen({ output, colour, ask, now }: UpScreenOptions): UpScreen & { close: () => void } {
  let progress: Progress | null = null;
  let showWait: (line: ProgressLine) => void = () => undefined;
  // Each engine run has its own live area, so that none draws over a question.
  const startProgress = (heading: string): Progress => {
    progress?.close();
    const next = createProgress({ output, isTerminal: output.isTerminal, colour, now });
    next.printHeading(heading);
    showWait = showWaiting(next);
    return (progress = next);
  };
  const close = (): void => {
    progress?.close();
    progress = null;
    showWait = () => undefined;
  };
  return {
    close,
    onRun: (number, what) => {
      const running = startProgress(what === "preview" ? `Preview ${number}` : `Update ${number}`);
      const show = showEvents(running);
      return (event) => {
        // What the program found is shown in the summary at the end of the preview.
        if (event.kind === "diagnostic" ? event.severity === "warning" : what === "up") show(event);
      };
    },
    onProgress: (line) => showWait(line),
    confirm: async (report) => {
      close();
      const width = output.columns;
      output.write(`${renderPreviewText(report, { colour, width })}\n`);
      if (ask === null) return "unasked";
      return (await ask(`${formatQuestion(report)} [y/N] `)) ? "confirmed" : "declined";
    },
  };
}

function formatQuestion({ step, approval, identity, confirmsCluster }: PreviewReport): string {
  const fingerprint = approval === null ? "" : ` (fingerprint ${approval.fingerprint.slice(0, 12)})`;
  const site = identity === null ? "" : `\nOn ${describeIdentity(identity)}.\n`;
  if (step?.kind === "hop") return `${site}Make the hop ${step.from} -> ${step.destination}${fingerprint} now?`;
  const what = confirmsCluster ? "Is this the installation you mean, for good? " : "";
  return `${site}${what}Make this update (${step?.kind ?? "nothing known"}) now?`;
}

/** Asks a question and reads one line: anything but y or yes means no, as do end of input and an interrupt. */
export function askOnTerminal(signal: AbortSignal): (question: string) => Promise<boolean> {
  return (text) =>
    new Promise((resolve) => {
      // Without `terminal` a Ctrl-C stays a signal to this process.
      const lines = createInterface({ input: process.stdin, terminal: false });
      const answer = (yes: boolean): void => {
        // Must come first: closing emits "close", which would answer no.
        resolve(yes);
        signal.removeEventListener("abort", refuse);
        lines.close();
      };
      const refuse = (): void => answer(false);
      signal.addEventListener("abort", refuse, { once: true });
      lines.on("close", refuse);
      stderr.write(text);
      lines.once("line", (line) => answer(/^y(es)?$/i.test(line.trim())));
    });
}
