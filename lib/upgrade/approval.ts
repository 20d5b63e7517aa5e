import { InvalidInputError } from "../errors.js";
import { approvedFingerprintVariable, approvedVersionVariable } from "../stack/approval.js";
import { type PreviewReport } from "../stack/preview-report.js";

export { approvedFingerprintVariable, approvedVersionVariable };

/** What a person approved: the next stop, and the fingerprint of all that leads there. */
export type Approval = NonNullable<PreviewReport["approval"]>;

export interface ApprovalQuestion {
  report: PreviewReport | null;
  /** Of a preview that was approved elsewhere, e.g. in a pull request. */
  given: Approval | null;
  /** True where a person has just said yes to this preview. */
  confirmed: boolean;
  required: boolean;
}

/**
 * What is handed to the update, which refuses when anything has changed since. Where the stack requires an approval, --yes
 * alone is none. Pure.
 */
export function approvalFor({ report, given, confirmed, required }: ApprovalQuestion): Record<string, string> {
  const approval = given ?? (confirmed || !required ? (report?.approval ?? null) : null);
  if (approval === null) return {};
  return { [approvedVersionVariable]: approval.version, [approvedFingerprintVariable]: approval.fingerprint };
}

/** The two options, which count only together. @throws InvalidInputError `APPROVAL_INCOMPLETE`. */
export function givenApproval(version: string | undefined, fingerprint: string | undefined): Approval | null {
  if (version === undefined && fingerprint === undefined) return null;
  if (version !== undefined && fingerprint !== undefined) return { version, fingerprint };
  throw new InvalidInputError(
    "APPROVAL_INCOMPLETE",
    "An approval is the version and the fingerprint of a preview, both.",
    {
      next: "Give --approved-version and --approved-fingerprint as the approved preview shows them.",
    },
  );
}
