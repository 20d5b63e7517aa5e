/** What one preview found, for people and pull requests: written to the file named by `PALETTE_PREVIEW_FILE`. */
import type { GateName, Outcome, Reason } from "../gates/types.js";
import type { Estimate } from "../plan/estimate.js";
import type { PointOfNoReturn } from "../plan/no-return.js";
import type { Hop, Plan } from "../plan/types.js";
import type { Version } from "../version/version.js";
import { getErrorMessage, PaletteError } from "../errors.js";
import type { Step } from "./step.js";

export type { Estimate } from "../plan/estimate.js";
export type { PointOfNoReturn } from "../plan/no-return.js";

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
  /** Why it will be checked only in the update; null otherwise. */
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
}

export interface PreviewedAct {
  name: string;
  text: string;
  irreversible: boolean;
  acknowledged: boolean;
}

export interface PreviewReport {
  schemaVersion: 1;
  stack: string;
  step: Step | null;
  /** The whole route from the installed version; null where planning did not get that far. */
  plan: Plan | null;
  hop: Hop | null;
  gates: PreviewedGate[];
  releases: PreviewedRelease[];
  acts: PreviewedAct[];
  /**
   * Acceptances that this hop would use, that match nothing, that match but do not count (with why), or have expired.
   */
  acceptances: { used: string[]; unused: string[]; uncounted: string[]; expired: string[] };
  estimates: { hop: { from: Version; to: Version }; estimate: Estimate }[];
  /** The first hop of the route after which only a backup leads back; null where none is left. */
  pointOfNoReturn: PointOfNoReturn | null;
  /** What an approval of this preview is bound to; null where there is no hop. */
  approval: { version: Version; fingerprint: string } | null;
  refusal: { code: string; message: string; next: string | null } | null;
  /** A sentence on something that could not be read; null otherwise. */
  notice: string | null;
}

/** Converts anything that was thrown to the refusal of a report. */
export function toPreviewRefusal(error: unknown): NonNullable<PreviewReport["refusal"]> {
  if (error instanceof PaletteError) return { code: error.code, message: error.message, next: error.next ?? null };
  return { code: "UNEXPECTED", message: getErrorMessage(error), next: null };
}
