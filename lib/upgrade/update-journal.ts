import { isNotApplicable } from "../gates/not-applicable.js";
import { type GateReport } from "../gates/types.js";
import { type ProgressLine } from "../gates/progress-file.js";
import { pointOfNoReturn, type PointOfNoReturn } from "../plan/no-return.js";
import { type JournalEvent, type OpenJournal, type RefusingGate, type ReleaseMove } from "../journal/types.js";
import { type PreviewReport } from "../stack/preview-report.js";
import { type Settings } from "../stack/settings-schema.js";
import { type Version } from "../version/version.js";
import { type EngineEvent } from "./engine.js";
import { ReleaseMoves } from "./release-moves.js";
import { type Refusal, type UpdateRecord } from "./up-result.js";

type Step = NonNullable<PreviewReport["step"]>;

/** What a step moves between; what moves nothing stands at one version. */
export function stepEnds(step: Step): { from: Version; to: Version } {
  return { from: "from" in step ? step.from : step.destination, to: step.destination };
}

interface Open {
  step: Step;
  since: number;
  gates: UpdateRecord["gates"];
  moves: ReleaseMoves;
  hop: PreviewReport["hop"];
}

/** What stopped an update or a run. */
export interface StoppedBy {
  refusals: readonly Refusal[];
  gates: readonly GateReport[];
}

/** As the journal keeps it. */
export function keptOf({ refusals, gates }: StoppedBy): {
  refusals: { code: string; message: string }[];
  gates: RefusingGate[];
} {
  return {
    refusals: refusals.map(({ code, message }) => ({ code, message })),
    gates: gates.flatMap(({ gate, when, outcome, reasons }) => {
      if (outcome === "pass") return [];
      const told = reasons.filter(({ code }) => code !== "NOTE").map(({ code, message }) => ({ code, message }));
      return [{ gate, when, outcome, reasons: told }];
    }),
  };
}

/** One update as the journal and the result keep it: opened before anything moves, closed when it has ended. */
export class UpdateJournal {
  private open: Open | null = null;
  private kept: Promise<unknown>[] = [];
  readonly updates: UpdateRecord[] = [];

  constructor(
    private readonly journal: OpenJournal,
    private readonly settings: Settings,
    /** Seconds, of a clock that never goes back. */
    private readonly seconds: () => number,
  ) {}

  /** @throws RefusedError `JOURNAL_UNWRITABLE`: then nothing moves. */
  async begin(report: PreviewReport, step: Step): Promise<void> {
    const { hop, releases } = report;
    this.open = { step, since: this.seconds(), gates: [], moves: new ReleaseMoves(releases), hop };
    await this.journal.append({
      kind: "update-started",
      step: kindOf(step),
      ...stepEnds(step),
      fingerprint: report.approval?.fingerprint ?? null,
      chartDigests: Object.fromEntries(report.releases.map(({ role, sha256 }) => [role, sha256])),
    });
    for (const event of wordsFor(report, this.settings)) await this.journal.append(event);
  }

  /** A gate's process, or a hook, has told its report. Kept in the background; `end` waits for it. */
  heed({ pcg, report, release }: ProgressLine): void {
    if (this.open === null || report === undefined) return;
    const { gate, when, outcome, accepted } = report;
    if (release !== undefined) return this.keep({ kind: "gate", report, release });
    const applicable = !isNotApplicable(report);
    this.open.gates.push({ gate, subject: pcg, when, outcome, applicable, accepted: accepted?.length ?? 0 });
    this.keep({ kind: "gate", report });
    for (const event of acceptedIn(report)) this.keep(event);
  }

  /** The engine has told what its `up` does. */
  heedEngine(event: EngineEvent): void {
    this.open?.moves.heed(event);
  }

  /** What cannot be kept is told by `end`. */
  private keep(event: JournalEvent): void {
    const kept = this.journal.append(event);
    kept.catch(() => undefined);
    this.kept.push(kept);
  }

  /** Does nothing where no update was begun. */
  async end(outcome: UpdateRecord["outcome"], by: StoppedBy = { refusals: [], gates: [] }): Promise<void> {
    if (this.open === null) return;
    const { step, since, gates, moves, hop } = this.open;
    this.open = null;
    const ends = stepEnds(step);
    const seconds = Math.round((this.seconds() - since) * 10) / 10;
    this.updates.push({ step: kindOf(step), ...ends, outcome, seconds, gates });
    await Promise.all(this.kept.splice(0));
    const releases = moves.told();
    const passed = pointPassed(hop, releases);
    await this.journal.append({
      kind: "update-ended",
      ...ends,
      outcome,
      seconds,
      ...keptOf(by),
      releases,
      ...(passed === null ? {} : { pointOfNoReturn: passed.because }),
    });
  }
}

/** Hubble migrates data as soon as it runs: one that failed, or whose end is not known, may have. */
function pointPassed(hop: PreviewReport["hop"], releases: readonly ReleaseMove[]): PointOfNoReturn | null {
  if (hop === null || !releases.some(({ role }) => role === "hubble")) return null;
  return pointOfNoReturn([hop]);
}

function kindOf(step: Step): UpdateRecord["step"] {
  return step.kind === "done" ? "settle" : step.kind;
}

/** The persons' words that this update stands on: acts acknowledged for its hop. */
function wordsFor({ hop }: PreviewReport, { acknowledge }: Settings): JournalEvent[] {
  if (hop === null) return [];
  const name = `${hop.from}->${hop.to}`;
  return acknowledge
    .filter((word) => word.hop === name)
    .map(({ act, by, because, ticket }) => ({
      kind: "acknowledged",
      act,
      hop: name,
      by,
      because,
      ticket: ticket ?? null,
    }));
}

function acceptedIn({ gate, from, to, accepted }: GateReport): JournalEvent[] {
  return (accepted ?? []).map((reason) => ({ kind: "accepted", gate, hop: `${from}->${to}`, ...reason }));
}
