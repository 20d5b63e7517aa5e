import { PaletteError } from "../errors.js";
import { chartSourceOf, chartsOfRoad, withCharts } from "./chart-road.js";
import { type HeldByHand } from "./hand-imported.js";
import { lookAtGates } from "./look.js";
import { refusalOf, type PreviewedRelease, type PreviewReport } from "./preview-report.js";
import { hopsOfStage, promotedInto } from "./promoted.js";
import { refuseForeignRehearsal } from "./read-settings.js";
import { previewedReleases, releasesOfStep } from "./releases-of-step.js";
import { parseRecorded } from "./recorded.js";
import { type Settings } from "./settings-schema.js";
import { refuseUnlessPlanned, type Prepared } from "./prepare.js";
import { hopOf, openUpdate, prepareUpdate, type Update } from "./update.js";

export interface LookAheadQuestion {
  stack: string;
  projectDir: string;
  settings: Settings;
  /** The stack's last outputs. */
  outputs: Record<string, unknown>;
  /** Reads the last outputs of another stack: the stage before, where one is promoted from. */
  readOutputsOf: (stack: string) => Promise<Record<string, unknown>>;
  /** Releases that the stack's state holds; null where that cannot be asked. */
  inState: () => Promise<HeldByHand[] | null>;
  environment: NodeJS.ProcessEnv;
}

export interface LookedAhead {
  report: PreviewReport;
  /** What the update will refuse with before it asks a gate, e.g. charts that are not there yet; null: nothing. */
  refusedWith: PaletteError | null;
}

/**
 * `preview --gates-only`: decides the step, proves its charts and judges its gates, read-only and once, without an engine;
 * nothing is declared. Works days ahead of the update: what is still missing keeps nobody from seeing what the gates say.
 *
 * @throws PaletteError what the program itself refuses with before it has decided a step.
 */
export async function lookAhead(question: LookAheadQuestion): Promise<LookedAhead> {
  const { stack: name, projectDir, settings, outputs, inState, environment } = question;
  refuseForeignRehearsal(settings, environment);
  const update = await openUpdate({
    settings,
    recorded: parseRecorded(outputs),
    projectDir,
    isPreview: true,
    environment,
    handImported: async () => (await inState()) ?? [],
  });
  const decided = beyondEnrolment(update, await prepareUpdate(update));
  const { prepared, releases, refusedWith } = await withReleases(update, decided, inState);
  const { recorded } = update;
  const { readOutputsOf } = question;
  const stage = await hopsOfStage({ settings, ...prepared, readOutputsOf });
  const promoted = promotedInto(settings, recorded, stage, prepared.step);
  const report = await lookAtGates(name, update, prepared, { releases, promoted, stage });
  const refusal = refusedWith === null ? null : refusalOf(refusedWith);
  // What is approved is a whole preview: this one has not asked the engine.
  return { report: { ...report, approval: null, refusal }, refusedWith };
}

interface WithReleases {
  prepared: Prepared;
  releases: PreviewedRelease[];
  refusedWith: PaletteError | null;
}

async function withReleases(
  update: Update,
  decided: Prepared,
  inState: LookAheadQuestion["inState"],
): Promise<WithReleases> {
  try {
    const source = chartSourceOf(update.settings, update.projectDir);
    const found = await chartsOfRoad(decided, source);
    const { charts } = found;
    const prepared = withCharts(update, decided, found);
    const releases = await releasesOfStep(update, prepared, { source, charts, inState });
    return { prepared, releases: previewedReleases(releases, prepared, charts), refusedWith: null };
  } catch (error) {
    if (!(error instanceof PaletteError)) throw error;
    return { prepared: decided, releases: [], refusedWith: error };
  }
}

/**
 * Whoever asks days ahead, before the stack is enrolled, asks about the hop: the enrolment moves nothing, and the same
 * `up` goes on from it. @throws RefusedError where no road leads on.
 */
function beyondEnrolment(update: Update, prepared: Prepared): Prepared {
  const { step, plan, facts } = prepared;
  const first = step.kind === "enrol" && plan !== null ? refuseUnlessPlanned(plan).hops[0] : undefined;
  if (first === undefined) return prepared;
  const from = step.destination;
  return {
    ...prepared,
    step: { kind: "hop", from, destination: first.to, resuming: false, declareReleases: true },
    hop: hopOf(update, from, first.to, facts),
    notice: [
      prepared.notice,
      `The first update enrols ${from} and moves nothing; what follows is about the hop after it.`,
    ]
      .filter((sentence) => sentence !== null)
      .join(" "),
  };
}
