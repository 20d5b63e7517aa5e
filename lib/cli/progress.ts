import { createLogUpdate } from "log-update";
import pc from "picocolors";

/** How progress is shown: one live line per step on a terminal, plain lines elsewhere. Always on stderr. */
export interface Progress {
  heading: (text: string) => void;
  note: (text: string) => void;
  start: (id: string, label: string) => void;
  /** What a running step waits for. */
  wait: (id: string, text: string) => void;
  /** A running step has nothing to do here; it still finishes. */
  passOver: (id: string) => void;
  finish: (id: string, outcome: "passed" | "failed", text?: string) => void;
  /** Leaves what stands, ends the live part. */
  close: () => void;
}

export interface ProgressOptions {
  stream: NodeJS.WriteStream;
  isTerminal: boolean;
  colour: boolean;
  /** Milliseconds; injected for tests. */
  now: () => number;
}

interface Running {
  label: string;
  since: number;
  waiting: string;
  /** When its last plain line was printed; a log is not filled with every look of a gate. */
  printedAt: number | null;
  passedOver: boolean;
}

const plainPauseMilliseconds = 10_000;

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const redrawMilliseconds = 100;
const labelWidth = 44;

export function createProgress(options: ProgressOptions): Progress {
  const colours = pc.createColors(options.colour);
  const running = new Map<string, Running>();
  const live = options.isTerminal ? liveArea(options, running, colours) : null;
  const print = (text: string): void => {
    live?.clear();
    options.stream.write(`${text}\n`);
    live?.draw();
  };
  const elapsed = (step: Running): string => seconds(options.now() - step.since);
  return {
    heading: (text) => print(`\n${colours.bold(text)}`),
    note: (text) => print(text),
    start: (id, label) => {
      running.set(id, { label, since: options.now(), waiting: "", printedAt: null, passedOver: false });
      live?.draw();
    },
    wait: (id, text) => {
      const step = running.get(id);
      if (step === undefined || step.waiting === text) return;
      step.waiting = text;
      if (live !== null || (step.printedAt !== null && options.now() - step.printedAt < plainPauseMilliseconds)) return;
      step.printedAt = options.now();
      print(`  ... ${step.label} (${elapsed(step)}) waits: ${text}`);
    },
    passOver: (id) => {
      const step = running.get(id);
      if (step !== undefined) step.passedOver = true;
    },
    finish: (id, outcome, text = "") => {
      const step = running.get(id);
      if (step === undefined) return;
      running.delete(id);
      const isOver = step.passedOver && outcome === "passed";
      const mark = isOver ? colours.dim("-") : outcome === "passed" ? colours.green("✓") : colours.red("✗");
      const said = isOver ? "not applicable" : text;
      print(`  ${mark} ${step.label.padEnd(labelWidth)} ${elapsed(step).padStart(6)}${said === "" ? "" : `  ${said}`}`);
    },
    close: () => live?.stop(),
  };
}

type Colours = ReturnType<typeof pc.createColors>;

function liveArea(
  options: ProgressOptions,
  running: Map<string, Running>,
  colours: Colours,
): {
  draw: () => void;
  clear: () => void;
  stop: () => void;
} {
  const area = createLogUpdate(options.stream, { showCursor: true });
  const draw = (): void => {
    const frame = frames[Math.floor(options.now() / redrawMilliseconds) % frames.length]!;
    const width = Math.max(20, (options.stream.columns ?? 100) - 1);
    area(
      [...running.values()]
        .map(({ label, since, waiting }) => {
          const line = `  ${frame} ${label.padEnd(labelWidth)} ${seconds(options.now() - since).padStart(6)}${waiting === "" ? "" : `  ${waiting}`}`;
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

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
