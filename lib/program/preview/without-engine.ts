import { type PaletteError } from "../../base/errors/errors.js";
import { createConnectOptions } from "../rehearsal/connect-options.js";
import { refuseForeignRehearsal } from "../rehearsal/refuse-mismatch.js";
import { type Settings } from "../../settings/schema.js";
import { expandSiteHop, refuseUnlessPlanned } from "../step/plan.js";
import { needsClusterConfirmed } from "../step/identify.js";
import { type Prepared, prepareUpdate } from "../step/prepare.js";
import { proveStep, type StateReaders } from "../step/prove.js";
import { parseRecorded } from "../step/recorded.js";
import { openUpdate, type Update } from "../step/update.js";
import { inspectStep } from "./ask-gates.js";
import { type PreviewReport } from "./report.js";

interface GatePreviewOptions extends StateReaders {
  stack: string;
  projectDir: string;
  settings: Settings;
  /** The stack's last outputs. */
  outputs: Record<string, unknown>;
  environment: NodeJS.ProcessEnv;
}

interface GatePreview {
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
  const { stack, projectDir, settings, outputs, readStateReleases, environment } = options;
  refuseForeignRehearsal(settings, environment);
  const update = await openUpdate({
    settings,
    recorded: parseRecorded(outputs),
    projectDir,
    isPreview: true,
    environment,
    connection: createConnectOptions(environment),
    readImportedReleases: async () => (await readStateReleases()) ?? [],
  });
  const observed = await update.observe();
  const first = await prepareUpdate(update, observed);
  const proved = await proveStep(update, skipEnrolment(update, first), options);
  const report = await inspectStep(stack, update, proved);
  // Only a complete preview can be approved, and this one did not run the engine.
  return {
    report: { ...report, confirmsCluster: needsClusterConfirmed(first, settings), approval: null },
    refusedWith: proved.refusal,
  };
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
