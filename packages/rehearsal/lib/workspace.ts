import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { InvalidInputError, getErrorMessage, PaletteError } from "../../../lib/base/errors/errors.js";
import { type ReleaseRow } from "../../../lib/planning/rules/types.js";
import { type Version } from "../../../lib/planning/version/version.js";
import { nameFullDisk, replaceFile } from "../../../lib/base/process/full-disk.js";
import { acquireLock, type Lock } from "../../../lib/base/process/process-lock.js";
import { renderChartYaml, toStubChart } from "./stub-chart.js";

/** The input of a rehearsal; the same input resumes an interrupted rehearsal. */
export interface RehearsalInput {
  from: Version;
  to: string;
  matrix: string;
  strategy: string;
  faults: { name: string; at?: Version }[];
  /** Kubeconfig and context of a throwaway cluster; absent on the simulated site. */
  cluster?: string;
}

/** The files that a rehearsal creates in its folder, except its lock. */
const ownEntries = [
  "charts",
  "kubeconfig",
  "progress.log",
  "rehearsal.json",
  "site.json",
  "state.json",
  "state.json.lock",
];

interface RehearsalRecord {
  question: RehearsalInput;
  status: "running" | "refused" | "done";
}

/** The folder of one rehearsal: the site's model, the stack's state, stub charts. It can be deleted at any time. */
export class RehearsalWorkspace {
  readonly siteFile: string;
  readonly stateFile: string;
  readonly progressFile: string;
  private readonly recordFile: string;

  constructor(readonly folder: string) {
    this.siteFile = join(folder, "site.json");
    this.stateFile = join(folder, "state.json");
    this.progressFile = join(folder, "progress.log");
    this.recordFile = join(folder, "rehearsal.json");
  }

  /**
   * Resumes an earlier run, or starts a new one. A run is resumed when its input is the same and it is not done, or
   * when the same route is now requested without faults, which clears them. Only files of a rehearsal are removed, and
   * only from the folder of a rehearsal.
   *
   * @throws InvalidInputError `DIR_FOREIGN`, `DIR_UNUSABLE`; NotNowError `STACK_LOCKED` while another rehearsal runs in it.
   */
  open(input: RehearsalInput, fresh: boolean): { resumes: boolean; release: () => void } {
    this.refuseForeign();
    const lock = this.prepare();
    const record = this.readRecord();
    const resumes = !fresh && record !== null && record.status !== "done" && canResume(record.question, input);
    if (!resumes) for (const name of ownEntries) rmSync(join(this.folder, name), { recursive: true, force: true });
    nameFullDisk(this.folder, () => writeFileSync(this.progressFile, ""));
    this.writeRecord({ question: input, status: "running" });
    return { resumes, release: () => lock.release() };
  }

  private refuseForeign(): void {
    if (!existsSync(this.folder)) return;
    const isFolder = statSync(this.folder).isDirectory();
    const entries = isFolder ? readdirSync(this.folder).filter((name) => !name.startsWith("rehearsal.")) : [];
    if (isFolder && (entries.length === 0 || existsSync(this.recordFile))) return;
    const what = isFolder ? "holds other files and no rehearsal" : "is a file";
    throw new InvalidInputError("DIR_FOREIGN", `--dir: ${this.folder} ${what}; nothing in it was touched.`, {
      next: "Name a new or empty folder, or one that an earlier rehearsal made.",
    });
  }

  private prepare(): Lock {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      return acquireLock(join(this.folder, "rehearsal"));
    } catch (error) {
      if (error instanceof PaletteError) throw error;
      throw new InvalidInputError(
        "DIR_UNUSABLE",
        `--dir: ${this.folder} cannot be written: ${getErrorMessage(error)}.`,
        {
          next: "Name a folder that can be written with --dir.",
          cause: error,
        },
      );
    }
  }

  close(input: RehearsalInput, status: "refused" | "done"): void {
    this.writeRecord({ question: input, status });
  }

  /** Writes the stub charts of one version where the program looks for the vendor's; `files` returns their content. */
  writeCharts(
    version: Version,
    rows: readonly ReleaseRow[],
    files: (row: ReleaseRow) => Record<string, string> = () => ({}),
  ): void {
    for (const row of rows) {
      const chart = toStubChart(version, row);
      const folder = join(this.folder, "charts", `release-${version}`, chart.folder);
      for (const [name, content] of Object.entries({ "Chart.yaml": renderChartYaml(chart), ...files(row) })) {
        nameFullDisk(this.folder, () => {
          mkdirSync(dirname(join(folder, name)), { recursive: true });
          writeFileSync(join(folder, name), content);
        });
      }
    }
  }

  private readRecord(): RehearsalRecord | null {
    if (!existsSync(this.recordFile)) return null;
    try {
      return JSON.parse(readFileSync(this.recordFile, "utf8")) as RehearsalRecord;
    } catch {
      return null;
    }
  }

  private writeRecord(record: RehearsalRecord): void {
    replaceFile(this.recordFile, `${JSON.stringify(record, null, 2)}\n`);
  }
}

function canResume(previous: RehearsalInput, current: RehearsalInput): boolean {
  const toRouteKey = ({ from, to, matrix, strategy, cluster }: RehearsalInput): string =>
    JSON.stringify([from, to, matrix, strategy, cluster]);
  const faults = JSON.stringify(current.faults);
  return (
    toRouteKey(previous) === toRouteKey(current) && (faults === "[]" || faults === JSON.stringify(previous.faults))
  );
}
