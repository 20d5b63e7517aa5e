import { type Refusal, toFailure } from "../base/errors/refusal.js";
import { PaletteError } from "../base/errors/errors.js";
import { maxWaitVariable } from "../gates/run/codec.js";
import { confirmedClusterVariable } from "../gates/consent/cluster.js";
import { type ProgressLine } from "../gates/run/progress-file.js";
import { type OpenJournal } from "../journal/types.js";
import { loadStackMatrix } from "../planning/matrix/load.js";
import { type PreviewReport } from "../program/preview/report.js";
import { listLoosened } from "../settings/loosened.js";
import { type Settings } from "../settings/schema.js";
import { type Approval, findApproval, toApprovalEnvironment } from "./approval.js";
import { type Decision, drive, type DriveEnd, type Turn } from "./drive.js";
import { type Ending, toFailureEnding, toRunEnding } from "./ending.js";
import { type EngineRun, type EngineRunOptions } from "../engine/engine.js";
import { type HiddenValues } from "./hidden-values.js";
import { followProgress, type ProgressTail } from "./progress-tail.js";
import { adviseByRecords, type NewestRevisions, readNewestRevisions, type ReadRevisions } from "./release-records.js";
import { type RunFiles } from "./run-files.js";
import { type StackAccess } from "../engine/stack-access.js";
import { findStopReason, type Limits, listStopsAhead } from "./stops.js";
import { addWhoBegan } from "./who-began.js";
import { describeDeclined, formatMessage } from "./up-message.js";
import { exitCodes, type UpOutcome, type UpResult } from "./up-result.js";
import { toStopRecord, UpdateJournal } from "./update-journal.js";

export interface UpRequest extends Limits {
  /** For the journal: the command as it was typed, without anything secret. */
  command: string;
  /** For the journal: name, version and commit of the tool. */
  tool: string;
  /** Number of the change request. */
  change: string | null;
  maxWaitSeconds: number;
  approved: Approval | null;
  /** Name of whoever runs the update. */
  runner: string;
}

/** Shows a run to a person and asks for confirmation. */
export interface UpScreen {
  onRun: (number: number, what: "preview" | "up") => EngineRunOptions["onEvent"];
  onProgress: (line: ProgressLine) => void;
  /** Shows what the update is going to do. `confirmed`: a person has agreed to exactly this. */
  confirm: (report: PreviewReport) => Promise<"confirmed" | "unasked" | "declined">;
}

export interface UpContext {
  stack: StackAccess;
  settings: Settings;
  journal: OpenJournal;
  files: RunFiles;
  screen: UpScreen;
  signal: AbortSignal;
  /** Seconds of a monotonic clock. */
  seconds: () => number;
  /** Checks before anything else that the stack can be driven now. @throws NotNowError. */
  ready: () => Promise<void>;
  /** Adds to a refusal what stack and machine show, e.g. who holds a lock. */
  explain: (refusal: Refusal) => Promise<Refusal>;
  readRevisions: ReadRevisions;
  /** Redacts values that no shown or stored error may contain. */
  hidden: HiddenValues;
  /** Cleans up what a failed update may have left, e.g. values in clear text; returns messages on what it found. */
  cleanUp: () => Promise<string[]>;
}

/** More updates than any route has: a run that never settles is given up. */
const maxTurns = 100;

/**
 * Repeats preview, confirmation and `up` until nothing remains, a limit is reached or something refuses. It keeps no
 * state: started again, it plans from what is observed.
 *
 * @throws RefusedError `JOURNAL_UNWRITABLE` before anything moves.
 */
export async function runUp(context: UpContext, request: UpRequest): Promise<UpResult> {
  const run = new UpRun(context, request);
  return run.runToEnd();
}

class UpRun {
  private readonly record: UpdateJournal;
  private readonly since: number;
  private report: PreviewReport | null = null;
  private tail: ProgressTail | null = null;
  private isDeclined = false;
  /** The newest revisions before the update in progress. */
  private recordsBefore: NewestRevisions = [];

  constructor(
    private readonly context: UpContext,
    private readonly request: UpRequest,
  ) {
    this.record = new UpdateJournal(context.journal, context.settings, context.seconds);
    this.since = context.seconds();
  }

  async runToEnd(): Promise<UpResult> {
    const { stack, journal, settings, files, screen } = this.context;
    const { id, sha256 } = loadStackMatrix(settings.matrix, stack.projectDir);
    const { command, change, tool } = this.request;
    const loosened = listLoosened(settings);
    await journal.append({
      kind: "run-started",
      command,
      target: settings.target,
      change,
      matrix: { id, sha256 },
      tool,
      ...(loosened.length === 0 ? {} : { loosened }),
    });
    this.tail = followProgress(files.progress, (line) => {
      screen.onProgress(line);
      this.record.recordProgress(line);
    });
    try {
      await this.context.ready();
      return await this.createResult(await this.drive());
    } catch (error) {
      return await this.createResult(this.hideRefusals(toFailureEnding(toFailure(error))));
    } finally {
      this.tail.stop();
    }
  }

  private async drive(): Promise<Ending & { message?: string }> {
    const { stack, files, screen, signal } = this.context;
    const end = await drive(stack.engine, {
      maxTurns,
      signal,
      environment: { ...files.environment, [maxWaitVariable]: String(this.request.maxWaitSeconds) },
      onRun: (number, what) => {
        files.clear();
        const show = screen.onRun(number, what);
        // Reads a gate's report before the end of its Command is shown.
        return (event) => {
          this.tail?.read();
          if (what === "up") this.record.recordEngineEvent(event);
          show?.(event);
        };
      },
      decide: (_, preview) => this.decide(preview),
      isSettled: async () => {
        const kind = (await this.readReport())?.step?.kind;
        return kind !== "settle" && kind !== "enrol";
      },
      onTurn: (turn) => this.endTurn(turn),
    });
    return this.toEnding(end);
  }

  private async decide(preview: EngineRun): Promise<Decision> {
    const { screen, settings } = this.context;
    const report = await this.readReport();
    this.report = report;
    if (report?.step == null) throw createUnreadablePreviewError(preview);
    const hopsDone = this.record.updates.filter(({ step }) => step === "hop").length;
    const stop = findStopReason(report, hopsDone, this.request);
    if (stop !== null) return { kind: "stop", because: stop };
    const answer = await screen.confirm(report);
    if (answer === "declined") {
      this.isDeclined = true;
      return { kind: "stop", because: describeDeclined(this.record.updates) };
    }
    const approval = findApproval({
      report,
      given: this.request.approved,
      confirmed: answer === "confirmed",
      required: settings.approval.required,
      runner: this.request.runner,
    });
    const { kind } = report.step;
    if (kind === "hop" || kind === "install" || report.releases.length > 0)
      await this.context.hidden.loadStored(kind === "install");
    this.recordsBefore = await readNewestRevisions(this.context.readRevisions);
    await this.record.begin(report, report.step, approval?.by ?? null);
    const uid = answer === "confirmed" ? (report.identity?.clusterUid ?? null) : null;
    const confirmed: Record<string, string> = uid === null ? {} : { [confirmedClusterVariable]: uid };
    return { kind: "go", environment: { ...toApprovalEnvironment(approval), ...confirmed } };
  }

  private async endTurn({ update }: Turn): Promise<void> {
    this.tail?.read();
    if (update === null) return;
    if (update.ok) return this.record.end("succeeded");
    if (update.interrupted) return this.record.end("interrupted");
    const ending = this.toRunEnding(update);
    return this.record.end(ending.outcome === "failed" ? "failed" : "refused", ending);
  }

  private async toEnding(end: DriveEnd): Promise<Ending & { message?: string }> {
    const createEnding = (outcome: UpOutcome, message: string): Ending & { message: string } => {
      return { outcome, exitCode: exitCodes[outcome], refusals: [], gates: [], message };
    };
    switch (end.kind) {
      case "done":
        return createEnding("done", "At the target, settled: nothing left to do.");
      case "stopped":
        return createEnding("stopped", end.because);
      case "interrupted":
        await this.record.end("interrupted");
        return createEnding("interrupted", "Interrupted. The same command goes on from here.");
      case "turns-used-up":
        return createEnding(
          "failed",
          `${maxTurns} updates were made and there is still something to do: look at the journal.`,
        );
      case "refused": {
        this.report = (await this.readReport()) ?? this.report;
        const { update, preview } = end.turn;
        return update === null ? this.toRunEnding(preview) : this.addRecords(this.toRunEnding(update));
      }
    }
  }

  private toRunEnding(run: EngineRun): Ending {
    return this.hideRefusals(toRunEnding(run, this.context.files.failure()));
  }

  /** Adds what Helm's records show of the releases to an update that failed for a reason that no gate gave. */
  private async addRecords(ending: Ending): Promise<Ending> {
    if (ending.outcome !== "failed") return ending;
    const after = await readNewestRevisions(this.context.readRevisions);
    const next = adviseByRecords(this.recordsBefore, after);
    const refusals = ending.refusals.map((each) => (each.code === "UPDATE_FAILED" ? { ...each, next } : each));
    return { ...ending, refusals };
  }

  private hideRefusals(ending: Ending): Ending {
    return { ...ending, refusals: ending.refusals.map((refusal) => this.context.hidden.hide(refusal)) };
  }

  private async readReport(): Promise<PreviewReport | null> {
    const report = this.context.files.report();
    return report && addWhoBegan(report, () => this.context.journal.readEntries());
  }

  private async explainRefusal(given: Refusal): Promise<Refusal> {
    const refusal = await this.context.explain(given);
    const shown = { hopInProgress: this.report?.hopInProgress ?? null, refusal };
    return (await addWhoBegan(shown, () => this.context.journal.readEntries())).refusal;
  }

  private async createResult(ending: Ending & { message?: string }): Promise<UpResult> {
    const { journal, stack, settings, cleanUp } = this.context;
    const refusals = await Promise.all(ending.refusals.map((refusal) => this.explainRefusal(refusal)));
    const { outcome, exitCode, gates } = ending;
    const outputs: Record<string, unknown> = await stack.engine.outputs().catch((error: unknown) => {
      // The failure may be that the state cannot be read; it must be reported nevertheless.
      if (exitCode === 0) throw error;
      return {};
    });
    await this.record.end(outcome === "failed" ? "failed" : "refused", { refusals, gates });
    const isLocked = refusals.some(({ code }) => code === "STACK_LOCKED");
    const notes = isLocked || outcome === "done" || outcome === "stopped" ? [] : await cleanUp();
    for (const message of notes) await journal.keep({ kind: "note", code: "VALUES_IN_CLEAR", message });
    const seconds = Math.round(this.context.seconds() - this.since);
    await journal.keep({
      kind: "run-ended",
      outcome: this.isDeclined && outcome === "stopped" ? "declined" : outcome,
      exitCode,
      seconds,
      ...(ending.message === undefined ? {} : { because: ending.message }),
      ...toStopRecord({ refusals, gates }),
    });
    const unstored = await journal.settle();
    return {
      schemaVersion: 1,
      command: "up",
      stack: stack.name,
      outcome,
      exitCode,
      message: ending.message ?? formatMessage(ending, refusals),
      applied: (outputs.appliedVersion as string | undefined) ?? null,
      target: settings.target,
      ...(this.report?.identity ? { identity: this.report.identity } : {}),
      updates: this.record.updates,
      remaining: outcome === "done" ? [] : listStopsAhead(this.report, this.record.updates),
      refusals,
      gates,
      notes: unstored === null ? notes : [...notes, unstored.message],
      journal: { where: journal.where, run: journal.run, head: journal.head },
    };
  }
}

function createUnreadablePreviewError(preview: EngineRun): PaletteError {
  const errors = preview.diagnostics.filter(({ severity }) => severity !== "info").map(({ message }) => message);
  return new PaletteError("PREVIEW_UNREADABLE", 1, `The preview did not say what it found. ${errors.join("\n")}`, {
    next: "Nothing is updated on a preview that is not understood. Run the preview alone with PALETTE_DEBUG=1 and look.",
  });
}
