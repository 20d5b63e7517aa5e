import { createColours } from "../../base/text/colours.js";
import { stdout } from "../../base/process/output.js";
import { formatCount } from "../../base/errors/counted.js";
import { describeTool } from "../../base/process/tool-version.js";
import { isNotApplicable, isNotNow, isNotNowCode } from "../../gates/verdict/not-now.js";
import { type ProgressLine } from "../../gates/run/progress-file.js";
import { type GateReport } from "../../gates/verdict/types.js";
import { type Plan } from "../../planning/plan/types.js";
import { renderText } from "../../report/text.js";
import { type DriveEnd, type Turn } from "../../driver/drive.js";
import { adviseByRecords, selectNewestRevisions } from "../../driver/release-records.js";
import { hubbleChart } from "../../site/helm/releases.js";
import { type HelmRevision } from "../../site/types.js";
import { type EngineEvent } from "../../engine/engine.js";
import { followProgress, type ProgressTail } from "../../driver/progress-tail.js";
import { describeGate, describePreview } from "../gate/gate-text.js";
import { type Progress } from "../progress.js";
import { type CommandResult } from "../result.js";
import { showEvents, showWaiting } from "../up/run-progress.js";
import { renderTable } from "../table.js";

const exitRefused = 3;
const exitNotNow = 5;
const exitUnexpected = 1;

interface HopRecord {
  step: string;
  gatesPassed: number;
  siteSeconds: number;
  seconds: number;
}

/** Output of a rehearsal: plan, progress of each update, and the table of hops or the refusal. */
export class RehearsalReport {
  private readonly hops: HopRecord[] = [];
  private reports: GateReport[] = [];
  private startedAt = 0;
  private tail: ProgressTail | null = null;

  constructor(
    private readonly plan: Plan,
    private readonly progress: Progress,
    private readonly colour: boolean,
  ) {}

  /** Prints the plan; `where` describes what the rehearsal touches. */
  showPlan(where = "embedded engine, simulated site. Nothing real is touched."): void {
    const colour = this.colour && stdout.isTerminal;
    stdout.write(`${renderText(this.plan, { colour, tool: describeTool() })}\n`);
    this.progress.printNote(`This is a rehearsal: ${where}`);
  }

  /** Follows the progress of the gates' processes: what they wait for, and their reports. */
  follow(file: string): ProgressTail {
    const waiting = showWaiting(this.progress);
    this.tail = followProgress(file, (line: ProgressLine) => {
      waiting(line);
      if (line.report !== undefined && line.release === undefined) this.reports.push(line.report);
    });
    return this.tail;
  }

  readonly onRun = (number: number, what: "preview" | "up"): ((event: EngineEvent) => void) => {
    const show = showEvents(this.progress);
    if (what === "up") {
      this.startedAt = performance.now();
      this.reports = [];
      return (event) => {
        this.tail?.read();
        // The preview of the same update has just shown the informational messages.
        if (event.kind !== "diagnostic" || event.severity !== "info") show(event);
      };
    }
    this.progress.printHeading(`Update ${number}`);
    return (event) => {
      if (event.kind === "diagnostic") show(event);
    };
  };

  readonly onTurn = (turn: Turn): void => {
    if (turn.update === null) return;
    this.tail?.read();
    const { step, siteSeconds } = this.summariseTurn(turn);
    this.hops.push({
      step,
      gatesPassed: this.reports.filter((report) => report.outcome === "pass" && !isNotApplicable(report)).length,
      siteSeconds,
      seconds: (performance.now() - this.startedAt) / 1000,
    });
    this.progress.printNote(`  preview had said: ${describePreview(turn.preview)}`);
  };

  /** Creates the result; `revisions` are Helm's at the end of the rehearsal, oldest first. */
  createResult(end: DriveEnd, revisions: readonly HelmRevision[]): CommandResult {
    const table = renderTable(
      ["UPDATE", "GATES PASSED", "SITE TIME", "TIME"],
      this.hops.map((hop) => [
        hop.step,
        String(hop.gatesPassed),
        formatMinutes(hop.siteSeconds),
        `${hop.seconds.toFixed(1)} s`,
      ]),
    );
    const tail = `\n${table}\n\nRelease history (hubble)\n${renderHistory(revisions)}\n`;
    switch (end.kind) {
      case "done":
        return {
          text: `${tail}\n${this.plan.from} -> ${this.plan.to}: rehearsed, ${formatCount(this.plan.hops.length, "hop")}, settled.\n`,
          exitCode: 0,
        };
      case "refused":
        return { text: this.renderRefusal(end, tail, revisions), exitCode: getExitCode(end) };
      default:
        return { text: `${tail}\nThe rehearsal did not come to its end: ${end.kind}.\n`, exitCode: exitUnexpected };
    }
  }

  private renderRefusal(
    end: Extract<DriveEnd, { kind: "refused" }>,
    tail: string,
    revisions: readonly HelmRevision[],
  ): string {
    const colours = createColours(this.colour && stdout.isTerminal);
    const gates = end.gates.map((report) => describeGate(report));
    const refusals = end.refusals.map(({ code, message }) => `${code}: ${message}`);
    const errors = end.turn.update ?? end.turn.preview;
    const fallback = errors.diagnostics.filter((d) => d.severity === "error").map((d) => d.message);
    const causes = [...gates, ...(gates.length > 0 ? [] : refusals)];
    const text = (causes.length > 0 ? causes : fallback).join("\n\n");
    const head = causes.length > 0 ? "Refused." : "The update failed.";
    const hint = causes.length > 0 ? "" : `\n${adviseByRecords(null, selectNewestRevisions(revisions))}`;
    return `${tail}\n${colours.red(head)} ${text}${hint}\n\nRun the same command again when this is fixed; nothing of what has passed is lost.\n`;
  }

  private summariseTurn(turn: Turn): { step: string; siteSeconds: number } {
    const info =
      turn.preview.diagnostics.find(({ message }) => /^(Enrol|Settle|Hop|Palette)/.test(message))?.message ?? "";
    const hop = /^Hop (\S+ -> [0-9.]+)/.exec(info)?.[1];
    const other = /^(Enrol|Settle): Palette (\S+)/.exec(info);
    const step = hop ?? (other ? `${other[1]!.toLowerCase()} ${other[2]!}` : "no change");
    const times = this.reports.flatMap((r) => [Date.parse(r.startedAt), Date.parse(r.finishedAt)]);
    const siteSeconds = times.length === 0 ? 0 : (Math.max(...times) - Math.min(...times)) / 1000;
    return { step, siteSeconds };
  }
}

function renderHistory(revisions: readonly HelmRevision[]): string {
  return renderTable(
    ["REVISION", "STATUS", "CHART", "DESCRIPTION"],
    revisions
      .filter(({ chart }) => chart === hubbleChart)
      .map((r) => [String(r.revision), r.status, `${r.chart}-${r.chartVersion}`, r.description]),
  );
}

/** Returns the exit code of a refusal: "not now" only if there is no other reason. */
function getExitCode(end: Extract<DriveEnd, { kind: "refused" }>): number {
  const { gates, refusals } = end;
  const notNow =
    gates.length > 0 ? gates.every(isNotNow) : refusals.length > 0 && refusals.every(({ code }) => isNotNowCode(code));
  return notNow ? exitNotNow : exitRefused;
}

function formatMinutes(seconds: number): string {
  return `${Math.round(seconds / 60)} min`;
}
