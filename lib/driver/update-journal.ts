import { type Refusal } from "../base/errors/refusal.js";
import { isNotApplicable } from "../gates/verdict/not-now.js";
import { type ProgressLine } from "../gates/run/progress-file.js";
import { type GateReport } from "../gates/verdict/types.js";
import { type JournalEvent, type OpenJournal, type RefusingGate, type ReleaseMove } from "../journal/types.js";
import { findPointOfNoReturn, type PointOfNoReturn } from "../planning/plan/warnings/no-return.js";
import { type PreviewReport } from "../program/preview/report.js";
import { hopInProgressGate } from "../program/step/hop-in-progress.js";
import { type Settings } from "../settings/schema.js";
import { type Version } from "../planning/version/version.js";
import { type EngineEvent } from "../engine/engine.js";
import { ReleaseMoves } from "./release-moves.js";
import { type UpdateRecord } from "./up-result.js";

type Step = NonNullable<PreviewReport["step"]>;

/** The versions a step moves between; both are the same where nothing moves. */
function getStepEnds(step: Step): { from: Version; to: Version } {
  return { from: "from" in step ? step.from : step.destination, to: step.destination };
}

interface OpenUpdate {
  step: Step;
  since: number;
  gates: UpdateRecord["gates"];
  moves: ReleaseMoves;
  hop: PreviewReport["hop"];
  /** Acceptances of gates that are recorded already, as their JSON: a hook uses the same ones again. */
  accepted: Set<string>;
}

/** What stopped an update or a run. */
interface StoppedBy {
  refusals: readonly Refusal[];
  gates: readonly GateReport[];
}

/** Converts it to the journal's form. */
export function toStopRecord({ refusals, gates }: StoppedBy): {
  refusals: { code: string; message: string }[];
  gates: RefusingGate[];
} {
  return {
    refusals: refusals.map(({ code, message }) => ({ code, message })),
    gates: gates.flatMap(({ gate, subject, when, outcome, reasons }) => {
      if (outcome === "pass") return [];
      const shownReasons = reasons
        .filter(({ code }) => code !== "NOTE")
        .map(({ code, message }) => ({ code, message }));
      return [{ gate, ...(subject === undefined ? {} : { subject }), when, outcome, reasons: shownReasons }];
    }),
  };
}

/** Records each update in the journal and for the result: opened before anything moves, closed when it has ended. */
export class UpdateJournal {
  private open: OpenUpdate | null = null;
  readonly updates: UpdateRecord[] = [];

  constructor(
    private readonly journal: OpenJournal,
    private readonly settings: Settings,
    /** Seconds of a monotonic clock. */
    private readonly seconds: () => number,
  ) {}

  /** Opens the record of an update. @throws RefusedError `JOURNAL_UNWRITABLE`: then nothing moves. */
  async begin(report: PreviewReport, step: Step, approvedBy: string | null): Promise<void> {
    const { hop, releases } = report;
    const since = this.seconds();
    await this.journal.append({
      kind: "update-started",
      step: getStepKind(step),
      ...getStepEnds(step),
      fingerprint: report.approval?.fingerprint ?? null,
      ...(approvedBy === null ? {} : { approvedBy }),
      ...(report.identity === null ? {} : { identity: report.identity }),
      chartDigests: Object.fromEntries(releases.map(({ role, sha256 }) => [role, sha256])),
    });
    this.open = { step, since, gates: [], moves: new ReleaseMoves(releases), hop, accepted: new Set() };
    const { hopInProgress } = report;
    if (hopInProgress?.accepted != null) {
      const { from, to, accepted } = hopInProgress;
      await this.journal.append({ kind: "accepted", gate: hopInProgressGate, hop: `${from}->${to}`, ...accepted });
    }
    for (const event of listAcknowledgements(report, this.settings)) await this.journal.append(event);
    this.journal.reserveRoom();
  }

  /** Records the report of a gate's process or of a hook. Written in the background, in order. */
  recordProgress({ pcg, report, release }: ProgressLine): void {
    if (this.open === null || report === undefined) return;
    const { gate, when, outcome, accepted } = report;
    const applicable = !isNotApplicable(report);
    if (release === undefined)
      this.open.gates.push({ gate, subject: pcg, when, outcome, applicable, accepted: accepted?.length ?? 0 });
    void this.journal.keep({ kind: "gate", report, ...(release === undefined ? {} : { release }) });
    for (const event of listAcceptances(report)) this.keepOnce(event, this.open.accepted);
  }

  private keepOnce(event: JournalEvent, recorded: Set<string>): void {
    const key = JSON.stringify(event);
    if (recorded.has(key)) return;
    recorded.add(key);
    void this.journal.keep(event);
  }

  /** Records an event of the engine's `up`. */
  recordEngineEvent(event: EngineEvent): void {
    this.open?.moves.recordEvent(event);
  }

  /** Closes the record of the update, whether the journal takes it or not; does nothing where none was begun. */
  async end(outcome: UpdateRecord["outcome"], by: StoppedBy = { refusals: [], gates: [] }): Promise<void> {
    if (this.open === null) return;
    const { step, since, gates, moves, hop } = this.open;
    this.open = null;
    const ends = getStepEnds(step);
    const seconds = Math.round((this.seconds() - since) * 10) / 10;
    this.updates.push({ step: getStepKind(step), ...ends, outcome, seconds, gates });
    const releases = moves.listMoves();
    const passed = findPassedPoint(hop, releases);
    this.journal.releaseRoom();
    await this.journal.keep({
      kind: "update-ended",
      ...ends,
      outcome,
      seconds,
      ...toStopRecord(by),
      releases,
      ...(passed === null ? {} : { pointOfNoReturn: passed.because }),
    });
  }
}

/** Hubble migrates data as soon as it runs, so a failed or unfinished move of it may have passed the point too. */
function findPassedPoint(hop: PreviewReport["hop"], releases: readonly ReleaseMove[]): PointOfNoReturn | null {
  if (hop === null || !releases.some(({ role }) => role === "hubble")) return null;
  return findPointOfNoReturn([hop]);
}

function getStepKind(step: Step): UpdateRecord["step"] {
  return step.kind === "done" ? "settle" : step.kind;
}

/** Lists the acknowledged acts of this update's hop as journal events. */
function listAcknowledgements({ hop }: PreviewReport, { acknowledge }: Settings): JournalEvent[] {
  if (hop === null) return [];
  const name = `${hop.from}->${hop.to}`;
  return acknowledge
    .filter((entry) => entry.hop === name)
    .map(({ act, by, because, ticket }) => ({
      kind: "acknowledged",
      act,
      hop: name,
      by,
      because,
      ticket: ticket ?? null,
    }));
}

function listAcceptances({ gate, from, to, accepted }: GateReport): JournalEvent[] {
  return (accepted ?? []).map((reason) => ({ kind: "accepted", gate, hop: `${from}->${to}`, ...reason }));
}
