import { resolve } from "node:path";
import { InvalidInputError } from "../../base/errors/errors.js";
import { stderr } from "../../base/process/output.js";
import { findPackageRoot } from "../../base/process/package-root.js";
import { isMatrixFile } from "../../planning/matrix/load.js";
import { type Strategy } from "../../planning/rules/site-facts.js";
import { type FaultRow, faultTable } from "../../../packages/rehearsal/lib/fault-table.js";
import { type RehearsalResult } from "../../../packages/rehearsal/lib/rehearse.js";
import { type FaultName, faultNames } from "../../../packages/rehearsal/lib/types.js";
import { type RehearsalInput, RehearsalWorkspace } from "../../../packages/rehearsal/lib/workspace.js";
import { parseVersion } from "../../planning/version/version.js";
import { connectKubernetes } from "../../site/kubernetes/client.js";
import { createProgress } from "../progress.js";
import { keepGates } from "./kept-gates.js";
import { RehearsalReport } from "./rehearsal-report.js";
import { openRehearsalTarget, type TargetOptions } from "./rehearse-place.js";
import { watchInterrupts } from "../interrupts.js";
import { type CommandResult } from "../result.js";

interface RehearseCommandOptions extends TargetOptions {
  from?: string;
  to?: string;
  matrix?: string;
  route: Strategy;
  at?: string;
  dir: string;
  fresh: boolean;
  colour: boolean;
}

const defaultRoute = { from: "4.1.12", to: "4.7.20", matrix: "palette-kubernetes-4.7.20" };
const interruptedExitCode = 130;

/**
 * Runs `rehearse`: the plan, every stack update on the simulated site or a throwaway cluster, then the table of hops.
 */
export async function runRehearseCommand(options: RehearseCommandOptions): Promise<CommandResult> {
  const input = createRehearsalInput(options);
  if (options.dir === "") {
    throw new InvalidInputError("DIR_FOREIGN", "--dir: it is empty.", {
      next: "Name a folder, or leave --dir out for .rehearsal.",
    });
  }
  const { loadMatrix } = await import("../../planning/matrix/load.js");
  const { planRoute } = await import("../../planning/plan/plan.js");
  const plan = planRoute({
    ...input,
    strategy: options.route,
    facts: { pcgs: true },
    matrix: loadMatrix(input.matrix),
  });
  const progress = createProgress({
    output: stderr,
    isTerminal: stderr.isTerminal,
    colour: options.colour,
    now: () => performance.now(),
  });
  const report = new RehearsalReport(plan, progress, options.colour);
  const hasRoute = plan.refusal === null && plan.hops.length > 0;
  const target = hasRoute ? await openRehearsalTarget(options, process.env) : null;
  report.showPlan(target?.description);
  if (target === null) return { text: "", exitCode: plan.refusal === null ? 0 : 3 };
  const workspace = new RehearsalWorkspace(resolve(options.dir));
  const { resumes, release } = workspace.open(input, options.fresh);
  if (resumes) progress.printNote(`Taking up the rehearsal in ${options.dir} where it stopped; --fresh starts anew.`);
  const interrupt = new AbortController();
  const stopWatching = watchInterrupts(() => interrupt.abort());
  const tail = report.follow(workspace.progressFile);
  const projectDir = findPackageRoot();
  const gates = keepGates(projectDir);
  try {
    const rehearsal = {
      projectDir,
      runCommand: gates.run,
      workspace,
      plan,
      target: input.to,
      faults: options.fault.map((name) => ({ name: name as FaultName, ...(options.at ? { at: options.at } : {}) })),
      signal: interrupt.signal,
      onRun: report.onRun,
      onTurn: report.onTurn,
    };
    const end = await target.run(rehearsal, resumes);
    return await finish(end, report, workspace, input);
  } finally {
    gates.stop();
    tail.stop();
    release();
    progress.close();
    stopWatching();
  }
}

async function finish(
  { end, site }: RehearsalResult,
  report: RehearsalReport,
  workspace: RehearsalWorkspace,
  input: RehearsalInput,
): Promise<CommandResult> {
  const kubernetes = connectKubernetes({ kubeconfig: site.kubeconfig, context: null, environment: {} });
  const revisions = await kubernetes.helmRevisions("default");
  await site.stop();
  if (end.kind === "interrupted") {
    return { text: "Interrupted. The same command goes on from here.\n", exitCode: interruptedExitCode };
  }
  workspace.close(input, end.kind === "done" ? "done" : "refused");
  return report.createResult(end, revisions);
}

function createRehearsalInput(options: RehearseCommandOptions): RehearsalInput {
  for (const name of options.fault) {
    if (!(faultNames as readonly string[]).includes(name)) {
      const list = faultNames.map((known) => `  ${known.padEnd(28)} ${faultTable[known].summary}`).join("\n");
      throw new InvalidInputError("FAULT_UNKNOWN", `--fault: "${name}" is not a fault the simulated site knows.`, {
        next: `Name one of:\n${list}`,
      });
    }
  }
  const route: NonNullable<FaultRow["route"]> =
    options.fault.map((name) => faultTable[name as FaultName].route).find((known) => known !== undefined) ??
    defaultRoute;
  return {
    from: parseVersion(options.from ?? route.from, "--from"),
    to: options.to ?? route.to,
    matrix: resolveMatrixFile(options.matrix ?? route.matrix),
    strategy: options.route,
    faults: options.fault.map((name) => ({ name, ...(options.at ? { at: parseVersion(options.at, "--at") } : {}) })),
    ...(options.kubeconfig === undefined ? {} : { cluster: `${resolve(options.kubeconfig)} ${options.context ?? ""}` }),
  };
}

/** The program runs in the tool's own folder, wherever the command was typed. */
function resolveMatrixFile(idOrFile: string): string {
  return isMatrixFile(idOrFile) ? resolve(idOrFile) : idOrFile;
}
