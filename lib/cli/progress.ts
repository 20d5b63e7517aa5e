import { type Colours, createColours } from "../base/text/colours.js";
import { createLogUpdate } from "log-update";
import { type Output } from "../base/process/output.js";
import { toOneLine } from "../base/text/shown.js";

/** How progress is shown: one live line per step on a terminal, plain lines elsewhere. Always on stderr. */
export interface Progress {
  printHeading: (text: string) => void;
  printNote: (text: string) => void;
  start: (id: string, label: string) => void;
  /** Shows what a running step waits for. */
  wait: (id: string, text: string) => void;
  /** Marks a running step as not applicable; it still has to finish. */
  markNotApplicable: (id: string) => void;
  finish: (id: string, outcome: "passed" | "failed", text?: string) => void;
  /** Ends the live area; printed lines stay. */
  close: () => void;
}

interface ProgressOptions {
  output: Output;
  isTerminal: boolean;
  colour: boolean;
  /** Milliseconds; injected for tests. */
  now: () => number;
}

interface Running {
  label: string;
  since: number;
  waiting: string;
  /** When its last plain line was printed, so that a log does not get a line for every inspection of a gate. */
  printedAt: number | null;
  isNotApplicable: boolean;
}

const plainPauseMilliseconds = 10_000;

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const redrawMilliseconds = 100;
const labelWidth = 44;

export function createProgress(options: ProgressOptions): Progress {
  const colours = createColours(options.colour);
  const running = new Map<string, Running>();
  const live = options.isTerminal ? createLiveArea(options, running, colours) : null;
  const print = (text: string): void => {
    live?.clear();
    options.output.write(`${text}\n`);
    live?.draw();
  };
  const formatElapsed = (step: Running): string => formatSeconds(options.now() - step.since);
  return {
    printHeading: (text) => print(`\n${colours.bold(text)}`),
    printNote: (text) => print(text),
    start: (id, label) => {
      running.set(id, { label, since: options.now(), waiting: "", printedAt: null, isNotApplicable: false });
      live?.draw();
    },
    wait: (id, said) => {
      const text = toOneLine(said);
      const step = running.get(id);
      if (step === undefined || step.waiting === text) return;
      step.waiting = text;
      if (live !== null || (step.printedAt !== null && options.now() - step.printedAt < plainPauseMilliseconds)) return;
      step.printedAt = options.now();
      print(`  ... ${step.label} (${formatElapsed(step)}) waits: ${text}`);
    },
    markNotApplicable: (id) => {
      const step = running.get(id);
      if (step !== undefined) step.isNotApplicable = true;
    },
    finish: (id, outcome, text = "") => {
      const step = running.get(id);
      if (step === undefined) return;
      running.delete(id);
      const isSkipped = step.isNotApplicable && outcome === "passed";
      const mark = isSkipped ? colours.dim("-") : outcome === "passed" ? colours.green("✓") : colours.red("✗");
      const suffix = isSkipped ? "not applicable" : text;
      print(
        `  ${mark} ${step.label.padEnd(labelWidth)} ${formatElapsed(step).padStart(6)}${suffix === "" ? "" : `  ${suffix}`}`,
      );
    },
    close: () => live?.stop(),
  };
}

function createLiveArea(
  options: ProgressOptions,
  running: Map<string, Running>,
  colours: Colours,
): {
  draw: () => void;
  clear: () => void;
  stop: () => void;
} {
  const area = options.output.openArea((stream) => createLogUpdate(stream, { showCursor: true }));
  const draw = (): void => {
    const frame = frames[Math.floor(options.now() / redrawMilliseconds) % frames.length]!;
    const width = Math.max(20, (options.output.columns ?? 100) - 1);
    area.draw(
      [...running.values()]
        .map(({ label, since, waiting }) => {
          const line = `  ${frame} ${label.padEnd(labelWidth)} ${formatSeconds(options.now() - since).padStart(6)}${waiting === "" ? "" : `  ${waiting}`}`;
          return colours.cyan(line.length > width ? `${line.slice(0, width - 1)}…` : line);
        })
        .join("\n"),
    );
  };
  const timer = setInterval(draw, redrawMilliseconds);
  timer.unref();
  return {
    draw,
    clear: () => area.clear(),
    stop: () => {
      clearInterval(timer);
      area.clear();
    },
  };
}

function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
