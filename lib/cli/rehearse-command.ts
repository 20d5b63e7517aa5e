import { resolve } from "node:path";
import { InvalidInputError } from "../errors.js";
import { faultTable, type FaultRow } from "../rehearsal/fault-table.js";
import { type RehearsalEnd } from "../rehearsal/rehearse.js";
import { faultNames, type FaultName } from "../rehearsal/types.js";
import { RehearsalWorkspace, type RehearsalQuestion } from "../rehearsal/workspace.js";
import { type Strategy } from "../plan/types.js";
import { parseVersion } from "../version/version.js";
import { type CommandResult } from "./main.js";
import { packageRoot } from "../matrix/package-root.js";
import { createProgress } from "./progress.js";
import { RehearsalReport } from "./rehearsal-report.js";
import { rehearsalPlace, type PlaceOptions } from "./rehearse-place.js";

export interface RehearseCommandOptions extends PlaceOptions {
  from?: string;
  to?: string;
  matrix?: string;
  route: Strategy;
  at?: string;
  dir: string;
  fresh: boolean;
  colour: boolean;
}

const defaultRoad = { from: "4.1.12", to: "4.7.20", matrix: "palette-kubernetes-4.7.20" };
const interruptedExitCode = 130;

/** `rehearse`: the plan, then every stack update over the simulated site or a throwaway cluster, then the table of hops. */
export async function rehearseCommand(options: RehearseCommandOptions): Promise<CommandResult> {
  const question = questionOf(options);
  if (options.dir === "") {
    throw new InvalidInputError("DIR_FOREIGN", "--dir: it is empty.", {
      next: "Name a folder, or leave --dir out for .rehearsal.",
    });
  }
  const { loadMatrix } = await import("../matrix/load.js");
  const { planRoute } = await import("../plan/plan.js");
  const plan = planRoute({
    ...question,
    strategy: options.route,
    facts: { pcgs: true },
    matrix: loadMatrix(question.matrix),
  });
  const progress = createProgress({
    stream: process.stderr,
    isTerminal: process.stderr.isTTY,
    colour: options.colour,
    now: () => performance.now(),
  });
  const report = new RehearsalReport(plan, progress, options.colour);
  const isRoad = plan.refusal === null && plan.hops.length > 0;
  const place = isRoad ? await rehearsalPlace(options, process.env) : null;
  report.showPlan(place?.words);
  if (place === null) return { text: "", exitCode: plan.refusal === null ? 0 : 3 };
  const workspace = new RehearsalWorkspace(resolve(options.dir));
  const { resumes, release } = workspace.open(question, options.fresh);
  if (resumes) progress.note(`Taking up the rehearsal in ${options.dir} where it stopped; --fresh starts anew.`);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const tail = report.follow(workspace.progressFile);
  try {
    const rehearsal = {
      projectDir: packageRoot(),
      workspace,
      plan,
      target: question.to,
      faults: options.fault.map((name) => ({ name: name as FaultName, ...(options.at ? { at: options.at } : {}) })),
      signal: interrupt.signal,
      onRun: report.onRun,
      onTurn: report.onTurn,
    };
    const end = await place.run(rehearsal, resumes);
    return await finish(end, report, workspace, question);
  } finally {
    tail.stop();
    release();
    progress.close();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

async function finish(
  { end, site }: RehearsalEnd,
  report: RehearsalReport,
  workspace: RehearsalWorkspace,
  question: RehearsalQuestion,
): Promise<CommandResult> {
  const history = await report.releaseHistory(site);
  await site.stop();
  if (end.kind === "interrupted") {
    return { text: "Interrupted. The same command goes on from here.\n", exitCode: interruptedExitCode };
  }
  workspace.close(question, end.kind === "done" ? "done" : "refused");
  return report.ending(end, history);
}

function questionOf(options: RehearseCommandOptions): RehearsalQuestion {
  for (const name of options.fault) {
    if (!(faultNames as readonly string[]).includes(name)) {
      const list = faultNames.map((known) => `  ${known.padEnd(28)} ${faultTable[known].summary}`).join("\n");
      throw new InvalidInputError("FAULT_UNKNOWN", `--fault: "${name}" is not a fault the simulated site knows.`, {
        next: `Name one of:\n${list}`,
      });
    }
  }
  const road: NonNullable<FaultRow["road"]> =
    options.fault.map((name) => faultTable[name as FaultName].road).find((known) => known !== undefined) ?? defaultRoad;
  return {
    from: parseVersion(options.from ?? road.from, "--from"),
    to: options.to ?? road.to,
    matrix: options.matrix ?? road.matrix,
    strategy: options.route,
    faults: options.fault.map((name) => ({ name, ...(options.at ? { at: parseVersion(options.at, "--at") } : {}) })),
    ...(options.kubeconfig === undefined ? {} : { cluster: `${resolve(options.kubeconfig)} ${options.context ?? ""}` }),
  };
}
