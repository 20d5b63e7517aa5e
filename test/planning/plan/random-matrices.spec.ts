import fc from "fast-check";
import assert from "node:assert/strict";
import { type Mark, type Matrix, type MatrixRow } from "../../../lib/planning/matrix/types.js";
import { type Hop } from "../../../lib/planning/plan/types.js";
import { strategies } from "../../../lib/planning/rules/site-facts.js";
import * as naive from "./naive-search.js";
import { matrixOf, planOf, warned } from "./synthetic-matrix.js";

/** Two first numbers, three minors each, three patches each: dense in all the cases that real pages are thin in. */
const versions = ["4.8", "4.9", "4.10", "5.0", "5.1", "5.2"].flatMap((minor) =>
  [1, 2, 10].map((patch) => `${minor}.${patch}`),
);

const pair = fc
  .tuple(fc.nat(versions.length - 1), fc.nat(versions.length - 1))
  .filter(([a, b]) => a < b)
  .map(([a, b]): [string, string] => [versions[a]!, versions[b]!]);

const mark = fc.constantFrom<Mark>(...Array<Mark>(6).fill("supported"), "unsupported");

const row = fc.tuple(pair, mark, fc.nat(19)).map(([[from, to], sign, wild]): MatrixRow => {
  const widened = wild === 0 ? `${naive.minor(from)}.x` : from;
  return { from: widened, to, mark: sign, section: "", line: null };
});

const matrix = fc
  .uniqueArray(row, { minLength: 8, maxLength: 60, selector: (item) => `${item.from}>${item.to}` })
  .map((rows): Matrix => ({ ...matrixOf(""), rows }));

interface Route {
  edges: naive.NaiveMatrix;
  leads: (version: string) => boolean;
}

/** Routes with `avoid` taken out as stops and the major crossed where it must be, said as plainly as can be. */
function openRoute(rows: readonly MatrixRow[], from: string, to: string, avoid: string[]): Route | null {
  const all = naive.naiveMatrix(rows);
  const open = (version: string): boolean => version === from || version === to || !avoid.includes(version);
  const passable: naive.NaiveMatrix = { listed: all.listed, edge: (a, b) => open(a) && open(b) && all.edge(a, b) };
  if (!naive.leadsTo(passable, from, to)) return null;
  const crosses = (a: string, b: string): boolean => naive.major(a) !== naive.major(b);
  const leaves = all.listed.filter(
    (version) =>
      naive.major(version) === naive.major(from) &&
      naive.leadsTo(passable, from, version) &&
      all.listed.some(
        (next) => crosses(version, next) && passable.edge(version, next) && naive.leadsTo(passable, next, to),
      ),
  );
  const source = leaves.at(-1);
  const edges: naive.NaiveMatrix = {
    listed: all.listed,
    edge: (a, b) => passable.edge(a, b) && (!crosses(a, b) || a === source),
  };
  const known = new Map(all.listed.map((version) => [version, naive.leadsTo(edges, version, to)]));
  return { edges, leads: (version) => known.get(version)! };
}

describe("random matrices with two first numbers, wildcards, refusals and versions to avoid", function () {
  this.timeout(30_000);

  it("guideline, fewest-hops with and without PCGs, and refusals agree with the naive search", () => {
    let [routes, majors, refusals] = [0, 0, 0];
    fc.assert(
      fc.property(matrix, pair, fc.subarray(versions, { maxLength: 2 }), (made, [from, to], avoid) => {
        const listed = naive.naiveMatrix(made.rows).listed;
        fc.pre(listed.includes(from) && listed.includes(to) && !avoid.includes(to));
        const route = openRoute(made.rows, from, to, avoid);
        const plan = planOf(made, from, to, { avoid });
        assert.equal(plan.outcome, route === null ? "refused" : "route");
        if (route === null) return void (refusals += 1);
        routes += 1;
        if (naive.major(from) !== naive.major(to)) majors += 1;
        const stops = (request: object): string[] =>
          planOf(made, from, to, { avoid, ...request }).hops.map((hop) => hop.to);
        const { edges, leads } = route;
        assert.deepEqual(stops({}), naive.guidelineRoute(edges, from, to, leads));
        const walked = naive.shortestRoute(edges, from, to, naive.walksMinors(edges, to, leads));
        assert.deepEqual(stops({ strategy: "fewest-hops" }), walked);
        const free = naive.shortestRoute(edges, from, to, () => true);
        assert.deepEqual(stops({ strategy: "fewest-hops", facts: { pcgs: false } }), free);
      }),
      { numRuns: 1500, seed: 20261121 },
    );
    assert.ok(
      routes > 200 && majors > 80 && refusals > 200,
      `${routes} routes, ${majors} majors, ${refusals} refusals`,
    );
  });

  it("a route makes as few stops to avoid as any route does", () => {
    fc.assert(
      fc.property(matrix, pair, fc.subarray(versions, { minLength: 1, maxLength: 6 }), (made, [from, to], bad) => {
        fc.pre(naive.major(from) === naive.major(to));
        const rows = naive.naiveMatrix(made.rows);
        fc.pre(rows.listed.includes(from) && rows.listed.includes(to) && naive.leadsTo(rows, from, to));
        const avoidedStops = (): { range: string; id: string; summary: string }[] =>
          bad.map((range) => ({ range, id: `bad-${range}`, summary: "Bad." }));
        for (const strategy of ["guideline", "fewest-hops"] as const) {
          const stops = planOf(made, from, to, { strategy }, { listAvoidedStops: avoidedStops })
            .hops.slice(0, -1)
            .map((hop) => hop.to);
          assert.equal(stops.filter((stop) => bad.includes(stop)).length, fewestBad(rows, from, to, bad));
        }
      }),
      { numRuns: 400, seed: 20261121 },
    );
  });

  it("a PAGE_RULE notice stands at each hop that leaves a minor early, and what it says of the rows is true", () => {
    const said = { nowhere: 0, notTo: 0, outOfReach: 0, passedBy: 0 };
    fc.assert(
      fc.property(matrix, pair, fc.constantFrom(...strategies), (made, [from, to], strategy) => {
        const rows = naive.naiveMatrix(made.rows);
        fc.pre(rows.listed.includes(from) && rows.listed.includes(to) && naive.leadsTo(rows, from, to));
        const plan = planOf(made, from, to, { strategy });
        const peersOf = (hop: Hop): string[] => {
          const same = hop.change === "major" ? naive.major : naive.minor;
          return rows.listed.filter((version) => same(version) === same(hop.from));
        };
        const early = plan.hops.filter((hop) => hop.change !== "patch" && peersOf(hop).at(-1) !== hop.from);
        const notices = warned(plan, "PAGE_RULE");
        assert.equal(notices.length, early.length);
        for (const [index, hop] of early.entries()) {
          const [notice, asked] = [notices[index]!, peersOf(hop).at(-1)!];
          assert.ok(notice.includes(`(${asked})`), notice);
          const rest = plan.hops.slice(plan.hops.indexOf(hop) + 1);
          const goal = rest.find((next) => next.change === "major")?.from ?? to;
          const later = peersOf(hop).filter((peer) => naive.older(peer, hop.from) > 0);
          if (notice.includes("no row leads on from")) {
            said.nowhere += 1;
            assert.deepEqual([...naive.reach(rows, asked)], [], notice);
          } else if (notice.includes("no route leads on from")) {
            said.notTo += 1;
            assert.ok(notice.includes(`to ${goal};`) && !naive.leadsTo(rows, asked, goal), notice);
          } else if (notice.includes(`no row leads from ${hop.from} to ${asked}`)) {
            said.outOfReach += 1;
            assert.ok(!naive.leadsTo(rows, hop.from, asked), notice);
          }
          if (notice.includes("is the newest with a row"))
            assert.ok(!later.some((peer) => rows.edge(peer, hop.to)), notice);
          const usable = later.filter((peer) => naive.leadsTo(rows, hop.from, peer) && naive.leadsTo(rows, peer, goal));
          if (notice.includes("fewest-hops goes")) {
            said.passedBy += 1;
            assert.equal(strategy, "fewest-hops");
            assert.ok(notice.endsWith(`not by way of ${usable.at(-1)!}.`), notice);
          } else if (hop.change === "minor") assert.deepEqual(usable, [], notice);
        }
      }),
      { numRuns: 1200, seed: 20261121 },
    );
    for (const [words, times] of Object.entries(said)) assert.ok(times >= 5, `${words}: ${times}`);
  });

  it("steps through every stop asked for, each part of the route as it would be alone", () => {
    fc.assert(
      fc.property(matrix, pair, fc.nat(versions.length - 1), (made, [from, to], at) => {
        const stop = versions[at]!;
        const rows = naive.naiveMatrix(made.rows);
        fc.pre([from, stop, to].every((version) => rows.listed.includes(version)));
        fc.pre(naive.older(from, stop) < 0 && naive.older(stop, to) < 0 && naive.leadsTo(rows, from, to));
        const plan = planOf(made, from, to, { via: [stop] });
        if (!naive.leadsTo(rows, from, stop) || !naive.leadsTo(rows, stop, to)) {
          return void assert.equal(plan.refusal?.code, "VIA_NOT_ON_ROUTE");
        }
        const parts = [planOf(made, from, stop), planOf(made, stop, to)].flatMap((part) =>
          part.hops.map((hop) => hop.to),
        );
        assert.deepEqual(
          plan.hops.map((hop) => hop.to),
          parts,
        );
      }),
      { numRuns: 600, seed: 20261121 },
    );
  });
});

/** Every route is tried. */
function fewestBad(rows: naive.NaiveMatrix, from: string, to: string, bad: string[]): number {
  if (from === to) return 0;
  const rests = rows.listed
    .filter((next) => rows.edge(from, next) && naive.older(next, to) <= 0)
    .map((next) => (next !== to && bad.includes(next) ? 1 : 0) + fewestBad(rows, next, to, bad));
  return Math.min(Infinity, ...rests);
}
