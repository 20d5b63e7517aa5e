import { z } from "zod";
import { InvalidInputError } from "../errors.js";
import { roles } from "../plan/rules-types.js";

const release = z.object({ role: z.enum(roles), name: z.string(), namespace: z.string() });

/** A hop whose checks after it have passed: what promotion to another stack asks for. */
const verifiedHop = z.object({
  from: z.string(),
  to: z.string(),
  matrix: z.string(),
  matrixSha256: z.string(),
  /** ISO 8601, of the last check. */
  verifiedAt: z.string(),
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
});

export type Recorded = z.infer<typeof recordedSchema>;
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
