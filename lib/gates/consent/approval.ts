import { createHash, scryptSync } from "node:crypto";
import { isOtherPerson, runnerUnknown } from "./runner-names.js";
import { formatHopName } from "./types.js";
import { toCanonicalJson } from "../../base/text/canonical-json.js";
import { RefusedError } from "../../base/errors/errors.js";
import { type Plan } from "../../planning/plan/types.js";
import { type Role } from "../../planning/rules/types.js";
import { type Version } from "../../planning/version/version.js";
import { type Settings } from "../../settings/schema.js";

/** Environment variables of an approval: destination and fingerprint of the approved preview, and who approved it. */
export const approvedVersionVariable = "PALETTE_APPROVED_VERSION";
export const approvedFingerprintVariable = "PALETTE_APPROVED_FINGERPRINT";
export const approvedByVariable = "PALETTE_APPROVED_BY";
const variables = [approvedVersionVariable, approvedFingerprintVariable, approvedByVariable];

/** What an approval is bound to: the destination, and the fingerprint of everything that would move. */
interface Approval {
  version: Version;
  fingerprint: string;
}

/** A release as this update would leave it. */
interface MovingRelease {
  role: Role;
  name: string;
  namespace: string;
  chartVersion: string;
  /** sha256 of the chart. */
  sha256: string;
  /** Complete values; null where they are not known. */
  values: Record<string, unknown> | null;
}

/** What an update would do, whatever its kind. */
export interface ApprovedStep {
  kind: string;
  /** Equal to `to` where no version changes. */
  from: Version;
  to: Version;
  /** The plan, whose fingerprint has route, matrix, advisories and charts. */
  plan: Pick<Plan, "fingerprint">;
  releases: readonly MovingRelease[];
  accept: Settings["accept"];
}

/**
 * Computes the fingerprint that an approval is bound to: the step, the releases that move with the values they get, the
 * plan's own fingerprint, and the acceptances for this step. Acts are acknowledged when they are done, often after the
 * approval, so they are not in it. Pure.
 */
export function computeApprovalFingerprint({ kind, from, to, plan, releases, accept }: ApprovedStep): string {
  const parts = {
    step: { kind, from, to },
    releases: releases.map((release) => ({ ...release, values: null })),
    values: computeSlowDigest(Object.fromEntries(releases.map(({ role, values }) => [role, values])), plan),
    accepted: accept
      .filter(({ hop }) => hop === formatHopName({ from, to }))
      .map(toCanonicalJson)
      .sort(),
    plan: plan.fingerprint,
  };
  return createHash("sha256").update(toCanonicalJson(parts)).digest("hex");
}

/** Values may be secrets and the fingerprint is shown, so guessing them by brute force must be expensive. */
function computeSlowDigest(values: Record<string, unknown>, { fingerprint }: ApprovedStep["plan"]): string {
  return scryptSync(toCanonicalJson(values), fingerprint, 32).toString("hex");
}

export interface ApprovalCheckInput {
  /** What is decided now; null where no release moves, which needs no approval. */
  decided: Approval | null;
  environment: NodeJS.ProcessEnv;
  /** `palette:approval.required`. */
  required: boolean;
  /**
   * With `palette:approval.fourEyes`, the names of whoever runs the update, whose own approval does not count; null
   * without.
   */
  runners: readonly string[] | null;
}

/**
 * Compares what is decided now with what was approved. No message repeats the fingerprint of what is decided: whoever
 * approves reads it off the preview.
 *
 * @throws RefusedError `APPROVAL_STALE`, `APPROVAL_MISSING` where the stack asks for one or a part of it is missing,
 * `FOUR_EYES` where the stack asks for one and whoever runs the update gave it.
 */
export function checkApproval({ decided, environment, required, runners }: ApprovalCheckInput): void {
  if (decided === null) return;
  const missing = variables.filter((name) => (environment[name] ?? "").trim() === "");
  if (missing.length === variables.length && !required) return;
  if (missing.length > 0) throw createMissingError(decided, missing);
  const version = environment[approvedVersionVariable]!;
  const by = environment[approvedByVariable]!;
  if (version === decided.version && environment[approvedFingerprintVariable] === decided.fingerprint) {
    if (required && runners !== null) refuseOwnApproval(decided, by, runners);
    return;
  }
  const isSameMove = version === decided.version;
  throw new RefusedError(
    "APPROVAL_STALE",
    `${by} approved the move to ${version}; decided now is ${isSameMove ? "a move there with another fingerprint" : `the move to ${decided.version}`}.`,
    {
      next: `What is installed, a hop in progress, the matrix, an advisory, a chart, a release's values or what is accepted for this hop has changed since: have a new preview approved. ${whereToSee}`,
    },
  );
}

function refuseOwnApproval({ version }: Approval, by: string, runners: readonly string[]): void {
  if (isOtherPerson(by, runners)) return;
  if (runners.length === 0) {
    const message = `The move to ${version}: approved by ${by}, but ${runnerUnknown.message}.`;
    throw new RefusedError("FOUR_EYES", message, { next: runnerUnknown.next });
  }
  throw new RefusedError(
    "FOUR_EYES",
    `The move to ${version}: approved by the one who runs this (${by}), which palette:approval.fourEyes does not count.`,
    { next: "Have another person approve it, or run the update." },
  );
}

const whereToSee = '"palette-upgrade preview" shows version and fingerprint under "to approve".';

function createMissingError({ version }: Approval, missing: readonly string[]): RefusedError {
  const why =
    missing.length === variables.length
      ? "palette:approval.required is set, and nothing says that a preview of it was approved"
      : `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set, and an approval is version, fingerprint and the name of who approved`;
  return new RefusedError("APPROVAL_MISSING", `The move to ${version} waits for approval: ${why}.`, {
    next: `Have the preview approved: ${whereToSee} Then run with ${variables.join(", ")} as the approver gives them; palette-upgrade up takes --approved-version, --approved-fingerprint and --approved-by, or asks on a terminal.`,
  });
}
