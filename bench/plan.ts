/**
 * Time of reachability and roads: `npx tsx bench/plan.ts`. All pairs of each shipped matrix, both strategies, warm; then one
 * synthetic matrix of 10,000 releases and 200,000 rows. Milliseconds, median of the runs.
 */
import { shippedMatrices } from "../lib/matrix/load.js";
import type { Matrix, MatrixRow } from "../lib/matrix/types.js";
import { graphOf } from "../lib/plan/graph.js";
import { routeThrough, unconstrained } from "../lib/plan/routes.js";
import { strategies } from "../lib/plan/types.js";

const runs = 15;

function median(times: number[]): string {
  return times
    .sort((a, b) => a - b)
    [Math.floor(times.length / 2)]!.toFixed(2)
    .padStart(8);
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** A copy has a graph of its own, so that reachability is computed anew. */
function allPairs(matrix: Matrix): number {
  const graph = graphOf({ ...matrix });
  let roads = 0;
  for (const from of graph.versions.keys()) {
    for (let to = from + 1; to < graph.versions.length; to++) {
      for (const strategy of strategies) {
        if (routeThrough(graph, [from, to], { ...unconstrained, strategy, walkMinors: true }) !== null) roads += 1;
      }
    }
  }
  return roads;
}

/** Minors of 100 patches; each release has 20 rows to releases up to 300 further on, drawn by a fixed sequence. */
function synthetic(count: number, rowsEach: number): Matrix {
  const name = (place: number): string => `4.${Math.floor(place / 100)}.${place % 100}`;
  let state = 1;
  const draw = (below: number): number => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  const rows = Array.from({ length: count - 1 }, (_, from) => {
    const targets = new Set(Array.from({ length: rowsEach }, () => Math.min(count - 1, from + 1 + draw(300))));
    return [...targets].map((to): MatrixRow => {
      return { from: name(from), to: name(to), mark: "supported", section: "", line: null };
    });
  }).flat();
  return { ...shippedMatrices()[0]!, id: "synthetic", rows };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

for (const matrix of shippedMatrices()) {
  const roads = allPairs(matrix);
  const times = Array.from({ length: runs }, () => timed(() => allPairs(matrix)));
  say(`${median(times)} ms  ${matrix.id}: reachability and ${roads} roads of all pairs`);
}

const large = synthetic(10_000, 20);
const graph = { made: graphOf(large) };
const making = Array.from({ length: 3 }, () => timed(() => (graph.made = graphOf({ ...large }))));
say(`${median(making)} ms  reachability of ${graph.made.versions.length} releases, ${large.rows.length} rows`);
for (const strategy of strategies) {
  const times = Array.from({ length: runs }, (_, turn) =>
    timed(() => routeThrough(graph.made, [turn, 9_999 - turn], { ...unconstrained, strategy, walkMinors: true })),
  );
  say(`${median(times)} ms  one road through all of it by ${strategy}`);
}
