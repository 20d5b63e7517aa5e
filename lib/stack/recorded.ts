import { z } from "zod";
import { InvalidInputError } from "../errors.js";
import { type MeasuredHop } from "../plan/estimate.js";
import { roles } from "../plan/rules-types.js";
import { changeOf, type Version } from "../version/version.js";

const release = z.object({ role: z.enum(roles), name: z.string(), namespace: z.string() });

/** A hop whose checks after it have passed: what promotion to another stack asks for. */
const verifiedHop = z.object({
  from: z.string(),
  to: z.string(),
  matrix: z.string(),
  matrixSha256: z.string(),
  /** sha256 of each chart by role; none in what earlier versions of this tool wrote. */
  chartDigests: z.record(z.string(), z.string()).default({}),
  /** ISO 8601, of the last check. */
  verifiedAt: z.string(),
  /** From the first release that moved to the last check; absent in what earlier versions of this tool wrote. */
  minutes: z.number().nonnegative().optional(),
});

/** A verified hop of the stage before. */
const promotedHop = verifiedHop.omit({ matrix: true, matrixSha256: true, minutes: true });

/** What Helm held of one release when a version was settled: a later run tells drift by it. */
const heldRelease = z.object({
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
  /** True once a hop of ours has adopted the releases. */
  adopted: z.boolean().default(false),
  /** Agent version by `tenant/name`, as of the last settled version. */
  agents: z.record(z.string(), z.string()).default({}),
  /** The baseline the catch-up of `appliedVersion` was compared with. */
  agentBaseline: z.record(z.string(), z.string()).default({}),
  /** The baseline the catch-up of the version before `appliedVersion` was compared with. */
  installedBaseline: z.record(z.string(), z.string()).default({}),
  verifiedHops: z.array(verifiedHop).default([]),
  /** Of the releases of `appliedVersion`. */
  held: z.array(heldRelease).default([]),
  /** Of the releases of the version before it. */
  heldBefore: z.array(heldRelease).default([]),
  /** The version that this tool installed from nothing, until the first hop leads on from it. */
  installedFresh: z.string().optional(),
  /** What the stage before had verified of the last hop into `appliedVersion`. */
  promoted: z.array(promotedHop).default([]),
});

export type Recorded = z.infer<typeof recordedSchema>;
export type HeldRelease = z.infer<typeof heldRelease>;
export type VerifiedHop = z.infer<typeof verifiedHop>;

/** The stack's own last outputs, trimmed to what the program reads back. Empty outputs are a stack never enrolled. */
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

/** The verified hops among another stack's outputs. @throws InvalidInputError `PROMOTION_STACK` where it is no stack of this tool. */
export function parseVerifiedHops(outputs: Record<string, unknown>, stack: string): VerifiedHop[] {
  const parsed = z.array(verifiedHop).safeParse(outputs.verifiedHops);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError("PROMOTION_STACK", `Stack ${stack} has no output verifiedHops that this tool wrote.`, {
    next: "Name the stack of the stage before in palette:promotionStack; it must have been enrolled.",
  });
}

/** Hops that were timed. */
export function measuredHops(hops: readonly VerifiedHop[]): MeasuredHop[] {
  return hops.flatMap(({ from, to, minutes }) =>
    minutes === undefined ? [] : [{ change: changeOf(from, to), minutes }],
  );
}

/** Those before the hop into this destination: a settled stack, which has that hop among its own, asks with the same as its hop did. */
export function measuredBefore(hops: readonly VerifiedHop[], destination: Version): MeasuredHop[] {
  return measuredHops(hops.filter(({ to }) => to !== destination));
}
