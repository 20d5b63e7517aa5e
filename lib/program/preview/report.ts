/** What one preview found, for people and pull requests: written to the file named by `PALETTE_PREVIEW_FILE`. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { getErrorMessage, InvalidInputError } from "../../base/errors/errors.js";
import { describeTool } from "../../base/process/tool-version.js";
import { type GateName, type Outcome, type Reason } from "../../gates/verdict/types.js";
import { type Estimate } from "../../planning/plan/estimate.js";
import { type PointOfNoReturn } from "../../planning/plan/warnings/no-return.js";
import { type Hop, type Plan } from "../../planning/plan/types.js";
import { type Version } from "../../planning/version/version.js";
import { type ValuesOrigin } from "../step/releases/declared-release.js";
import { type SiteIdentity } from "../../site/identity.js";
import { type LoosenedSetting } from "../../settings/loosened.js";
import { type HopInProgressReport } from "../step/hop-in-progress.js";
import { type Step } from "../step/step.js";

export type { Estimate } from "../../planning/plan/estimate.js";
export type { PointOfNoReturn } from "../../planning/plan/warnings/no-return.js";

export const previewFileVariable = "PALETTE_PREVIEW_FILE";

/** A gate's read-only verdict now; `will-check` where it could not be judged, with why. */
export interface PreviewedGate {
  gate: GateName;
  /** A gateway `tenant/name` or the name of an own check; null where the gate is about the whole. */
  subject: string | null;
  when: "before" | "after";
  mandatory: boolean;
  outcome: Outcome | "will-check" | "not-applicable";
  reasons: Reason[];
  /** Why it will be checked only in the update, or what prolongs its wait; null otherwise. */
  why: string | null;
}

export interface PreviewedRelease {
  role: string;
  name: string;
  namespace: string;
  /** Installed chart version; null where it is not known or not installed. */
  from: string | null;
  to: string;
  /** sha256 of the chart it moves to. */
  sha256: string;
  /** Which values it gets and from where, by key paths; null in a preview without the cluster: the stored ones stay. */
  values: ValuesOrigin | null;
}

interface PreviewedAct {
  name: string;
  text: string;
  irreversible: boolean;
  acknowledged: boolean;
}

export interface PreviewReport {
  schemaVersion: 1;
  /** Name, version and commit of the tool that made it. */
  tool?: string;
  stack: string;
  /** Which installation this is about; null where no step could be decided. */
  identity: SiteIdentity | null;
  /** The first update of this stack has to be confirmed, because palette:cluster pins no cluster. */
  confirmsCluster: boolean;
  step: Step | null;
  /**
   * The whole route from the installed version, a hop in progress first; null where planning did not get that far.
   */
  plan: Plan | null;
  hop: Hop | null;
  /** The hop in progress that this update finishes; null where none is. */
  hopInProgress: HopInProgressReport | null;
  gates: PreviewedGate[];
  releases: PreviewedRelease[];
  acts: PreviewedAct[];
  /**
   * Acceptances that this hop would use, that match nothing, that match but do not count (with why), or have expired.
   */
  acceptances: { used: string[]; unused: string[]; uncounted: string[]; expired: string[] };
  /** False: what is said is by the record, because the cluster could not be read. */
  clusterRead: boolean;
  /** Settings by which less is proved than by their defaults. */
  loosened: LoosenedSetting[];
  estimates: { hop: { from: Version; to: Version }; estimate: Estimate }[];
  /** The first hop of the route after which only a backup leads back; null where none is left. */
  pointOfNoReturn: PointOfNoReturn | null;
  /** What an approval of this preview is bound to; null where there is no hop. */
  approval: { version: Version; fingerprint: string } | null;
  refusal: { code: string; message: string; next: string | null } | null;
  /** A sentence on something that could not be read; null otherwise. */
  notice: string | null;
}

/** Adds which tool made the report. */
export function stampTool(report: PreviewReport): PreviewReport {
  return { ...report, tool: describeTool() };
}

/** Writes the report atomically to the file named by `PALETTE_PREVIEW_FILE`; without it nothing is written. */
export function writePreviewFile(report: PreviewReport, environment: NodeJS.ProcessEnv): void {
  const file = environment[previewFileVariable] ?? "";
  if (file === "") return;
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, `${JSON.stringify(stampTool(report), null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    throw new InvalidInputError(
      "PREVIEW_FILE",
      `${previewFileVariable}: ${file} cannot be written: ${getErrorMessage(error)}.`,
      {
        next: "Name a file in a folder that can be written.",
        cause: error,
      },
    );
  }
}
