import { InvalidInputError } from "../errors.js";
import type { Edition, Matrix, Method } from "../matrix/types.js";
import type { Version } from "../version/version.js";
import { choose, type Choice } from "./choice.js";
import { isDeadEnd, judgingMatrices } from "./dead-ends.js";
import { withoutBlocked, type BlockRule } from "./blocked.js";
import { fingerprintOf } from "./fingerprint.js";
import { checkOwnRows, markOwnRow, ownRowWarnings, withOwnRows } from "./own-rows.js";
import { newerMatrix } from "./newer.js";
import { pageRuleNotices } from "./page-rule.js";
import { inquire, readQuestion, type Inquiry } from "./question.js";
import { refuse } from "./refusal.js";
import type { AvoidedStop } from "./rules.js";
import { staleWarnings } from "./stale.js";
import { steeringWarnings } from "./steering.js";
import { targetWarnings } from "./target-warnings.js";
import {
  planSchemaVersion,
  type Hop,
  type Plan,
  type PlanMatrix,
  type PlanRequest,
  type SiteFacts,
  type Warning,
} from "./types.js";
import { sortWarnings } from "./warnings.js";

/** Which installation, and the releases its matrix lists (oldest first), for the expansion of a hop. */
export interface HopContext {
  edition: Edition;
  method: Method;
  facts: SiteFacts;
  matrixVersions: Version[];
}

/** What planning needs besides the request and the matrix; all of it pure. */
export interface PlanDependencies {
  /** All shipped matrices: they judge dead ends and staleness, and are offered where the pinned one has no road. */
  shipped: readonly Matrix[];
  /** A hop with its gates, acts and advisories. */
  expandHop(from: Version, to: Version, context: HopContext): Hop;
  /** Advisories of severity `avoid`: they steer stops on the way. */
  avoidedStops(edition: Edition, method: Method, facts: SiteFacts): readonly AvoidedStop[];
  /** Advisories of severity `block` whose facts apply: their hops are none. */
  blockRules?(edition: Edition, method: Method, facts: SiteFacts): readonly BlockRule[];
  /** Warnings that were due before planning, e.g. DEFAULT_MATRIX. */
  notices?: readonly Warning[];
}

/**
 * Plans the road of a request along one matrix, or explains why there is none (design 4).
 *
 * @throws InvalidInputError for a request that cannot be read; a road that is not there is a plan with outcome `refused`.
 */
export function makePlan(request: PlanRequest, matrix: Matrix, deps: PlanDependencies): Plan {
  const question = readQuestion(request);
  const stopsToAvoid = (other: Matrix): readonly AvoidedStop[] =>
    deps.avoidedStops(other.edition, other.method, request.facts);
  const own = request.extraRows ?? [];
  checkOwnRows(own, matrix);
  const rules = (other: Matrix): readonly BlockRule[] =>
    deps.blockRules?.(other.edition, other.method, request.facts) ?? [];
  // Roads are found in the vendor's rows, the site's own, and without what advisories block; the plan names the vendor's.
  const open = (other: Matrix): Matrix => withoutBlocked(withOwnRows(other, own), rules(other));
  const inquiry = { ...inquire(question, open(matrix), stopsToAvoid(matrix)), blocked: rules(matrix) };
  const judges = judgingMatrices(matrix, deps.shipped).map(open);
  const choice =
    alreadyThere(inquiry) ?? choose(inquiry, (version) => judges.some((judge) => isDeadEnd(version, judge)));
  const route = choice?.route ?? [inquiry.from];
  const context = { edition: matrix.edition, method: matrix.method, facts: request.facts };
  const matrixVersions = [...inquiry.graph.versions];
  const hops = route
    .slice(1)
    .map((to, turn) => markOwnRow(deps.expandHop(route[turn]!, to, { ...context, matrixVersions }), own, matrix));
  const around = { shipped: deps.shipped, avoidedStops: stopsToAvoid, isDeadEnd, rules };
  return {
    schemaVersion: planSchemaVersion,
    outcome: choice === null ? "refused" : hops.length === 0 ? "none-needed" : "route",
    from: inquiry.from,
    to: choice?.goal ?? inquiry.target.text,
    strategy: inquiry.strategy,
    hops,
    warnings: sortWarnings([
      ...(deps.notices ?? []),
      ...ownRowWarnings(hops, own, matrix),
      ...(choice === null ? [] : routeWarnings(inquiry, choice, hops, judges, deps.shipped)),
      ...idleConstraints(inquiry),
    ]),
    refusal: choice === null ? refuse(inquiry, around) : null,
    matrix: {
      ...describeMatrix(matrix, request.today),
      newer: newerMatrix(judges[1], choice?.route ?? null, (newest) => {
        const asked = inquire(question, newest, stopsToAvoid(newest));
        return (alreadyThere(asked) ?? choose(asked, (version) => isDeadEnd(version, newest)))?.route ?? null;
      }),
    },
    fingerprint: fingerprintOf({
      route,
      matrixSha256: matrix.sha256,
      hops,
      ownRows: hops.filter((hop) => hop.ownRow !== undefined).map(({ from, to, ownRow }) => ({ from, to, ...ownRow! })),
      chartDigests: request.chartDigests ?? {},
    }),
  };
}

/** The next stack update of a plan; null where nothing remains or the plan is refused. */
export function nextHop(plan: Plan): Hop | null {
  return plan.hops[0] ?? null;
}

/** The installed version fits and the matrix does not list it, so that nothing else can be within reach. */
function alreadyThere({ source, from, target, via }: Inquiry): Choice | null {
  if (source >= 0 || via.length > 0 || !target.fits(from)) return null;
  return { goal: from, route: [from], stranded: target.exact === null };
}

function routeWarnings(
  inquiry: Inquiry,
  choice: Choice,
  hops: readonly Hop[],
  judges: readonly Matrix[],
  shipped: readonly Matrix[],
): Warning[] {
  return [
    ...targetWarnings(inquiry, choice, judges),
    ...staleWarnings(inquiry.matrix, hops, shipped),
    ...steeringWarnings(inquiry, choice.route),
    ...pageRuleNotices(inquiry, choice.route),
    ...hops.flatMap((hop) => hop.skips.map((minor) => skippedMinor(hop, minor))),
  ];
}

function skippedMinor({ from, to }: Hop, minor: string): Warning {
  const message = `The hop ${from} -> ${to} skips ${minor}: read the notes of the ${minor} releases too before going on.`;
  return { code: "SKIPPED_MINOR", message };
}

/** Constraints that do not bind: a stop that lies behind, a version to avoid that the matrix does not list. */
function idleConstraints({ passed, avoid, from, graph, matrix }: Inquiry): Warning[] {
  return [
    ...passed.map((stop) => ({
      code: "VIA_PASSED",
      message: `The stop ${stop} (via) is older than ${from}, so it lies behind and does not bind this road.`,
    })),
    ...avoid
      .filter((version) => graph.placeOf(version) < 0)
      .map((version) => ({
        code: "AVOID_UNKNOWN",
        message: `${version} (avoid) is not listed in ${matrix.id}, so it is avoided anyway; check that it is written right.`,
      })),
  ];
}

function describeMatrix(matrix: Matrix, today: string): Omit<PlanMatrix, "newer"> {
  const { id, edition, method, source, sha256, readOn } = matrix;
  const ageDays = Math.round((dayOf(today, "today") - dayOf(readOn, `${id}: readOn`)) / 86_400_000);
  return { id, edition, method, source, sha256, readOn, ageDays: Math.max(0, ageDays) };
}

function dayOf(text: string, what: string): number {
  const time = Date.parse(`${text}T00:00:00Z`);
  if (!Number.isNaN(time)) return time;
  throw new InvalidInputError("DATE_INVALID", `${what}: "${text}" is not a day.`, { next: "Write it as YYYY-MM-DD." });
}
