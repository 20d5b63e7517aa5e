import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { type ProgressLine } from "../gates/run/progress-file.js";

export interface ProgressTail {
  /** Reads what has been written since the last read. */
  read: () => void;
  stop: () => void;
}

const pollMilliseconds = 100;

/** Follows the file that gate processes write their progress to; passes on each complete line once. */
export function followProgress(file: string, onLine: (line: ProgressLine) => void): ProgressTail {
  let offset = 0;
  let rest = "";
  const readLines = (): void => {
    if (!existsSync(file)) return;
    const descriptor = openSync(file, "r");
    try {
      const size = fstatSync(descriptor).size;
      if (size < offset) offset = 0;
      const buffer = Buffer.alloc(size - offset);
      offset += readSync(descriptor, buffer, 0, buffer.length, offset);
      const lines = (rest + buffer.toString("utf8")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") onLine(JSON.parse(line) as ProgressLine);
    } finally {
      closeSync(descriptor);
    }
  };
  const timer = setInterval(readLines, pollMilliseconds);
  timer.unref();
  return {
    read: readLines,
    stop: () => {
      clearInterval(timer);
      readLines();
    },
  };
}
