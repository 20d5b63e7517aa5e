import assert from "node:assert/strict";
import { loadShippedMatrices } from "../../../lib/planning/matrix/load.js";
import type { Matrix } from "../../../lib/planning/matrix/types.js";
import type { Plan, Refusal } from "../../../lib/planning/plan/types.js";
import * as naive from "./naive-search.js";
import { planOf } from "./synthetic-matrix.js";

const stops = (plan: Plan): string[] => plan.hops.map((hop) => hop.to);

function checkRoute(known: Known, from: string, to: string, matrix: Matrix): void {
  const title = `${from} -> ${to}`;
  const leads = (version: string): boolean => version === to || known.reach.get(version)!.has(to);
  const guideline = planOf(matrix, from, to);
  assert.equal(guideline.outcome, "route", title);
  assert.deepEqual(stops(guideline), naive.guidelineRoute(known.rows, from, to, leads), `guideline ${title}`);
  const walked = planOf(matrix, from, to, { strategy: "fewest-hops" });
  const allowed = naive.walksMinors(known.rows, to, leads);
  assert.deepEqual(stops(walked), naive.shortestRoute(known.rows, from, to, allowed), `fewest hops with PCGs ${title}`);
  const free = planOf(matrix, from, to, { strategy: "fewest-hops", facts: { pcgs: false } });
  const shortest = naive.shortestRoute(known.rows, from, to, () => true);
  assert.deepEqual(stops(free), shortest, `fewest hops ${title}`);
  for (const plan of [guideline, walked, free]) {
    for (const hop of plan.hops)
      assert.ok(known.rows.edge(hop.from, hop.to), `${title}: ${hop.from} -> ${hop.to} is a row`);
    assert.equal(plan.hops[0]!.from, from);
    assert.equal(plan.hops.at(-1)!.to, to);
  }
  assert.ok(free.hops.length <= walked.hops.length && walked.hops.length <= guideline.hops.length, title);
}

function checkRefusal(known: Known, from: string, to: string, matrix: Matrix): void {
  const title = `${from} -> ${to}`;
  const plan = planOf(matrix, from, to);
  assert.equal(plan.outcome, "refused", title);
  const refusal = plan.refusal!;
  assert.equal(refusal.code, "NO_ROUTE", title);
  assert.ok(refusal.message.includes(from) && refusal.message.includes(to), title);
  const reachable = [...known.reach.get(from)!].filter((version) => naive.older(version, to) <= 0).sort(naive.older);
  assert.deepEqual(refusal.reachable, reachable, `reachable ${title}`);
  assert.equal(refusal.highestReachable, reachable.at(-1) ?? null, title);
  const upTo = known.rows.listed.filter((version) => naive.older(version, to) <= 0);
  const ends = [from, ...reachable].filter((version) => !upTo.some((next) => known.rows.edge(version, next)));
  assert.deepEqual(refusal.frontier, ends, `frontier ${title}`);
  checkNeighbourhood(known, refusal, from, to);
  assert.deepEqual(refusal.otherMatrices, [], title);
}

function checkNeighbourhood(known: Known, refusal: Refusal, from: string, to: string): void {
  const title = `${from} -> ${to}`;
  const reaching = known.rows.listed.filter((version) => known.reach.get(version)!.has(to));
  const below = reaching.filter((version) => naive.older(version, from) < 0).at(-1);
  const above = reaching.find((version) => naive.older(version, from) > 0);
  assert.deepEqual(
    refusal.nearest,
    [below, above].filter((version) => version !== undefined),
    `nearest ${title}`,
  );
  const patch = (version: string): number => Number(version.split(".")[2]);
  const close = reaching.filter((version) =>
    [from, ...refusal.frontier].some(
      (fault) => naive.minor(fault) === naive.minor(version) && Math.abs(patch(fault) - patch(version)) <= 2,
    ),
  );
  assert.deepEqual(refusal.nearMisses, close, `near misses ${title}`);
  const starts = [from, ...refusal.reachable];
  const refusing = known.refusals.filter(([a, b]) => starts.includes(a) && (b === to || reaching.includes(b)));
  const named = refusal.refusedBy.filter((row) => row.mark !== "supported").length;
  assert.equal(named, new Set(refusing.map(([, , row]) => row)).size, `refused by ${title}`);
}

interface Known {
  rows: naive.NaiveMatrix;
  reach: Map<string, Set<string>>;
  /** Pairs that a row names without supporting them, and that row. */
  refusals: [string, string, naive.NaiveRow][];
}

function know(matrix: Matrix): Known {
  const rows = naive.naiveMatrix(matrix.rows);
  const names = (pattern: string, version: string): boolean =>
    pattern.endsWith(".x") ? naive.minor(version) === pattern.slice(0, -2) : pattern === version;
  const refusals = matrix.rows
    .filter((row) => row.mark !== "supported")
    .flatMap((row) =>
      rows.listed
        .filter((from) => names(row.from, from))
        .flatMap((from) =>
          rows.listed.filter((to) => names(row.to, to)).map((to): [string, string, naive.NaiveRow] => [from, to, row]),
        ),
    );
  return { rows, reach: new Map(rows.listed.map((version) => [version, naive.reach(rows, version)])), refusals };
}

const counts: Record<string, [reachable: number, pairs: number]> = {
  "palette-kubernetes-4.7.20": [542, 741],
  "palette-kubernetes-4.8.21": [562, 1035],
  "palette-vmware-4.8.21": [836, 1176],
  "palette-kubernetes-4.9.51": [964, 2485],
  "palette-vmware-4.9.51": [898, 2485],
  "palette-appliance-4.9.51": [69, 231],
};

describe("every ascending pair of every shipped matrix", function () {
  this.timeout(60_000);
  const shipped = loadShippedMatrices();

  it("covers the matrices whose pairs were counted by hand", () => {
    const ids = shipped.map((matrix) => matrix.id);
    for (const id of Object.keys(counts)) assert.ok(ids.includes(id), id);
  });

  for (const matrix of shipped) {
    it(`${matrix.id}: the route of the naive search, or a true refusal`, () => {
      const known = know(matrix);
      // The counts leave out releases that only a refused row names.
      const onRows = new Set(
        matrix.rows.filter((row) => row.mark === "supported").flatMap((row) => [row.from, row.to]),
      );
      let [reachable, pairs] = [0, 0];
      for (const [place, from] of known.rows.listed.entries()) {
        for (const to of known.rows.listed.slice(place + 1)) {
          if (onRows.has(from) && onRows.has(to)) pairs += 1;
          if (known.reach.get(from)!.has(to)) {
            reachable += 1;
            checkRoute(known, from, to, matrix);
          } else checkRefusal(known, from, to, matrix);
        }
      }
      const counted = counts[matrix.id];
      if (counted !== undefined) assert.deepEqual([reachable, pairs], counted);
    });
  }
});
