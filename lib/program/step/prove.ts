import { type PaletteError } from "../../base/errors/errors.js";
import { attempt } from "../../base/errors/refusal.js";
import { type PromotedHop } from "../../gates/verdict/types.js";
import { type ChartsByVersion } from "../../site/charts/check-charts.js";
import { addChartDigests, checkRouteCharts, openStackChartSource } from "./charts-of-route.js";
import { type DeclaredRelease } from "./releases/declared-release.js";
import { type ImportedRelease } from "./releases/hand-imported.js";
import { type Prepared } from "./prepare.js";
import { readStageHops, selectPromotedHops } from "./promoted.js";
import { type VerifiedHop } from "./recorded.js";
import { resolveStepReleases } from "./releases/releases-of-step.js";
import { type Update } from "./update.js";

/** How the state of this stack and of the stage before are read. */
export interface StateReaders {
  /** Reads the releases in the stack's state; null where it cannot be read. */
  readStateReleases: () => Promise<ImportedRelease[] | null>;
  /** Reads the last outputs of another stack of this backend: the previous stage, with `palette:promotion.stack`. */
  readStackOutputs: (stack: string) => Promise<Record<string, unknown>>;
}

/** A decided step with everything that has to be there before its gates are judged. */
export interface Proved {
  /** With the digests of its charts in the fingerprints, where they were found. */
  prepared: Prepared;
  releases: DeclaredRelease[];
  charts: ChartsByVersion;
  /** All hops that the previous stage has verified; null without one. */
  stage: VerifiedHop[] | null;
  /** Those of them that lead to this destination. */
  promoted: PromotedHop[] | null;
  /** What the update refuses with before a gate is judged, e.g. a hop in progress or missing charts; null: nothing. */
  refusal: PaletteError | null;
}

/** Proves charts, releases and the previous stage of a step. A refusal is a value: a preview shows the step all the same. */
export async function proveStep(update: Update, decided: Prepared, readers: StateReaders): Promise<Proved> {
  const { settings, recorded } = update;
  const { step, clusterUid } = decided;
  const releases = await attempt(() => proveReleases(update, decided, readers));
  const stage = await attempt(() =>
    readStageHops({ settings, step, clusterUid, readStackOutputs: readers.readStackOutputs }),
  );
  return {
    ...(releases.ok ? releases.value : { prepared: decided, releases: [], charts: new Map() }),
    stage: stage.ok ? stage.value : null,
    promoted: stage.ok ? selectPromotedHops(settings.promotion, recorded, stage.value, decided) : null,
    refusal:
      decided.hopInProgress?.refusal ?? [releases, stage].flatMap((each) => (each.ok ? [] : [each.refusal]))[0] ?? null,
  };
}

async function proveReleases(
  update: Update,
  decided: Prepared,
  { readStateReleases }: StateReaders,
): Promise<Pick<Proved, "prepared" | "releases" | "charts">> {
  const source = openStackChartSource(update.settings, update.projectDir);
  const found = await checkRouteCharts(decided, source);
  const { charts } = found;
  const prepared = addChartDigests(update, decided, found);
  const releases = await resolveStepReleases(update, prepared, { source, charts, readStateReleases });
  return { prepared, releases, charts };
}
