import { InvalidInputError, messageOf, RefusedError } from "../errors.js";
import { type PromotedHop } from "../gates/types.js";
import { type Recorded } from "./recorded.js";
import { parseVerifiedHops, type VerifiedHop } from "./recorded.js";
import { type Settings } from "./settings-schema.js";
import { type Step } from "./step.js";

export interface StageQuestion {
  settings: Pick<Settings, "promotionStack">;
  step: Step;
  /** Of this stack's own installation. */
  clusterUid: string;
  /** The last outputs of another stack of this backend. */
  readOutputsOf: (stack: string) => Promise<Record<string, unknown>>;
}

/**
 * All hops that the stage before has verified; null where no stack is promoted from, or no release is to move.
 *
 * @throws RefusedError, InvalidInputError `PROMOTION_STACK` where they cannot be read, or are none.
 */
export async function hopsOfStage(question: StageQuestion): Promise<VerifiedHop[] | null> {
  const { settings, step, clusterUid, readOutputsOf } = question;
  const { promotionStack } = settings;
  if (promotionStack === "" || (step.kind !== "hop" && step.kind !== "install")) return null;
  const outputs = await outputsOf(promotionStack, readOutputsOf);
  if (outputs.clusterUid === clusterUid) throw sameInstallation(promotionStack);
  return parseVerifiedHops(outputs, promotionStack);
}

function sameInstallation(stack: string): InvalidInputError {
  return new InvalidInputError(
    "PROMOTION_STACK",
    `palette:promotionStack: ${stack} is of this very installation (the same cluster), which cannot go ahead of itself.`,
    { next: "Name the stack of the stage before, e.g. organization/palette/staging." },
  );
}

/**
 * Those that lead to this destination; null where no stack is promoted from. While no release moves on they are those of the
 * last hop, so that a settled stack has no diff when its stage goes on. Pure.
 */
export function promotedInto(
  { promotionStack }: Pick<Settings, "promotionStack">,
  { promoted }: Pick<Recorded, "promoted">,
  stage: readonly VerifiedHop[] | null,
  { destination }: Step,
): PromotedHop[] | null {
  if (promotionStack === "") return null;
  if (stage === null) return promoted;
  return stage
    .filter(({ to }) => to === destination)
    .map(({ from, to, chartDigests, verifiedAt }) => ({ from, to, chartDigests, verifiedAt }));
}

async function outputsOf(stack: string, read: StageQuestion["readOutputsOf"]): Promise<Record<string, unknown>> {
  try {
    return await read(stack);
  } catch (error) {
    throw new RefusedError("PROMOTION_STACK", `The outputs of stack ${stack} cannot be read: ${messageOf(error)}`, {
      next: "Write palette:promotionStack as organization/project/stack of the same backend, or promote by a signed file (palette:promotionFile).",
      cause: error,
    });
  }
}
