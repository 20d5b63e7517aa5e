import { InvalidInputError } from "../../../base/errors/errors.js";
import { type Matrix } from "../../matrix/types.js";
import { type Strategy } from "../../rules/site-facts.js";
import { compareVersions, parseVersion, sortVersions, type Version } from "../../version/version.js";
import { type BlockRule } from "../../rules/blocked.js";
import { isInRange } from "../../rules/edge-pattern.js";
import { getGraph, type Graph } from "./graph.js";
import { type AvoidedStop } from "../../rules/rules.js";
import { parseTarget, type Target } from "./target.js";
import { type PlanRequest } from "../types.js";

/** A parsed request; it can be applied to any matrix. */
export interface ParsedRequest {
  from: Version;
  target: Target;
  strategy: Strategy;
  /** True if there are, or may be, PCGs: their page walks through each minor. */
  walkMinors: boolean;
  /** Requested stops newer than the source, oldest first. */
  via: Version[];
  /** Requested stops older than the source: already passed, so without effect. */
  passed: Version[];
  avoid: Version[];
}

/** Parses a request. @throws InvalidInputError for an invalid version or target, or a version both in via and avoid. */
export function parseRequest(request: PlanRequest): ParsedRequest {
  const from = parseVersion(request.from, "from");
  const via = sortVersions(request.via.map((version) => parseVersion(version, "via")));
  const avoid = sortVersions(request.avoid.map((version) => parseVersion(version, "avoid")));
  const both = via.find((version) => avoid.includes(version));
  if (both !== undefined) {
    throw new InvalidInputError("CONSTRAINTS_CONTRADICT", `via and avoid: both name ${both}.`, {
      next: `Leave ${both} out of one of them.`,
    });
  }
  return {
    from,
    target: parseTarget(request.target),
    strategy: request.strategy,
    walkMinors: request.facts.pcgs !== false,
    via: via.filter((version) => compareVersions(version, from) > 0),
    passed: via.filter((version) => compareVersions(version, from) < 0),
    avoid,
  };
}

/** A parsed request applied to one matrix. Nodes are those of `graph`. */
export interface RouteQuery extends ParsedRequest {
  matrix: Matrix;
  graph: Graph;
  /** Node of the source; -1 if the matrix does not list it. */
  source: number;
  /** By node: the advisory against stopping there. */
  advised: ReadonlyMap<number, AvoidedStop>;
  /** Advisories whose hops were removed from the matrix. */
  blocked?: readonly BlockRule[];
}

/** Applies a parsed request to a matrix. `avoided` are the advisories of severity `avoid`. */
export function createRouteQuery(request: ParsedRequest, matrix: Matrix, avoided: readonly AvoidedStop[]): RouteQuery {
  const graph = getGraph(matrix);
  const advised = new Map<number, AvoidedStop>();
  for (const stop of avoided) {
    for (const [node, version] of graph.versions.entries()) {
      if (!advised.has(node) && isInRange(version, stop.range)) advised.set(node, stop);
    }
  }
  return { ...request, matrix, graph, source: graph.nodeOf(request.from), advised };
}
