import assert from "node:assert/strict";
import { loadShippedMatrices } from "../../../../lib/planning/matrix/load.js";
import { getGraph } from "../../../../lib/planning/plan/search/graph.js";
import { createRouteFinder, findRouteThrough, unconstrained } from "../../../../lib/planning/plan/search/routes.js";
import { strategies } from "../../../../lib/planning/rules/site-facts.js";
import { matrixOf } from "../synthetic-matrix.js";

const majors = matrixOf("1.0.0 > 1.1.0 1.1.1\n1.1.0 > 1.1.1 2.0.0\n1.1.1 > 2.0.1\n2.0.0 > 2.0.1 2.1.0\n2.0.1 > 2.1.0");

describe("routes to one release from everywhere", () => {
  for (const matrix of [majors, ...loadShippedMatrices()]) {
    it(`${matrix.id}: the same as each route by itself, by every strategy`, () => {
      const graph = getGraph(matrix);
      for (const strategy of strategies) {
        for (const walkMinors of [true, false]) {
          for (const goal of graph.versions.keys()) {
            const routeFrom = createRouteFinder(graph, goal, { strategy, walkMinors });
            for (const source of graph.versions.keys()) {
              const alone = findRouteThrough(graph, [source, goal], { ...unconstrained, strategy, walkMinors });
              assert.deepEqual(routeFrom(source), alone, `${strategy} ${source} ${goal}`);
            }
          }
        }
      }
    });
  }
});
