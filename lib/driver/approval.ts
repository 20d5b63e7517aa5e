import { InvalidInputError } from "../base/errors/errors.js";
import { approvedByVariable, approvedFingerprintVariable, approvedVersionVariable } from "../gates/consent/approval.js";
import { type PreviewReport } from "../program/preview/report.js";

/** What a person approved: the next stop, the fingerprint of everything it depends on, and who approved it. */
export interface Approval extends NonNullable<PreviewReport["approval"]> {
  by: string;
}

interface ApprovalInput {
  report: PreviewReport | null;
  /** Approval given elsewhere, e.g. in a pull request. */
  given: Approval | null;
  /** True where a person has just said yes to this preview. */
  confirmed: boolean;
  required: boolean;
  /** Who runs the update, and approves it by confirming it or by --yes. */
  runner: string;
}

/**
 * Finds the approval that the update is made under; it refuses when anything has changed since. Where the stack requires
 * an approval, --yes alone is not enough. Null where there is none. Pure.
 */
export function findApproval({ report, given, confirmed, required, runner }: ApprovalInput): Approval | null {
  if (given !== null) return given;
  const shown = report?.approval ?? null;
  if (shown === null || (required && !confirmed)) return null;
  return { ...shown, by: confirmed ? runner : `${runner} (--yes)` };
}

/** Returns the approval as environment of the update. */
export function toApprovalEnvironment(approval: Approval | null): Record<string, string> {
  if (approval === null) return {};
  const { version, fingerprint, by } = approval;
  return { [approvedVersionVariable]: version, [approvedFingerprintVariable]: fingerprint, [approvedByVariable]: by };
}

interface ApprovalOptions {
  approvedVersion?: string;
  approvedFingerprint?: string;
  approvedBy?: string;
}

/** Parses the three options, which are valid only together. @throws InvalidInputError `APPROVAL_INCOMPLETE`. */
export function parseApproval(options: ApprovalOptions): Approval | null {
  const { approvedVersion: version, approvedFingerprint: fingerprint, approvedBy: by } = options;
  if (version === undefined && fingerprint === undefined && by === undefined) return null;
  const isWhole = version !== undefined && fingerprint !== undefined && by !== undefined && by.trim() !== "";
  if (isWhole) return { version, fingerprint, by };
  throw new InvalidInputError(
    "APPROVAL_INCOMPLETE",
    "An approval is the version and the fingerprint of a preview, and the name of who approved it: all three.",
    {
      next: "Give --approved-version and --approved-fingerprint as the approved preview shows them, and --approved-by.",
    },
  );
}
