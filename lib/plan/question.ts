import semver from "semver";
import { InvalidInputError } from "../errors.js";
import type { Matrix } from "../matrix/types.js";
import { compareVersions, parseVersion, sortVersions, type Version } from "../version/version.js";
import type { BlockRule } from "./blocked.js";
import { graphOf, type Graph } from "./graph.js";
import type { AvoidedStop } from "./rules.js";
import { parseTarget, type Target } from "./target.js";
import type { PlanRequest, Strategy } from "./types.js";

/** A request, read once: the same question can be put to any matrix. */
export interface Question {
  from: Version;
  target: Target;
  strategy: Strategy;
  /** True where there are, or may be, PCGs: their page walks each minor. */
  walkMinors: boolean;
  /** Stops still ahead of the source, oldest first. */
  via: Version[];
  /** Stops asked for that are the source or older: passed, so they bind nothing. */
  passed: Version[];
  avoid: Version[];
}

/** Reads a request. @throws InvalidInputError for what is no version, no target, or asked for and forbidden at once. */
export function readQuestion(request: PlanRequest): Question {
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

/** A question put to one matrix. Places are those of `graph`. */
export interface Inquiry extends Question {
  matrix: Matrix;
  graph: Graph;
  /** Place of the source; -1 where the matrix does not list it. */
  source: number;
  /** By place: the advisory that says not to stop there. */
  advised: ReadonlyMap<number, AvoidedStop>;
  /** Advisories whose hops were taken out of the matrix. */
  blocked?: readonly BlockRule[];
}

/** Puts a question to a matrix. `avoided` are the advisories that steer stops on the way. */
export function inquire(question: Question, matrix: Matrix, avoided: readonly AvoidedStop[]): Inquiry {
  const graph = graphOf(matrix);
  const advised = new Map<number, AvoidedStop>();
  for (const stop of avoided) {
    for (const [place, version] of graph.versions.entries()) {
      if (!advised.has(place) && semver.satisfies(version, stop.range)) advised.set(place, stop);
    }
  }
  return { ...question, matrix, graph, source: graph.placeOf(question.from), advised };
}
