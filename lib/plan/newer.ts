import type { Matrix } from "../matrix/types.js";
import type { Version } from "../version/version.js";
import type { NewerMatrix } from "./types.js";

/**
 * What the newest shipped matrix of the same kind would make of the question.
 *
 * @param route the road planned, the source included; null for a refusal.
 * @param findRoute the road by a matrix; null where there is none.
 */
export function compareWithNewest(
  newest: Matrix | undefined,
  route: readonly Version[] | null,
  findRoute: (matrix: Matrix) => readonly Version[] | null,
): NewerMatrix | null {
  if (newest === undefined) return null;
  const other = findRoute(newest);
  const same = (other ?? []).join() === (route ?? []).join();
  const effect = same ? "same" : other === null ? "no-road" : "other-road";
  return { id: newest.id, readOn: newest.readOn, effect, route: (other ?? []).slice(1) };
}
