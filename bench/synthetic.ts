import type { Matrix, MatrixRow } from "../lib/planning/matrix/types.js";

/** Minors of 100 patches; each release has `rowsEach` rows to releases up to 300 further on, drawn by a fixed sequence. */
export function syntheticMatrix(base: Matrix, count: number, rowsEach: number): Matrix {
  const name = (place: number): string => `4.${Math.floor(place / 100)}.${place % 100}`;
  let state = 1;
  const draw = (below: number): number => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  const rows = Array.from({ length: count - 1 }, (_, from) => {
    const span = Math.min(300, count - 1 - from);
    const targets = new Set<number>();
    while (targets.size < Math.min(rowsEach, span)) targets.add(from + 1 + draw(span));
    return [...targets].map((to): MatrixRow => {
      return { from: name(from), to: name(to), mark: "supported", section: "", line: null };
    });
  }).flat();
  return { ...base, id: "synthetic", rows };
}
