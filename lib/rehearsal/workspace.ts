import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { InvalidInputError, messageOf, PaletteError } from "../errors.js";
import { type ReleaseRow } from "../plan/rules-types.js";
import { type Version } from "../version/version.js";
import { acquireLock, type Lock } from "../process-lock.js";
import { chartYaml, standInChart } from "./stand-in-chart.js";

/** What a rehearsal was asked for; the same question goes on where it was interrupted. */
export interface RehearsalQuestion {
  from: Version;
  to: string;
  matrix: string;
  strategy: string;
  faults: { name: string; at?: Version }[];
  /** Kubeconfig and context of a throwaway cluster; absent on the simulated site. */
  cluster?: string;
}

/** What a rehearsal puts into its folder, its lock aside. */
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
  question: RehearsalQuestion;
  status: "running" | "refused" | "done";
}

/** The folder of one rehearsal: the site's model, the stack's state, stand-in charts. Thrown away and made anew at will. */
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
   * Takes up what an earlier run left, or starts anew. Taken up is the same question that did not come to its end; and a
   * refused road that is now asked for without faults: they are mended. Only files of a rehearsal are ever removed, and
   * only from a folder that is one.
   *
   * @throws InvalidInputError `DIR_FOREIGN`, `DIR_UNUSABLE`; NotNowError `STACK_LOCKED` while another rehearsal runs in it.
   */
  open(question: RehearsalQuestion, fresh: boolean): { resumes: boolean; release: () => void } {
    this.refuseForeign();
    const lock = this.prepare();
    const record = this.readRecord();
    const resumes = !fresh && record !== null && record.status !== "done" && goesOn(record.question, question);
    if (!resumes) for (const name of ownEntries) rmSync(join(this.folder, name), { recursive: true, force: true });
    writeFileSync(this.progressFile, "");
    this.writeRecord({ question, status: "running" });
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
      throw new InvalidInputError("DIR_UNUSABLE", `--dir: ${this.folder} cannot be written: ${messageOf(error)}.`, {
        next: "Name a folder that can be written with --dir.",
        cause: error,
      });
    }
  }

  close(question: RehearsalQuestion, status: "refused" | "done"): void {
    this.writeRecord({ question, status });
  }

  /** Stand-in charts for one version, where the program looks for the vendor's; they hold what `files` says, or nothing. */
  writeCharts(
    version: Version,
    rows: readonly ReleaseRow[],
    files: (row: ReleaseRow) => Record<string, string> = () => ({}),
  ): void {
    for (const row of rows) {
      const chart = standInChart(version, row);
      const folder = join(this.folder, "charts", `release-${version}`, chart.folder);
      for (const [name, content] of Object.entries({ "Chart.yaml": chartYaml(chart), ...files(row) })) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), content);
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
    const temporary = `${this.recordFile}.tmp`;
    writeFileSync(temporary, `${JSON.stringify(record, null, 2)}\n`);
    renameSync(temporary, this.recordFile);
  }
}

function goesOn(before: RehearsalQuestion, now: RehearsalQuestion): boolean {
  const road = ({ from, to, matrix, strategy, cluster }: RehearsalQuestion): string =>
    JSON.stringify([from, to, matrix, strategy, cluster]);
  const faults = JSON.stringify(now.faults);
  return road(before) === road(now) && (faults === "[]" || faults === JSON.stringify(before.faults));
}
