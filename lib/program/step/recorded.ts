import * as z from "zod";
import { InvalidInputError } from "../../base/errors/errors.js";
import { roles } from "../../planning/rules/types.js";
import { type MeasuredHop } from "../../planning/plan/estimate.js";
import { classifyChange, type Version } from "../../planning/version/version.js";

const release = z.object({ role: z.enum(roles), name: z.string(), namespace: z.string() });

/** A hop whose checks after it have passed: the condition for promotion to another stack. */
const verifiedHop = z.object({
  from: z.string(),
  to: z.string(),
  matrix: z.string(),
  matrixSha256: z.string(),
  /** sha256 of each chart by role; empty in outputs of earlier versions of this tool. */
  chartDigests: z.record(z.string(), z.string()).default({}),
  /** ISO 8601, of the last check. */
  verifiedAt: z.string(),
  /** From the first release that moved to the last check; absent in outputs of earlier versions of this tool. */
  minutes: z.number().nonnegative().optional(),
});

/** A verified hop of the previous stage. */
const promotedHop = verifiedHop.omit({ matrix: true, matrixSha256: true, minutes: true });

/** Helm's deployed revision of one release when a version was settled: a later run detects drift by it. */
const settledRelease = z.object({
  role: z.enum(roles),
  revision: z.number().int(),
  /** sha256 of the user-supplied values. */
  valuesDigest: z.string(),
});

const recordedSchema = z.object({
  clusterUid: z.string().optional(),
  observedVersion: z.string().optional(),
  /** Moves only when every check of the installed version has passed. */
  appliedVersion: z.string().optional(),
  releases: z.array(release).default([]),
  /** True once a hop of this tool has adopted the releases. */
  adopted: z.boolean().default(false),
  /** Agent version by `tenant/name`, as of the last settled version. */
  agents: z.record(z.string(), z.string()).default({}),
  /** The baseline the catch-up of `appliedVersion` was compared with. */
  agentBaseline: z.record(z.string(), z.string()).default({}),
  /** The baseline the catch-up of the version before `appliedVersion` was compared with. */
  installedBaseline: z.record(z.string(), z.string()).default({}),
  verifiedHops: z.array(verifiedHop).default([]),
  /** Of the releases of `appliedVersion`. */
  held: z.array(settledRelease).default([]),
  /** Of the releases of the version before it. */
  heldBefore: z.array(settledRelease).default([]),
  /** The version of this tool's fresh install, until the first hop after it. */
  installedFresh: z.string().optional(),
  /** What the previous stage had verified of the last hop to `appliedVersion`. */
  promoted: z.array(promotedHop).default([]),
});

export type Recorded = z.infer<typeof recordedSchema>;
export type SettledRelease = z.infer<typeof settledRelease>;
export type VerifiedHop = z.infer<typeof verifiedHop>;

/** Parses what the program reads of the stack's last outputs. Empty outputs: the stack was never enrolled. */
export function parseRecorded(outputs: Record<string, unknown>): Recorded {
  const parsed = recordedSchema.safeParse(outputs);
  if (parsed.success) return parsed.data;
  const keys = [...new Set(parsed.error.issues.map((issue) => issue.path.join(".")))].join(", ");
  throw new InvalidInputError(
    "STATE_UNREADABLE",
    `The stack's own outputs do not have the form this tool writes: ${keys}.`,
    {
      next: "Run the version of the tool that wrote them, or restore the stack from its backend's history.",
    },
  );
}

/**
 * Parses the verified hops in another stack's outputs.
 *
 * @throws InvalidInputError `PROMOTION_STACK` if there are none.
 */
export function parseVerifiedHops(outputs: Record<string, unknown>, stack: string): VerifiedHop[] {
  const parsed = z.array(verifiedHop).safeParse(outputs.verifiedHops);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError("PROMOTION_STACK", `Stack ${stack} has no output verifiedHops that this tool wrote.`, {
    next: "Name the stack of the stage before in palette:promotion.stack; it must have been enrolled.",
  });
}

/** Lists the hops with a measured duration. */
export function listMeasuredHops(hops: readonly VerifiedHop[]): MeasuredHop[] {
  return hops.flatMap(({ from, to, minutes }) =>
    minutes === undefined ? [] : [{ change: classifyChange(from, to), minutes }],
  );
}

/**
 * Lists those before the hop to this destination, so that a settled stack passes its gates the same list as the hop
 * did.
 */
export function listMeasuredHopsBefore(hops: readonly VerifiedHop[], destination: Version): MeasuredHop[] {
  return listMeasuredHops(hops.filter(({ to }) => to !== destination));
}

/** What gates compare the current state with: agent versions by `tenant/name`, and Helm's revisions. */
export interface Baselines {
  /** As of before this update's hop. */
  baseline: Record<string, string>;
  /** As of before the hop to the installed version. */
  installedBaseline: Record<string, string>;
  /** Helm's deployed revisions when the version before this update was settled. */
  settledRevisions: SettledRelease[];
}

/**
 * Selects the baselines for this destination. They stay the same while nothing moves, so that a settled stack has no
 * diff.
 */
export function selectBaselines(recorded: Recorded, destination: Version): Baselines {
  const isSettled = recorded.appliedVersion === destination;
  return {
    baseline: isSettled ? recorded.agentBaseline : recorded.agents,
    installedBaseline: isSettled ? recorded.installedBaseline : recorded.agentBaseline,
    settledRevisions: isSettled ? recorded.heldBefore : recorded.held,
  };
}
