import { type BegunHop } from "../../../gates/verdict/types.js";
import { type Recorded } from "../recorded.js";
import { type Step } from "../step.js";

/**
 * Finds the hop or install that a release of this step moves for; undefined where none is in progress. A step that
 * settles has one, too: its destination is installed, and a release of its set may still be behind.
 */
export function findBegunHop(step: Step, { appliedVersion }: Pick<Recorded, "appliedVersion">): BegunHop | undefined {
  switch (step.kind) {
    case "install":
      return { from: null };
    case "hop":
      return { from: step.from };
    case "settle":
      if (appliedVersion === undefined) return { from: null };
      return step.from === step.destination ? undefined : { from: step.from };
    default:
      return undefined;
  }
}
