import { InvalidInputError, getErrorMessage, RefusedError } from "../../base/errors/errors.js";
import { type HopPair, type PromotedHop } from "../../gates/verdict/types.js";
import { type Prepared } from "./prepare.js";
import { type Recorded } from "./recorded.js";
import { parseVerifiedHops, type VerifiedHop } from "./recorded.js";
import { type Settings } from "../../settings/schema.js";
import { type Step } from "./step.js";

interface StageHopsInput {
  settings: Pick<Settings, "promotion">;
  step: Step;
  /** Of this stack's own installation. */
  clusterUid: string;
  /** Reads the last outputs of another stack of this backend. */
  readStackOutputs: (stack: string) => Promise<Record<string, unknown>>;
}

/**
 * Reads all hops that the previous stage has verified; null without `palette:promotion.stack`, or where no release
 * moves.
 *
 * @throws RefusedError, InvalidInputError `PROMOTION_STACK` where they cannot be read or are not there.
 */
export async function readStageHops(input: StageHopsInput): Promise<VerifiedHop[] | null> {
  const { settings, step, clusterUid, readStackOutputs } = input;
  const { stack: promotionStack } = settings.promotion;
  if (promotionStack === null || (step.kind !== "hop" && step.kind !== "install")) return null;
  const outputs = await readPromotionOutputs(promotionStack, readStackOutputs);
  if (outputs.clusterUid === clusterUid) throw createSameInstallationError(promotionStack);
  return parseVerifiedHops(outputs, promotionStack);
}

function createSameInstallationError(stack: string): InvalidInputError {
  return new InvalidInputError(
    "PROMOTION_STACK",
    `palette:promotion.stack: ${stack} is of this very installation (the same cluster), which cannot go ahead of itself.`,
    { next: "Name the stack of the stage before, e.g. organization/palette/staging." },
  );
}

/** Lists the hops of the route after this update's; undefined where none is left, so that a settled stack has no diff. */
export function listHopsAhead({ step, remaining }: Pick<Prepared, "step" | "remaining">): HopPair[] | undefined {
  if (step.kind !== "hop" || remaining === null || remaining.hops.length === 0) return undefined;
  return remaining.hops.map(({ from, to }) => ({ from, to }));
}

/**
 * Selects the verified hops to this destination and those of the route after it; null without `palette:promotion.stack`. While no release moves they are
 * those of the last hop, so that a settled stack has no diff when its previous stage moves on. Pure.
 */
export function selectPromotedHops(
  { stack: promotionStack }: Pick<Settings["promotion"], "stack">,
  { promoted }: Pick<Recorded, "promoted">,
  stage: readonly VerifiedHop[] | null,
  prepared: Pick<Prepared, "step" | "remaining">,
): PromotedHop[] | null {
  if (promotionStack === null) return null;
  if (stage === null) return promoted;
  const { destination } = prepared.step;
  const ahead = listHopsAhead(prepared) ?? [];
  return stage
    .filter((hop) => hop.to === destination || ahead.some(({ from, to }) => hop.from === from && hop.to === to))
    .map(({ from, to, chartDigests, verifiedAt }) => ({ from, to, chartDigests, verifiedAt }));
}

async function readPromotionOutputs(
  stack: string,
  read: StageHopsInput["readStackOutputs"],
): Promise<Record<string, unknown>> {
  try {
    return await read(stack);
  } catch (error) {
    throw new RefusedError(
      "PROMOTION_STACK",
      `The outputs of stack ${stack} cannot be read: ${getErrorMessage(error)}`,
      {
        next: "Write palette:promotion.stack as organization/project/stack of the same backend, or promote by a signed file (palette:promotion.file).",
        cause: error,
      },
    );
  }
}
