import { createHash, scryptSync } from "node:crypto";
import { formatHopName } from "./types.js";
import { toCanonicalJson } from "../../base/text/canonical-json.js";
import { RefusedError } from "../../base/errors/errors.js";
import { type Plan } from "../../planning/plan/types.js";
import { type Version } from "../../planning/version/version.js";
import { type Settings } from "../../settings/schema.js";

/** Environment variables with destination and fingerprint of the approved preview, set by the driver or by CI. */
export const approvedVersionVariable = "PALETTE_APPROVED_VERSION";
export const approvedFingerprintVariable = "PALETTE_APPROVED_FINGERPRINT";

/** What an approval is bound to: the destination, and the fingerprint of everything the plan depends on. */
interface Approval {
  version: Version;
  fingerprint: string;
}

/**
 * Computes the fingerprint that an approval is bound to: the plan's own, the acceptances for its first hop and
 * `palette:values`. Acts are acknowledged when they are done, often after the approval, so they are not in it. Pure.
 */
export function computeApprovalFingerprint(
  plan: Plan,
  { accept, values }: Pick<Settings, "accept" | "values">,
): string {
  const [first] = plan.hops;
  const accepted =
    first === undefined ? [] : accept.filter(({ hop }) => hop === formatHopName(first)).map(toCanonicalJson);
  const hasValues = Object.keys(values).length > 0;
  if (accepted.length === 0 && !hasValues) return plan.fingerprint;
  const parts = {
    accepted: accepted.sort(),
    plan: plan.fingerprint,
    values: hasValues ? computeSlowDigest(values, plan) : "",
  };
  return createHash("sha256").update(toCanonicalJson(parts)).digest("hex");
}

/** Values may be secrets and the fingerprint is shown, so guessing them by brute force must be expensive. */
function computeSlowDigest(values: Settings["values"], { fingerprint }: Plan): string {
  return scryptSync(toCanonicalJson(values), fingerprint, 32).toString("hex");
}

export interface ApprovalCheckInput {
  /** What is decided now; null where no release moves, which needs no approval. */
  decided: Approval | null;
  environment: NodeJS.ProcessEnv;
  /** `palette:approval.required`. */
  required: boolean;
}

/**
 * Compares what is decided now with what was approved.
 *
 * @throws RefusedError `APPROVAL_STALE` naming both, `APPROVAL_MISSING` where the stack asks for one.
 */
export function checkApproval({ decided, environment, required }: ApprovalCheckInput): void {
  if (decided === null) return;
  const version = environment[approvedVersionVariable] ?? "";
  const fingerprint = environment[approvedFingerprintVariable] ?? "";
  if (version === "" && fingerprint === "" && !required) return;
  if (version === "" || fingerprint === "") throw createMissingError(decided, version, fingerprint);
  if (version === decided.version && fingerprint === decided.fingerprint) return;
  throw new RefusedError(
    "APPROVAL_STALE",
    `Approved was the move to ${version} with fingerprint ${fingerprint}; decided now is the move to ${decided.version} with fingerprint ${decided.fingerprint}.`,
    {
      next: "What is installed, the matrix, an advisory, a chart, palette:values or what is accepted for this hop has changed since: preview again and have that approved.",
    },
  );
}

function createMissingError(
  { version, fingerprint }: Approval,
  givenVersion: string,
  givenFingerprint: string,
): RefusedError {
  const half = givenVersion === "" ? approvedVersionVariable : approvedFingerprintVariable;
  const why =
    givenVersion === "" && givenFingerprint === ""
      ? "palette:approval.required is set, and nothing says that a preview of it was approved"
      : `${half} is not set, and an approval is bound to both`;
  return new RefusedError("APPROVAL_MISSING", `The move to ${version} waits for approval: ${why}.`, {
    next: `Have the preview approved, then run with ${approvedVersionVariable}=${version} and ${approvedFingerprintVariable}=${fingerprint}; palette-upgrade up does so by itself once you confirm, or takes --approved-version and --approved-fingerprint.`,
  });
}
