import { InvalidInputError } from "../base/errors/errors.js";
import { approvedFingerprintVariable, approvedVersionVariable } from "../gates/consent/approval.js";
import { type PreviewReport } from "../program/preview/report.js";

export { approvedFingerprintVariable, approvedVersionVariable };

/** What a person approved: the next stop, and the fingerprint of everything it depends on. */
export type Approval = NonNullable<PreviewReport["approval"]>;

interface ApprovalInput {
  report: PreviewReport | null;
  /** Approval given elsewhere, e.g. in a pull request. */
  given: Approval | null;
  /** True where a person has just said yes to this preview. */
  confirmed: boolean;
  required: boolean;
}

/**
 * Returns the approval as environment of the update, which refuses when anything has changed since. Where the stack
 * requires an approval, --yes alone is not enough. Pure.
 */
export function toApprovalEnvironment({ report, given, confirmed, required }: ApprovalInput): Record<string, string> {
  const approval = given ?? (confirmed || !required ? (report?.approval ?? null) : null);
  if (approval === null) return {};
  return { [approvedVersionVariable]: approval.version, [approvedFingerprintVariable]: approval.fingerprint };
}

/** Parses the two options, which are valid only together. @throws InvalidInputError `APPROVAL_INCOMPLETE`. */
export function parseApproval(version: string | undefined, fingerprint: string | undefined): Approval | null {
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
