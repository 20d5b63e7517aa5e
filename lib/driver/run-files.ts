import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { progressVariable } from "../gates/run/progress-file.js";
import { type Failure } from "../base/errors/refusal.js";
import { createRunFolder } from "../base/process/run-folder.js";
import { failureVariable } from "../engine/failure-file.js";
import { sharedAnswersVariable } from "../site/palette/shared-answers.js";
import { previewFileVariable, type PreviewReport } from "../program/preview/report.js";

/** Files by which program and gates report to the driver what the engine does not pass on. */
export interface RunFiles {
  progress: string;
  /** For the environment of every engine run. */
  environment: Record<string, string>;
  /** Deletes what the previous run has written. */
  clear(): void;
  /** Report of the last preview; null where it did not get that far. */
  report(): PreviewReport | null;
  /** What ended the program of the last run; null where something else did. */
  failure(): Failure | null;
  dispose(): void;
}

/** Creates them in a folder of this process, readable by its user only. */
export function createRunFiles(): RunFiles {
  const { path: folder, remove } = createRunFolder();
  const progress = join(folder, "progress.log");
  const report = join(folder, "preview.json");
  const failure = join(folder, "failure.json");
  // The Kubernetes plugin writes a copy of the kubeconfig that its inputs name (a provider whose inputs name none would
  // take whichever KUBECONFIG leads to), and leaves it in its temporary folder: this one is deleted with the run.
  const temporary = join(folder, "tmp");
  const answers = join(folder, "answers");
  for (const each of [temporary, answers]) mkdirSync(each, { mode: 0o700 });
  return {
    progress,
    environment: {
      [progressVariable]: progress,
      [previewFileVariable]: report,
      [failureVariable]: failure,
      [sharedAnswersVariable]: answers,
      TMPDIR: temporary,
    },
    clear: () => {
      for (const file of [report, failure, answers]) rmSync(file, { recursive: true, force: true });
      mkdirSync(answers, { mode: 0o700 });
    },
    report: () => readJson<PreviewReport>(report),
    failure: () => readJson<Failure>(failure),
    dispose: remove,
  };
}

/** Reads a file that this version of the tool wrote; null if it is missing or was cut off by a kill. */
function readJson<T>(file: string): T | null {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return null;
  }
}
