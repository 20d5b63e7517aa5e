import { lookAtGates } from "./look.js";
import { type PreviewReport } from "./preview-report.js";
import { hopsOfStage, promotedInto } from "./promoted.js";
import { refuseForeignRehearsal } from "./read-settings.js";
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
  environment: NodeJS.ProcessEnv;
}

/**
 * `preview --gates-only`: decides the step and judges its gates, read-only and once, without an engine and without charts;
 * nothing is declared. Works days ahead of the update.
 *
 * @throws PaletteError what the program itself refuses with.
 */
export async function lookAhead(question: LookAheadQuestion): Promise<PreviewReport> {
  const { stack: name, projectDir, settings, outputs, environment } = question;
  refuseForeignRehearsal(settings, environment);
  const update = await openUpdate({
    settings,
    recorded: parseRecorded(outputs),
    projectDir,
    isPreview: true,
    environment,
  });
  const prepared = beyondEnrolment(update, await prepareUpdate(update));
  const { recorded } = update;
  const { readOutputsOf } = question;
  const stage = await hopsOfStage({ settings, step: prepared.step, readOutputsOf });
  const promoted = promotedInto(settings, recorded, stage, prepared.step);
  const report = await lookAtGates(name, update, prepared, { releases: [], promoted, stage });
  // What is approved stands on the charts too, which nobody looked at here.
  return { ...report, approval: null };
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
