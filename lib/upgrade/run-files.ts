import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { progressVariable } from "../gates/progress-file.js";
import { failureVariable, type ProgramFailure } from "../stack/failure-file.js";
import { previewFileVariable, type PreviewReport } from "../stack/preview-report.js";

/** Files by which program and gates tell the driver what the engine has no words for. */
export interface RunFiles {
  progress: string;
  /** For the environment of every engine run. */
  environment: Record<string, string>;
  /** Forgets what the run before has told. */
  clear(): void;
  /** What the last preview found; null where it did not get that far. */
  report(): PreviewReport | null;
  /** What ended the program of the last run; null where something else did. */
  failure(): ProgramFailure | null;
  dispose(): void;
}

/** In a folder of this process's own, readable by nobody else. */
export function createRunFiles(): RunFiles {
  const folder = mkdtempSync(join(tmpdir(), "palette-upgrade-"));
  const progress = join(folder, "progress.log");
  const report = join(folder, "preview.json");
  const failure = join(folder, "failure.json");
  // The Kubernetes plugin leaves a copy of the kubeconfig in the temporary folder it is given: that one goes with the run.
  const temporary = join(folder, "tmp");
  mkdirSync(temporary, { mode: 0o700 });
  return {
    progress,
    environment: {
      [progressVariable]: progress,
      [previewFileVariable]: report,
      [failureVariable]: failure,
      TMPDIR: temporary,
    },
    clear: () => [report, failure].forEach((file) => rmSync(file, { force: true })),
    report: () => read<PreviewReport>(report),
    failure: () => read<ProgramFailure>(failure),
    dispose: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Written by this version of the tool a moment ago, or cut off by a kill. */
function read<T>(file: string): T | null {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return null;
  }
}
