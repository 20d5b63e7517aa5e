import { writeFileSync } from "node:fs";
import { getErrorMessage, InvalidInputError } from "../../base/errors/errors.js";
import { loadMatrix } from "../../planning/matrix/load.js";
import { type Matrix } from "../../planning/matrix/types.js";
import { planRoute } from "../../planning/plan/plan.js";
import { type Plan } from "../../planning/plan/types.js";
import { type Strategy } from "../../planning/rules/site-facts.js";
import { createMatrixPicture, type MatrixPicture } from "../../report/matrix-picture.js";
import { renderMatrixSvg } from "../../report/matrix-svg.js";
import { type MatrixResult } from "./matrix-commands.js";

interface MatrixGraphOptions {
  /** Ends of the route to mark: both or neither. */
  from?: string | undefined;
  to?: string | undefined;
  route?: Strategy | undefined;
  /** File to write. Default: stdout. */
  out?: string | undefined;
}

const methodNames = { kubernetes: "Kubernetes", vmware: "VMware", appliance: "the Management Appliance" };

/**
 * Runs `matrix graph`: draws a matrix as SVG. With `from` and `to` it marks their route; if there is none, the picture
 * says so and the exit code is 3.
 * @throws InvalidInputError GRAPH_HALF_A_ROAD, GRAPH_NOT_WRITTEN, and what loading and planning throw.
 */
export function drawMatrixGraph(id: string, options: MatrixGraphOptions): MatrixResult {
  const matrix = loadMatrix(id);
  const plan = createPlan(matrix, options);
  const route = plan === null || plan.outcome === "refused" ? [] : [plan.from, ...plan.hops.map((hop) => hop.to)];
  const picture = createMatrixPicture(matrix, route);
  const product = matrix.edition === "vertex" ? "Palette VerteX" : "Palette";
  const title = `Supported upgrades of ${product} on ${methodNames[matrix.method]} (${matrix.id})`;
  const svg = renderMatrixSvg(picture, title, createCaptions(matrix, picture, plan));
  const exitCode = plan?.outcome === "refused" ? 3 : 0;
  if (options.out === undefined) return { text: svg, exitCode };
  try {
    writeFileSync(options.out, svg);
  } catch (error) {
    throw new InvalidInputError(
      "GRAPH_NOT_WRITTEN",
      `out: ${options.out} cannot be written: ${getErrorMessage(error)}`,
      {
        next: "Name a file in a folder that is there.",
        cause: error,
      },
    );
  }
  const refused = plan?.refusal === undefined || plan.refusal === null ? "" : `${plan.refusal.message}\n`;
  return { text: `${refused}${options.out}: written\n`, exitCode };
}

function createPlan(matrix: Matrix, { from, to, route }: MatrixGraphOptions): Plan | null {
  if (from === undefined && to === undefined) return null;
  if (from !== undefined && to !== undefined) return planRoute({ from, to, matrix, strategy: route });
  throw new InvalidInputError(
    "GRAPH_HALF_A_ROAD",
    `A route has two ends; --${from === undefined ? "from" : "to"} is missing.`,
    {
      next: "Give both --from and --to, or neither.",
    },
  );
}

function createCaptions({ source, readOn }: Matrix, picture: MatrixPicture, plan: Plan | null): string[] {
  const rows = picture.edges.length + picture.implied;
  const drawn = `Supported rows: ${rows}; drawn: ${picture.edges.length}, the others lead where these lead as well.`;
  const read = `${source.repository} at ${source.commit.slice(0, 12)}, read on ${readOn}.`;
  return [`${drawn} ${read}`, ...(plan === null ? [] : [formatRouteCaption(plan)])];
}

function formatRouteCaption({ from, to, hops, refusal, strategy }: Plan): string {
  if (refusal !== null) return `No supported route leads from ${from} to ${to} (${refusal.code}).`;
  if (hops.length === 0) return `${from} is what was asked for: nothing to do.`;
  return `Route by ${strategy}: ${[from, ...hops.map((hop) => hop.to)].join(" → ")}`;
}
