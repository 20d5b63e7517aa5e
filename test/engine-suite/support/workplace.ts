import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const checkout = resolve(__dirname, "../../..");

/** A copy of one test program in a folder of its own, with a log that its Commands and hooks write to. */
export interface Workplace {
  folder: string;
  program: string;
  log(): string[];
  clearLog(): void;
  logFile: string;
  dispose(): void;
}

export function createWorkplace(program: string): Workplace {
  const folder = mkdtempSync(join(tmpdir(), "palette-engine-"));
  const copy = join(folder, "program");
  cpSync(join(checkout, "test/engine-suite/programs", program), copy, { recursive: true });
  symlinkSync(join(checkout, "node_modules"), join(copy, "node_modules"));
  mkdirSync(join(folder, "backend"));
  const logFile = join(folder, "log");
  writeFileSync(logFile, "");
  return {
    folder,
    program: copy,
    logFile,
    log: () =>
      existsSync(logFile)
        ? readFileSync(logFile, "utf8")
            .split("\n")
            .filter((line) => line !== "")
        : [],
    clearLog: () => writeFileSync(logFile, ""),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
