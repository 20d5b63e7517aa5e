import { createInterface } from "node:readline";
import { type ProgressLine } from "../gates/progress-file.js";
import { renderPreviewText } from "../report/preview-text.js";
import { type PreviewReport } from "../stack/preview-report.js";
import { type UpScreen } from "../upgrade/up.js";
import { createProgress, type Progress } from "./progress.js";
import { showEvents, showWaiting } from "./run-progress.js";

export interface UpScreenOptions {
  stream: NodeJS.WriteStream;
  colour: boolean;
  /** Asks a person; null where nobody is to be asked. */
  ask: ((question: string) => Promise<boolean>) | null;
  /** Milliseconds. */
  now: () => number;
}

/** A run on a terminal or in a log: the summary of each preview, then the update as it goes. */
export function createUpScreen({ stream, colour, ask, now }: UpScreenOptions): UpScreen & { close: () => void } {
  let progress: Progress | null = null;
  let waiting: (line: ProgressLine) => void = () => undefined;
  // A live area must not draw over a question: each engine run has its own.
  const begin = (heading: string): Progress => {
    progress?.close();
    const next = createProgress({ stream, isTerminal: stream.isTTY, colour, now });
    next.heading(heading);
    waiting = showWaiting(next);
    return (progress = next);
  };
  const close = (): void => {
    progress?.close();
    progress = null;
    waiting = () => undefined;
  };
  return {
    close,
    onRun: (number, what) => {
      const running = begin(what === "preview" ? `Preview ${number}` : `Update ${number}`);
      const show = showEvents(running);
      return (event) => {
        // What the program found is shown as a whole when the preview has ended.
        if (event.kind === "diagnostic" ? event.severity === "warning" : what === "up") show(event);
      };
    },
    onProgress: (line) => waiting(line),
    confirm: async (report) => {
      close();
      const width = stream.columns;
      stream.write(`${renderPreviewText(report, { colour, ...(width === undefined ? {} : { width }) })}\n`);
      if (ask === null) return "unasked";
      return (await ask(`${question(report)} [y/N] `)) ? "confirmed" : "declined";
    },
  };
}

function question({ step, approval }: PreviewReport): string {
  const print = approval === null ? "" : ` (fingerprint ${approval.fingerprint.slice(0, 12)})`;
  if (step?.kind === "hop") return `Make the hop ${step.from} -> ${step.destination}${print} now?`;
  return `Make this update (${step?.kind ?? "nothing known"}) now?`;
}

/** Reads one line; anything but y or yes is a no, as are an end of input and an interrupt. */
export function askOnTerminal(signal: AbortSignal): (question: string) => Promise<boolean> {
  return (text) =>
    new Promise((resolve) => {
      // Without `terminal` a Ctrl-C stays a signal to this process.
      const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
      const answer = (yes: boolean): void => {
        // First of all: closing tells "close", which is a no of its own.
        resolve(yes);
        signal.removeEventListener("abort", refuse);
        lines.close();
      };
      const refuse = (): void => answer(false);
      signal.addEventListener("abort", refuse, { once: true });
      lines.on("close", refuse);
      process.stderr.write(text);
      lines.once("line", (line) => answer(/^y(es)?$/i.test(line.trim())));
    });
}
