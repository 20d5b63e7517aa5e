import { messageOf, RefusedError } from "../errors.js";
import { type PromotedHop } from "../gates/types.js";
import { type Recorded } from "./recorded.js";
import { parseVerifiedHops, type VerifiedHop } from "./recorded.js";
import { type Settings } from "./settings-schema.js";
import { type Step } from "./step.js";

export interface StageQuestion {
  settings: Pick<Settings, "promotionStack">;
  step: Step;
  /** The last outputs of another stack of this backend. */
  readOutputsOf: (stack: string) => Promise<Record<string, unknown>>;
}

/**
 * All hops that the stage before has verified; null where no stack is promoted from, or no release is to move.
 *
 * @throws RefusedError, InvalidInputError `PROMOTION_STACK` where they cannot be read, or are none.
 */
export async function hopsOfStage({ settings, step, readOutputsOf }: StageQuestion): Promise<VerifiedHop[] | null> {
  const { promotionStack } = settings;
  if (promotionStack === "" || (step.kind !== "hop" && step.kind !== "install")) return null;
  return parseVerifiedHops(await outputsOf(promotionStack, readOutputsOf), promotionStack);
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
