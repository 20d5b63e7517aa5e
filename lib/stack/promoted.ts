import { type PromotedHop } from "../gates/types.js";
import { type Recorded } from "./recorded.js";
import { parseVerifiedHops } from "./recorded.js";
import { type Settings } from "./settings-schema.js";
import { type Step } from "./step.js";

export interface PromotedQuestion {
  settings: Pick<Settings, "promotionStack">;
  recorded: Pick<Recorded, "promoted">;
  step: Step;
  readOutputsOf: (stack: string) => Promise<Record<string, unknown>>;
}

/**
 * The verified hops of the stage before that lead to this destination; null where no stack is promoted from. While no
 * release moves on they are those of the last hop, so that a settled stack has no diff when its stage goes on.
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
  return parseVerifiedHops(await readOutputsOf(promotionStack), promotionStack)
    .filter(({ to }) => to === step.destination)
    .map(({ from, to, chartDigests, verifiedAt }) => ({ from, to, chartDigests, verifiedAt }));
}
