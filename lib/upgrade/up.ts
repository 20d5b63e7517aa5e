import { messageOf as messageOfThrown, PaletteError } from "../errors.js";
import { loadMatrix } from "../matrix/load.js";
import { type OpenJournal } from "../journal/types.js";
import { patienceVariable } from "../gates/process.js";
import { type PreviewReport } from "../stack/preview-report.js";
import { type Settings } from "../stack/settings-schema.js";
import { approvalFor, type Approval } from "./approval.js";
import { drive, type Decision, type DriveEnd, type Turn } from "./drive.js";
import { endingOf, type Ending } from "./ending.js";
import { type EngineRun, type EngineRunOptions } from "./engine.js";
import { tailProgress, type ProgressTail } from "./progress-tail.js";
import { type ProgressLine } from "../gates/progress-file.js";
import { type HiddenValues } from "./hidden-values.js";
import { type RunFiles } from "./run-files.js";
import { type StackAccess } from "./stack-access.js";
import { stopBefore, type Limits } from "./stops.js";
import { stopsAhead } from "./stops-ahead.js";
import { keptOf, UpdateJournal } from "./update-journal.js";
import { exitCodes, type Refusal, type UpOutcome, type UpResult } from "./up-result.js";

export interface UpRequest extends Limits {
  /** For the journal: the command as it was typed, without anything secret. */
  command: string;
  /** Number of the change it is made under. */
  change: string | null;
  patienceSeconds: number;
  approved: Approval | null;
}

/** What a person sees of a run, and is asked. */
export interface UpScreen {
  onRun: (number: number, what: "preview" | "up") => EngineRunOptions["onEvent"];
  onProgress: (line: ProgressLine) => void;
  /** Shows what the update is going to do. `confirmed`: a person has said yes to exactly this. */
  confirm: (report: PreviewReport) => Promise<"confirmed" | "unasked" | "declined">;
}

export interface UpContext {
  stack: StackAccess;
  settings: Settings;
  journal: OpenJournal;
  files: RunFiles;
  screen: UpScreen;
  signal: AbortSignal;
  /** Seconds, of a clock that never goes back. */
  seconds: () => number;
  /** Looks before anything else whether the stack can be driven now. @throws NotNowError. */
  ready: () => Promise<void>;
  /** Betters a refusal with what only a look at stack and machine can tell, e.g. who holds a lock. */
  explain: (refusal: Refusal) => Promise<Refusal>;
  /** What no error that is shown or kept may repeat. */
  hidden: HiddenValues;
  /** Looks after what a failed update may have left, e.g. values in clear; says what it found. */
  cleanUp: () => Promise<string[]>;
}

/** More updates than any road has: one that never comes to rest is given up. */
const maxTurns = 100;

/**
 * Preview, confirm, `up`, next: until nothing remains, a limit is reached or something refuses. Holds no state that matters:
 * started again it plans from what is observed.
 *
 * @throws RefusedError `JOURNAL_UNWRITABLE` before anything moves.
 */
export async function runUp(context: UpContext, request: UpRequest): Promise<UpResult> {
  const run = new UpRun(context, request);
  return run.toEnd();
}

class UpRun {
  private readonly record: UpdateJournal;
  private readonly since: number;
  private report: PreviewReport | null = null;
  private tail: ProgressTail | null = null;
  private isDeclined = false;

  constructor(
    private readonly context: UpContext,
    private readonly request: UpRequest,
  ) {
    this.record = new UpdateJournal(context.journal, context.settings, context.seconds);
    this.since = context.seconds();
  }

  async toEnd(): Promise<UpResult> {
    const { journal, settings, files, screen } = this.context;
    const { id, sha256 } = loadMatrix(settings.matrix);
    const { command, change } = this.request;
    await journal.append({ kind: "run-started", command, target: settings.target, change, matrix: { id, sha256 } });
    this.tail = tailProgress(files.progress, (line) => {
      screen.onProgress(line);
      this.record.heed(line);
    });
    try {
      await this.context.ready();
      return await this.result(await this.drive());
    } catch (error) {
      return await this.result(this.hidden(endedBy(error instanceof PaletteError ? error : unexpected(error))));
    } finally {
      this.tail.stop();
    }
  }

  private async drive(): Promise<Ending & { message?: string }> {
    const { stack, files, screen, signal } = this.context;
    const end = await drive(stack.engine, {
      maxTurns,
      signal,
      environment: { ...files.environment, [patienceVariable]: String(this.request.patienceSeconds) },
      onRun: (number, what) => {
        files.clear();
        const show = screen.onRun(number, what);
        // What a gate told is known before its Command's end is shown.
        return (event) => {
          this.tail?.read();
          if (what === "up") this.record.heedEngine(event);
          show?.(event);
        };
      },
      decide: (_, preview) => this.decide(preview),
      onTurn: (turn) => this.turnEnded(turn),
    });
    return this.ending(end);
  }

  private async decide(preview: EngineRun): Promise<Decision> {
    const { files, screen, settings } = this.context;
    this.report = files.report();
    const { report } = this;
    if (report?.step == null) throw unreadable(preview);
    const hopsDone = this.record.updates.filter(({ step }) => step === "hop").length;
    const stop = stopBefore(report, hopsDone, this.request);
    if (stop !== null) return { kind: "stop", because: stop };
    const answer = await screen.confirm(report);
    if (answer === "declined") {
      this.isDeclined = true;
      return { kind: "stop", because: "Nobody said yes; nothing was changed." };
    }
    const approval = approvalFor({
      report,
      given: this.request.approved,
      confirmed: answer === "confirmed",
      required: settings.requireApproval,
    });
    const { kind } = report.step;
    if (kind === "hop" || kind === "install") await this.context.hidden.learn(kind === "install");
    await this.record.begin(report, report.step);
    return { kind: "go", environment: approval };
  }

  private async turnEnded({ update }: Turn): Promise<void> {
    this.tail?.read();
    if (update === null) return;
    if (update.ok) return this.record.end("succeeded");
    if (update.interrupted) return this.record.end("interrupted");
    const ending = this.endingOf(update);
    return this.record.end(ending.outcome === "failed" ? "failed" : "refused", ending);
  }

  private async ending(end: DriveEnd): Promise<Ending & { message?: string }> {
    const { files } = this.context;
    const plain = (outcome: UpOutcome, message: string): Ending & { message: string } => {
      return { outcome, exitCode: exitCodes[outcome], refusals: [], gates: [], message };
    };
    switch (end.kind) {
      case "done":
        return plain("done", "At the target, settled: nothing left to do.");
      case "stopped":
        return plain("stopped", end.because);
      case "interrupted":
        await this.record.end("interrupted");
        return plain("interrupted", "Interrupted. The same command goes on from here.");
      case "turns-used-up":
        return plain(
          "failed",
          `${maxTurns} updates were made and there is still something to do: look at the journal.`,
        );
      case "refused": {
        this.report = files.report() ?? this.report;
        return this.endingOf(end.turn.update ?? end.turn.preview);
      }
    }
  }

  private endingOf(run: EngineRun): Ending {
    return this.hidden(endingOf(run, this.context.files.failure()));
  }

  private hidden(ending: Ending): Ending {
    return { ...ending, refusals: ending.refusals.map((refusal) => this.context.hidden.hide(refusal)) };
  }

  private async result(ending: Ending & { message?: string }): Promise<UpResult> {
    const { journal, stack, settings, explain, cleanUp } = this.context;
    const refusals = await Promise.all(ending.refusals.map(explain));
    const { outcome, exitCode, gates } = ending;
    const outputs: Record<string, unknown> = await stack.engine.outputs().catch((error: unknown) => {
      // A failure may be just that the state cannot be read: it is told all the same.
      if (exitCode === 0) throw error;
      return {};
    });
    await this.record.end(outcome === "failed" ? "failed" : "refused", { refusals, gates });
    const isHeld = refusals.some(({ code }) => code === "STACK_LOCKED");
    const notes = isHeld || outcome === "done" || outcome === "stopped" ? [] : await cleanUp();
    for (const message of notes) await journal.append({ kind: "note", code: "VALUES_IN_CLEAR", message });
    const seconds = Math.round(this.context.seconds() - this.since);
    const last = await journal.append({
      kind: "run-ended",
      outcome: this.isDeclined && outcome === "stopped" ? "declined" : outcome,
      exitCode,
      seconds,
      ...(ending.message === undefined ? {} : { because: ending.message }),
      ...keptOf({ refusals, gates }),
    });
    return {
      schemaVersion: 1,
      command: "up",
      stack: stack.name,
      outcome,
      exitCode,
      message: ending.message ?? messageOf(ending, refusals),
      applied: (outputs.appliedVersion as string | undefined) ?? null,
      target: settings.target,
      updates: this.record.updates,
      remaining: outcome === "done" ? [] : stopsAhead(this.report, this.record.updates),
      refusals,
      gates,
      notes,
      journal: { where: journal.where, run: journal.run, head: last.hash },
    };
  }
}

function messageOf({ gates, outcome }: Ending, refusals: Refusal[]): string {
  const names = [...new Set([...gates.map(({ gate }) => gate), ...refusals.map(({ code }) => code)])].join(", ");
  const verb = { "not-now": "Not now", failed: "Failed" }[outcome as string] ?? "Refused";
  return `${verb}: ${names}.`;
}

function endedBy(error: PaletteError): Ending {
  const { code, message, next, exitCode } = error;
  const outcome = exitCode === 5 ? "not-now" : exitCode === 1 ? "failed" : "refused";
  return { outcome, exitCode, refusals: [{ code, message, next: next ?? null }], gates: [] };
}

function unexpected(error: unknown): PaletteError {
  const details = process.env.PALETTE_DEBUG && error instanceof Error ? `\n${error.stack ?? ""}` : "";
  return new PaletteError("UNEXPECTED", 1, `${messageOfThrown(error)}${details}`, {
    next: "Set PALETTE_DEBUG=1 to see where.",
  });
}

function unreadable(preview: EngineRun): PaletteError {
  const errors = preview.diagnostics.filter(({ severity }) => severity !== "info").map(({ message }) => message);
  return new PaletteError("PREVIEW_UNREADABLE", 1, `The preview did not say what it found. ${errors.join("\n")}`, {
    next: "Nothing is updated on a preview that is not understood. Run the preview alone with PALETTE_DEBUG=1 and look.",
  });
}
