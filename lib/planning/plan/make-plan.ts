import { InvalidInputError } from "../../base/errors/errors.js";
import { type Edition, type Matrix, type Method } from "../matrix/types.js";
import { type SiteFacts } from "../rules/site-facts.js";
import { type Version } from "../version/version.js";
import { type BlockRule, removeBlockedHops } from "../rules/blocked.js";
import { type Choice, chooseRoute } from "./search/choice.js";
import { isDeadEnd, listJudgingMatrices } from "./search/dead-ends.js";
import { computeFingerprint } from "./fingerprint.js";
import { addOwnRows, attachOwnRow, checkOwnRows, listOwnRowWarnings } from "./own-rows.js";
import { listPageRuleNotices } from "./warnings/page-rule.js";
import { createRouteQuery, parseRequest, type RouteQuery } from "./search/route-query.js";
import { createRefusal } from "./refusal/refusal.js";
import { type AvoidedStop } from "../rules/rules.js";
import { compareWithNewest, listStaleWarnings, sortWarnings } from "./warnings/stale.js";
import { listSteeringWarnings } from "./warnings/steering.js";
import { listTargetWarnings } from "./warnings/target-warnings.js";
import { type Hop, type Plan, type PlanMatrix, type PlanRequest, planSchemaVersion, type Warning } from "./types.js";

/** The installation and the releases its matrix lists (oldest first), for expanding a hop. */
interface HopContext {
  edition: Edition;
  method: Method;
  facts: SiteFacts;
  matrixVersions: Version[];
}

/** What planning needs besides the request and the matrix; all pure. */
export interface PlanDependencies {
  /** All shipped matrices: used for dead ends and staleness, and offered if the pinned one has no route. */
  shipped: readonly Matrix[];
  /** Expands a hop with its gates, acts and advisories. */
  expandHop(from: Version, to: Version, context: HopContext): Hop;
  /** Lists advisories of severity `avoid`: the route avoids their stops where it can. */
  listAvoidedStops(edition: Edition, method: Method, facts: SiteFacts): readonly AvoidedStop[];
  /** Lists advisories of severity `block` whose facts apply: their hops are removed. */
  listBlockRules?(edition: Edition, method: Method, facts: SiteFacts): readonly BlockRule[];
  /** Warnings raised before planning, e.g. DEFAULT_MATRIX. */
  notices?: readonly Warning[];
}

/**
 * Makes the plan of a request along one matrix, or explains why there is no route (design 4).
 *
 * @throws InvalidInputError for an invalid request; a missing route is not an error but a plan with outcome `refused`.
 */
export function makePlan(request: PlanRequest, matrix: Matrix, deps: PlanDependencies): Plan {
  const parsedRequest = parseRequest(request);
  const listStopsToAvoid = (other: Matrix): readonly AvoidedStop[] =>
    deps.listAvoidedStops(other.edition, other.method, request.facts);
  const own = request.extraRows ?? [];
  checkOwnRows(own, matrix);
  const listBlockRules = (other: Matrix): readonly BlockRule[] =>
    deps.listBlockRules?.(other.edition, other.method, request.facts) ?? [];
  // Routes are found in the vendor's and the site's own rows, without blocked hops; the plan names the vendor's matrix.
  const toEffectiveMatrix = (other: Matrix): Matrix => removeBlockedHops(addOwnRows(other, own), listBlockRules(other));
  const query = {
    ...createRouteQuery(parsedRequest, toEffectiveMatrix(matrix), listStopsToAvoid(matrix)),
    blocked: listBlockRules(matrix),
  };
  const judges = listJudgingMatrices(matrix, deps.shipped).map(toEffectiveMatrix);
  const choice =
    chooseInstalledVersion(query) ?? chooseRoute(query, (version) => judges.some((judge) => isDeadEnd(version, judge)));
  const route = choice?.route ?? [query.from];
  const context = { edition: matrix.edition, method: matrix.method, facts: request.facts };
  const matrixVersions = [...query.graph.versions];
  const hops = route
    .slice(1)
    .map((to, turn) => attachOwnRow(deps.expandHop(route[turn]!, to, { ...context, matrixVersions }), own, matrix));
  const refusalContext = { shipped: deps.shipped, listAvoidedStops: listStopsToAvoid, isDeadEnd, listBlockRules };
  return {
    schemaVersion: planSchemaVersion,
    outcome: choice === null ? "refused" : hops.length === 0 ? "none-needed" : "route",
    from: query.from,
    to: choice?.goal ?? query.target.text,
    strategy: query.strategy,
    hops,
    warnings: sortWarnings([
      ...(deps.notices ?? []),
      ...listOwnRowWarnings(hops, own, matrix),
      ...(choice === null ? [] : listRouteWarnings(query, choice, hops, judges, deps.shipped)),
      ...listIdleConstraintWarnings(query),
    ]),
    refusal: choice === null ? createRefusal(query, refusalContext) : null,
    matrix: {
      ...describeMatrix(matrix, request.today),
      newer: compareWithNewest(judges[1], choice?.route ?? null, (newest) => {
        const newerQuery = createRouteQuery(parsedRequest, newest, listStopsToAvoid(newest));
        return (
          (chooseInstalledVersion(newerQuery) ?? chooseRoute(newerQuery, (version) => isDeadEnd(version, newest)))
            ?.route ?? null
        );
      }),
    },
    fingerprint: computeFingerprint({
      route,
      matrixSha256: matrix.sha256,
      hops,
      ownRows: hops.filter((hop) => hop.ownRow !== undefined).map(({ from, to, ownRow }) => ({ from, to, ...ownRow! })),
      chartDigests: request.chartDigests ?? {},
    }),
  };
}

/** Returns the next stack update of a plan; null if nothing remains or the plan is refused. */
export function getNextHop(plan: Plan): Hop | null {
  return plan.hops[0] ?? null;
}

/** Chooses the installed version if it fits the target and is not listed (so nothing else is reachable); else null. */
function chooseInstalledVersion({ source, from, target, via }: RouteQuery): Choice | null {
  if (source >= 0 || via.length > 0 || !target.fits(from)) return null;
  return { goal: from, route: [from], stranded: target.exact === null };
}

function listRouteWarnings(
  query: RouteQuery,
  choice: Choice,
  hops: readonly Hop[],
  judges: readonly Matrix[],
  shipped: readonly Matrix[],
): Warning[] {
  return [
    ...listTargetWarnings(query, choice, judges),
    ...listStaleWarnings(query.matrix, hops, shipped),
    ...listSteeringWarnings(query, choice.route),
    ...listPageRuleNotices(query, choice.route),
    ...hops.flatMap((hop) => hop.skips.map((minor) => createSkippedMinorWarning(hop, minor))),
  ];
}

export function createSkippedMinorWarning({ from, to }: Hop, minor: string): Warning {
  const message = `The hop ${from} -> ${to} skips ${minor}: read the notes of the ${minor} releases too before going on.`;
  return { code: "SKIPPED_MINOR", message };
}

/** Lists warnings about constraints without effect: a stop already passed, a version to avoid that is not listed. */
function listIdleConstraintWarnings({ passed, avoid, from, graph, matrix }: RouteQuery): Warning[] {
  return [
    ...passed.map((stop) => ({
      code: "VIA_PASSED",
      message: `The stop ${stop} (via) is older than ${from}, so it lies behind and does not bind this route.`,
    })),
    ...avoid
      .filter((version) => graph.nodeOf(version) < 0)
      .map((version) => ({
        code: "AVOID_UNKNOWN",
        message: `${version} (avoid) is not listed in ${matrix.id}, so it is avoided anyway; check that it is written right.`,
      })),
  ];
}

function describeMatrix(matrix: Matrix, today: string): Omit<PlanMatrix, "newer"> {
  const { id, edition, method, source, sha256, readOn } = matrix;
  const ageDays = Math.round((parseDay(today, "today") - parseDay(readOn, `${id}: readOn`)) / 86_400_000);
  return { id, edition, method, source, sha256, readOn, ageDays: Math.max(0, ageDays) };
}

function parseDay(text: string, what: string): number {
  const time = Date.parse(`${text}T00:00:00Z`);
  if (!Number.isNaN(time)) return time;
  throw new InvalidInputError("DATE_INVALID", `${what}: "${text}" is not a day.`, { next: "Write it as YYYY-MM-DD." });
}
