import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { roles, type ReleaseRow } from "../plan/rules-types.js";
import { type Version } from "../version/version.js";

/** What a rehearsal was asked for; the same question goes on where it was interrupted. */
export interface RehearsalQuestion {
  from: Version;
  to: string;
  matrix: string;
  strategy: string;
  faults: { name: string; at?: Version }[];
}

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
   * Takes up what an earlier run left, or empties the folder. Taken up is the same question that did not come to its end;
   * and a refused road that is now asked for without faults: they are mended.
   */
  open(question: RehearsalQuestion, fresh: boolean): boolean {
    const record = this.readRecord();
    const resumes = !fresh && record !== null && record.status !== "done" && goesOn(record.question, question);
    if (!resumes) rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    writeFileSync(this.progressFile, "");
    this.writeRecord({ question, status: "running" });
    return resumes;
  }

  close(question: RehearsalQuestion, status: "refused" | "done"): void {
    this.writeRecord({ question, status });
  }

  /** Stand-in charts (nothing but a Chart.yaml) for one version, where the program looks for the vendor's. */
  writeCharts(version: Version, rows: readonly ReleaseRow[]): void {
    for (const row of rows) {
      const chartVersion =
        row.role === "hubble" ? version : `${roles.indexOf(row.role) + 1}.0.${version.replaceAll(".", "")}`;
      const path = join(
        this.folder,
        "charts",
        `release-${version}`,
        row.archives[0]!.replace("*.tgz", chartVersion),
        "Chart.yaml",
      );
      mkdirSync(dirname(path), { recursive: true });
      const appVersion = row.role === "hubble" ? version : chartVersion;
      writeFileSync(
        path,
        `apiVersion: v2\nname: ${row.chart}\ndescription: stand-in of the rehearsal, holds no objects\nversion: ${chartVersion}\nappVersion: "${appVersion}"\n`,
      );
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
  const road = ({ from, to, matrix, strategy }: RehearsalQuestion): string =>
    JSON.stringify([from, to, matrix, strategy]);
  const faults = JSON.stringify(now.faults);
  return road(before) === road(now) && (faults === "[]" || faults === JSON.stringify(before.faults));
}
