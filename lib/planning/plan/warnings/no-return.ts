import type { Version } from "../../version/version.js";
import type { Hop } from "../types.js";

export interface PointOfNoReturn {
  from: Version;
  to: Version;
  because: string;
}

/**
 * Finds the first hop of the route that only a backup can undo: one that changes the minor, because the vendor
 * documents no roll-back, or one with an irreversible act. Null if there is no such hop.
 */
export function findPointOfNoReturn(hops: readonly Hop[]): PointOfNoReturn | null {
  for (const { from, to, change, acts } of hops) {
    const act = acts.find(({ irreversible }) => irreversible);
    if (act !== undefined) return { from, to, because: `${act.name} cannot be undone: ${act.text}` };
    if (change !== "patch") {
      const because = `the vendor documents no way back from ${to}: only a backup taken before this hop leads to ${from} again`;
      return { from, to, because };
    }
  }
  return null;
}
