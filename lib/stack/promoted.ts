import { messageOf, RefusedError } from "../errors.js";
import { type PromotedHop } from "../gates/types.js";
import { type Recorded } from "./recorded.js";
import { parseVerifiedHops } from "./recorded.js";
import { type Settings } from "./settings-schema.js";
import { type Step } from "./step.js";

export interface PromotedQuestion {
  settings: Pick<Settings, "promotionStack">;
  recorded: Pick<Recorded, "promoted">;
  step: Step;
  /** The last outputs of another stack of this backend. */
  readOutputsOf: (stack: string) => Promise<Record<string, unknown>>;
}

/**
 * The verified hops of the stage before that lead to this destination; null where no stack is promoted from. While no
 * release moves on they are those of the last hop, so that a settled stack has no diff when its stage goes on.
 *
 * @throws RefusedError, InvalidInputError `PROMOTION_STACK` where they cannot be read, or are none.
 */
export async function promotedInto({
  settings,
  recorded,
  step,
  readOutputsOf,
}: PromotedQuestion): Promise<PromotedHop[] | null> {
  const { promotionStack } = settings;
  if (promotionStack === "") return null;
  if (step.kind !== "hop" && step.kind !== "install") return recorded.promoted;
  return parseVerifiedHops(await outputsOf(promotionStack, readOutputsOf), promotionStack)
    .filter(({ to }) => to === step.destination)
    .map(({ from, to, chartDigests, verifiedAt }) => ({ from, to, chartDigests, verifiedAt }));
}

async function outputsOf(stack: string, read: PromotedQuestion["readOutputsOf"]): Promise<Record<string, unknown>> {
  try {
    return await read(stack);
  } catch (error) {
    throw new RefusedError("PROMOTION_STACK", `The outputs of stack ${stack} cannot be read: ${messageOf(error)}`, {
      next: "Write palette:promotionStack as organization/project/stack of the same backend, or promote by a signed file (palette:promotionFile).",
      cause: error,
    });
  }
}
