import { InvalidInputError } from "../../base/errors/errors.js";
import { loadMatrix, loadNewestShipped } from "../../planning/matrix/load.js";
import { type Edition, type Matrix, type Method } from "../../planning/matrix/types.js";
import { planRoute } from "../../planning/plan/plan.js";
import { type Warning } from "../../planning/plan/types.js";
import { type SiteFacts, type Strategy } from "../../planning/rules/site-facts.js";
import { getPlanExitCode, type PlanFormat, renderPlan } from "../../report/render.js";
import { parseFacts, readExtraRows } from "./plan-options.js";

/** Options of `plan` as typed; omitted ones have defaults. */
export interface PlanOptions {
  from: string;
  /** Exact release, series or semver range. */
  to: string;
  /** Default: that of `matrix`, else `palette`. */
  edition?: Edition | undefined;
  /** Default: that of `matrix`, else `kubernetes`. */
  method?: Method | undefined;
  /** Id of a shipped matrix or path of a file; default: the newest shipped one, with a warning. */
  matrix?: string | undefined;
  route?: Strategy | undefined;
  via?: readonly string[] | undefined;
  avoid?: readonly string[] | undefined;
  output?: PlanFormat | undefined;
  /** `false` if there are no PCGs; anything else: not known. */
  pcgs?: boolean | undefined;
  /** `name=value` each, e.g. `airgap=true`. */
  fact?: readonly string[] | undefined;
  /** Rows of the site's own: `4.7.26->4.7.27` each, or a JSON file of them. */
  extraRow?: readonly string[] | undefined;
  warningsAsExitCode?: boolean | undefined;
  colour?: boolean | undefined;
  /** Characters per line, for text. */
  width?: number | undefined;
  /** Name, version and commit of the tool, to be shown. */
  tool?: string;
  /** `YYYY-MM-DD`; default: today. */
  today?: string | undefined;
}

/**
 * Runs `palette-upgrade plan`, offline: renders the route or its refusal. Exit code 0, 3 (refused) or 4 (warnings, with
 * `--warnings-as-exit-code`).
 *
 * @throws InvalidInputError (exit 2) for versions, facts, matrices that cannot be read or do not fit each other.
 */
// eslint-disable-next-line @typescript-eslint/require-await -- the command line awaits every command
export async function runPlanCommand(options: PlanOptions): Promise<{ text: string; exitCode: number }> {
  const { matrix, notices } = chooseMatrix(options);
  const plan = planRoute({
    from: options.from,
    to: options.to,
    matrix,
    strategy: options.route,
    via: options.via,
    avoid: options.avoid,
    facts: toSiteFacts(options),
    extraRows: readExtraRows(options.extraRow ?? []),
    today: options.today,
    notices,
  });
  const page = { colour: options.colour ?? false, width: options.width, tool: options.tool };
  return {
    text: renderPlan(plan, options.output ?? "text", page),
    exitCode: getPlanExitCode(plan, options.warningsAsExitCode),
  };
}

function toSiteFacts({ pcgs, fact }: PlanOptions): SiteFacts {
  return { ...(pcgs === false ? { pcgs } : {}), ...parseFacts(fact ?? []) };
}

function chooseMatrix({ matrix: named, edition, method }: PlanOptions): { matrix: Matrix; notices: Warning[] } {
  if (named === undefined) return getDefaultMatrix(edition ?? "palette", method ?? "kubernetes");
  const matrix = loadMatrix(named);
  for (const [option, asked, found] of [
    ["edition", edition, matrix.edition],
    ["method", method, matrix.method],
  ] as const) {
    if (asked === undefined || asked === found) continue;
    throw new InvalidInputError(
      "MATRIX_DOES_NOT_FIT",
      `matrix: ${matrix.id} is for ${option} ${found}, not ${asked}.`,
      {
        next: `Leave out --${option}, or name a matrix for ${asked} (\`palette-upgrade matrix list\`).`,
      },
    );
  }
  return { matrix, notices: [] };
}

function getDefaultMatrix(edition: Edition, method: Method): { matrix: Matrix; notices: Warning[] } {
  const matrix = loadNewestShipped(edition, method);
  if (matrix === undefined) {
    throw new InvalidInputError(
      "MATRIX_MISSING",
      `matrix: none is shipped for edition ${edition} and method ${method}.`,
      {
        next: "Give a file of your own with --matrix.",
      },
    );
  }
  const message = `No matrix was named, so ${matrix.id} was used, the newest shipped one for edition ${edition} and method ${method}; a stack pins its own (palette:matrix).`;
  return { matrix, notices: [{ code: "DEFAULT_MATRIX", message }] };
}
