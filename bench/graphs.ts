/**
 * Reachability and routes of all pairs, side by side with graph libraries in one run. Contenders must agree in their answers
 * before any time counts.
 */
import { loadShippedMatrices } from "../lib/planning/matrix/load.js";
import { formatMatrixFile, parseMatrixFile } from "../lib/planning/matrix/matrix-file.js";
import { type Matrix } from "../lib/planning/matrix/types.js";
import { getGraph } from "../lib/planning/plan/search/graph.js";
import { findRouteThrough, unconstrained } from "../lib/planning/plan/search/routes.js";
import { strategies } from "../lib/planning/rules/site-facts.js";
import { type Contender, libraries, planner } from "./contenders.js";
import { syntheticMatrix } from "./synthetic.js";
import { median, medianTime, milliseconds, timed } from "./timing.js";

type Say = (line: string) => void;
const runs = 9;
const goalId = "palette-kubernetes-4.9.51";
const goal = 20;
const readingGoal = 400;

/** All shipped matrices; false where an aim is missed. */
export function benchShipped(say: Say): boolean {
  const missed: string[] = [];
  say(`Reachability and a shortest route of every pair, median of ${runs} runs`);
  for (const matrix of loadShippedMatrices()) {
    const answers = [planner, ...libraries].map((contender) => allPairs(contender, matrix));
    if (new Set(answers).size !== 1) throw new Error(`${matrix.id}: the answers differ: ${answers.join(", ")}`);
    const [own, ...others] = [planner, ...libraries].map((contender) =>
      medianTime(runs, () => allPairs(contender, matrix)),
    );
    say(line(`${matrix.id}, ${answers[0]!} routes`, own!, others));
    if (own! > Math.min(...others)) missed.push(matrix.id);
  }
  const pinned = loadShippedMatrices().find((matrix) => matrix.id === goalId)!;
  const both = medianTime(runs, () => everyRoute(pinned));
  say(`${milliseconds(both)}  ${goalId}: reachability and the routes of both strategies (aim: under ${goal} ms)`);
  if (both > goal) missed.push(`${goalId} under ${goal} ms`);
  return reported(say, missed);
}

/** 10,000 releases and 200,000 rows, as a graph and from a file's text; false where an aim is missed. */
export function benchSynthetic(say: Say): boolean {
  const matrix = syntheticMatrix(loadShippedMatrices()[0]!, 10_000, 20);
  say("");
  say(`Synthetic matrix: 10,000 releases, ${matrix.rows.length} rows`);
  const contenders = [planner, ...libraries];
  const missed: string[] = [];
  const compare = (title: string, times: number[]): void => {
    say(line(title, times[0]!, times.slice(1)));
    if (times[0]! > Math.min(...times.slice(1))) missed.push(title);
  };
  const pairs = Array.from({ length: 20 }, (_, turn): [number, number] => [turn * 97, 9_999 - turn * 83]);
  const prepared = contenders.map((contender) => contender.prepare(matrix));
  for (const [from, to] of pairs) {
    const hops = prepared.map((each) => each.hopsBetween(from, to));
    if (new Set(hops).size !== 1) throw new Error(`the routes ${from} to ${to} differ: ${hops.join(", ")}`);
  }
  const making = contenders.map((contender) => median([1, 2, 3].map(() => timed(() => contender.prepare(matrix)))));
  const sources = Array.from({ length: 8 }, (_, turn) => turn * 1_249);
  // What a library has not worked out beforehand it does for each source; all of them are reckoned from a few.
  const reach = prepared.map((each, index) => {
    const some = timed(() => sources.map((place) => each.reachableFrom(place)));
    return making[index]! + (some / sources.length) * each.count;
  });
  compare("reachability of all pairs, made from the rows (libraries: reckoned from 8 sources)", reach);
  compare(
    "one shortest route through much of it, median of 20 pairs",
    prepared.map((each) => median(pairs.map(([from, to]) => timed(() => each.hopsBetween(from, to))))),
  );
  say(`${milliseconds(making[0]!)}  of it the planner's graph with the reachability of all pairs`);
  const text = formatMatrixFile({ ...matrix, id: "palette-kubernetes-4.99.99" });
  const reading = medianTime(3, () => getGraph({ ...parseMatrixFile(text, "synthetic"), sha256: "" }));
  say(`${milliseconds(reading)}  its file read into the planner, graph included (aim: under ${readingGoal} ms)`);
  if (reading > readingGoal) missed.push(`reading the file under ${readingGoal} ms`);
  return reported(say, missed);
}

function allPairs(contender: Contender, matrix: Matrix): number {
  return contender.prepare(matrix).allRoutes();
}

function everyRoute(matrix: Matrix): void {
  const graph = getGraph({ ...matrix });
  for (const from of graph.versions.keys()) {
    for (let to = from + 1; to < graph.versions.length; to++) {
      for (const strategy of strategies) {
        findRouteThrough(graph, [from, to], { ...unconstrained, strategy, walkMinors: true });
      }
    }
  }
}

function line(title: string, own: number, others: number[]): string {
  const parts = others.map(
    (time, index) => `${libraries[index]!.name}${milliseconds(time)} (${(time / own).toFixed(1)} x)`,
  );
  return `${milliseconds(own)}  ${parts.join("  ")}  ${title}`;
}

function reported(say: Say, missed: string[]): boolean {
  if (missed.length > 0) say(`  MISSED: ${missed.join("; ")}`);
  return missed.length === 0;
}
