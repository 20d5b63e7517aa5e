import { type Matrix } from "../matrix/types.js";
import { computeFingerprint } from "./fingerprint.js";
import { createSkippedMinorWarning } from "./make-plan.js";
import { attachOwnRow, listOwnRowWarnings } from "./own-rows.js";
import { listStaleWarnings, sortWarnings } from "./warnings/stale.js";
import { type Hop, type OwnRow, type Plan, type Warning } from "./types.js";

interface HopFirstParts {
  matrix: Matrix;
  shipped: readonly Matrix[];
  /** Rows of the site's own. */
  ownRows: readonly OwnRow[];
  /** sha256 of each chart of the whole plan, where known. */
  chartDigests: Readonly<Record<string, string>>;
}

/**
 * Puts a hop that has to be made whatever the target before `rest`, the plan from its end on. Where no route leads on to
 * the target, the plan ends with the hop, and warning NO_ROUTE_AFTER says why.
 */
export function putHopFirst(hop: Hop, rest: Plan, { matrix, shipped, ownRows, chartDigests }: HopFirstParts): Plan {
  const first = attachOwnRow(hop, ownRows, matrix);
  const hops = [first, ...rest.hops];
  const own = hops.flatMap(({ from, to, ownRow }) => (ownRow === undefined ? [] : [{ from, to, ...ownRow }]));
  return {
    ...rest,
    outcome: "route",
    from: first.from,
    to: rest.refusal === null ? rest.to : first.to,
    hops,
    warnings: sortWarnings([
      ...listNoRouteWarnings(first, rest),
      ...listStaleWarnings(matrix, [first], shipped),
      ...listOwnRowWarnings([first], ownRows, matrix).filter(({ code }) => code === "OWN_ROW"),
      ...first.skips.map((minor) => createSkippedMinorWarning(first, minor)),
      ...rest.warnings,
    ]),
    refusal: null,
    fingerprint: computeFingerprint({
      route: [first.from, ...hops.map(({ to }) => to)],
      matrixSha256: matrix.sha256,
      hops,
      ownRows: own,
      chartDigests,
    }),
  };
}

function listNoRouteWarnings({ to }: Hop, { refusal, to: target }: Plan): Warning[] {
  if (refusal === null) return [];
  const message = `From ${to} no route leads on to the target ${target} (${refusal.code}): ${refusal.message}`;
  return [{ code: "NO_ROUTE_AFTER", message }];
}
