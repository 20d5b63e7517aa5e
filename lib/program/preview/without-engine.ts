import { toRefusal } from "../../base/errors/refusal.js";
import { PaletteError } from "../../base/errors/errors.js";
import { listPreviewedReleases } from "./releases.js";
import { refuseForeignRehearsal } from "../../settings/rehearsal.js";
import { addChartDigests, checkRouteCharts, openStackChartSource } from "../step/charts-of-route.js";
import { type ImportedRelease } from "../step/hand-imported.js";
import { inspectGates } from "./ask-gates.js";
import { type Prepared, refuseUnlessPlanned } from "../step/prepare.js";
import { type PreviewedRelease, type PreviewReport } from "./report.js";
import { readStageHops, selectPromotedHops } from "../step/promoted.js";
import { parseRecorded } from "../step/recorded.js";
import { resolveStepReleases } from "../step/releases-of-step.js";
import { type Settings } from "../../settings/schema.js";
import { expandSiteHop, openUpdate, prepareUpdate, type Update } from "../step/update.js";

export interface GatePreviewOptions {
  stack: string;
  projectDir: string;
  settings: Settings;
  /** The stack's last outputs. */
  outputs: Record<string, unknown>;
  /** Reads the last outputs of another stack: the previous stage, with `palette:promotionStack`. */
  readStackOutputs: (stack: string) => Promise<Record<string, unknown>>;
  /** Reads the releases in the stack's state; null where it cannot be read. */
  readStateReleases: () => Promise<ImportedRelease[] | null>;
  environment: NodeJS.ProcessEnv;
}

export interface GatePreview {
  report: PreviewReport;
  /** What the update will refuse with before it judges a gate, e.g. missing charts; null: nothing. */
  refusedWith: PaletteError | null;
}

/**
 * Runs `preview --gates-only`: decides the step, checks its charts and judges its gates once and read-only, without an
 * engine; nothing is declared. Works days ahead of the update: missing charts do not keep the gates from being judged.
 *
 * @throws PaletteError what the program itself refuses with before it has decided a step.
 */
export async function previewGatesOnly(options: GatePreviewOptions): Promise<GatePreview> {
  const { stack: name, projectDir, settings, outputs, readStateReleases, environment } = options;
  refuseForeignRehearsal(settings, environment);
  const update = await openUpdate({
    settings,
    recorded: parseRecorded(outputs),
    projectDir,
    isPreview: true,
    environment,
    readImportedReleases: async () => (await readStateReleases()) ?? [],
  });
  const decided = skipEnrolment(update, await prepareUpdate(update));
  const { prepared, releases, refusedWith } = await resolveReleases(update, decided, readStateReleases);
  const { recorded } = update;
  const { readStackOutputs } = options;
  const stage = await readStageHops({ settings, ...prepared, readStackOutputs });
  const promoted = selectPromotedHops(settings, recorded, stage, prepared.step);
  const report = await inspectGates(name, update, prepared, { releases, promoted, stage });
  const refusal = refusedWith === null ? null : toRefusal(refusedWith);
  // Only a complete preview can be approved, and this one did not run the engine.
  return { report: { ...report, approval: null, refusal }, refusedWith };
}

interface ResolvedReleases {
  prepared: Prepared;
  releases: PreviewedRelease[];
  refusedWith: PaletteError | null;
}

async function resolveReleases(
  update: Update,
  decided: Prepared,
  inState: GatePreviewOptions["readStateReleases"],
): Promise<ResolvedReleases> {
  try {
    const source = openStackChartSource(update.settings, update.projectDir);
    const found = await checkRouteCharts(decided, source);
    const { charts } = found;
    const prepared = addChartDigests(update, decided, found);
    const releases = await resolveStepReleases(update, prepared, { source, charts, readStateReleases: inState });
    return { prepared, releases: listPreviewedReleases(releases, prepared, charts), refusedWith: null };
  } catch (error) {
    if (!(error instanceof PaletteError)) throw error;
    return { prepared: decided, releases: [], refusedWith: error };
  }
}

/**
 * Replaces an enrolment by the hop after it: the enrolment moves nothing, and the same `up` continues with the hop.
 *
 * @throws RefusedError where the plan refuses.
 */
function skipEnrolment(update: Update, prepared: Prepared): Prepared {
  const { step, plan, facts } = prepared;
  const first = step.kind === "enrol" && plan !== null ? refuseUnlessPlanned(plan).hops[0] : undefined;
  if (first === undefined) return prepared;
  const from = step.destination;
  return {
    ...prepared,
    step: { kind: "hop", from, destination: first.to, resuming: false, declareReleases: true },
    hop: expandSiteHop(update, from, first.to, facts),
    notice: [
      prepared.notice,
      `The first update enrols ${from} and moves nothing; what follows is about the hop after it.`,
    ]
      .filter((sentence) => sentence !== null)
      .join(" "),
  };
}
