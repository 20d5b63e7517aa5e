import { RefusedError } from "../errors.js";
import { type Version } from "../version/version.js";

/** The destination and the fingerprint of the preview that somebody approved: handed over by the driver, or by CI. */
export const approvedVersionVariable = "PALETTE_APPROVED_VERSION";
export const approvedFingerprintVariable = "PALETTE_APPROVED_FINGERPRINT";

/** What an approval is bound to: where this update goes, and what its plan stands on. */
export interface Approval {
  version: Version;
  fingerprint: string;
}

export interface ApprovalQuestion {
  /** What is decided now; null where no release is to move on, which needs no approval. */
  decided: Approval | null;
  environment: NodeJS.ProcessEnv;
  /** `palette:requireApproval`. */
  required: boolean;
}

/**
 * Holds what is decided now against what was approved.
 *
 * @throws RefusedError `APPROVAL_STALE` naming both, `APPROVAL_MISSING` where the stack asks for one.
 */
export function checkApproval({ decided, environment, required }: ApprovalQuestion): void {
  if (decided === null) return;
  const version = environment[approvedVersionVariable] ?? "";
  const fingerprint = environment[approvedFingerprintVariable] ?? "";
  if (version === "" && fingerprint === "" && !required) return;
  if (version === "" || fingerprint === "") throw missing(decided, version, fingerprint);
  if (version === decided.version && fingerprint === decided.fingerprint) return;
  throw new RefusedError(
    "APPROVAL_STALE",
    `Approved was the move to ${version} with fingerprint ${fingerprint}; decided now is the move to ${decided.version} with fingerprint ${decided.fingerprint}.`,
    {
      next: "What is installed, the matrix, an advisory or a chart has changed since: preview again and have that approved.",
    },
  );
}

function missing({ version, fingerprint }: Approval, givenVersion: string, givenFingerprint: string): RefusedError {
  const half = givenVersion === "" ? approvedVersionVariable : approvedFingerprintVariable;
  const why =
    givenVersion === "" && givenFingerprint === ""
      ? "palette:requireApproval is set, and nothing says that a preview of it was approved"
      : `${half} is not set, and an approval is bound to both`;
  return new RefusedError("APPROVAL_MISSING", `The move to ${version} waits for approval: ${why}.`, {
    next: `Have the preview approved, then run with ${approvedVersionVariable}=${version} and ${approvedFingerprintVariable}=${fingerprint}; palette-upgrade up does so by itself once you confirm, or takes --approved-version and --approved-fingerprint.`,
  });
}
