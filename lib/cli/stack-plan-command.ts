import { RefusedError } from "../errors.js";
import { exitCodeOf, renderPlan, type PlanFormat } from "../report/render.js";
import { parseRecorded } from "../stack/recorded.js";
import { siteFacts } from "../stack/site-facts.js";
import { openUpdate, planFrom } from "../stack/update.js";
import { messageOf } from "../errors.js";
import { type Version } from "../version/version.js";
import { type CommandResult } from "./main.js";
import { openSession, type StackShell } from "./stack-session.js";

export interface StackPlanOptions {
  stack: string;
  output: PlanFormat;
  warningsAsExitCode: boolean;
  colour: boolean;
  width: number | undefined;
}

/** `plan --stack`: the stack's road from what is installed, else from what was recorded; the cluster is not needed. */
export async function stackPlanCommand(options: StackPlanOptions, shell: StackShell): Promise<CommandResult> {
  const { stack, settings } = await openSession(shell, options.stack);
  const recorded = parseRecorded(await stack.engine.outputs());
  const { environment } = shell;
  const update = await openUpdate({ settings, recorded, projectDir: stack.projectDir, isPreview: true, environment });
  let unseen = "";
  const observation = await update.observe().catch((error: unknown) => {
    unseen = messageOf(error);
    return null;
  });
  const from: Version | undefined =
    observation?.observedVersion ?? recorded.observedVersion ?? (settings.expectedVersion || undefined);
  if (from === undefined) {
    throw new RefusedError("VERSION_UNKNOWN", `What is installed is not known: ${unseen}`, {
      next: 'Make the cluster reachable, or set palette:expectedVersion to the installed version, e.g. "4.6.41".',
    });
  }
  const roles = (observation?.releases ?? recorded.releases).map(({ role }) => role);
  const plan = planFrom(update, from, siteFacts(settings, roles));
  const { output, colour, width, warningsAsExitCode } = options;
  const text = renderPlan(plan, output, { colour, ...(width === undefined ? {} : { width }) });
  if (observation === null)
    shell.say(
      `From the ${recorded.observedVersion === undefined ? "expected" : "recorded"} version: the cluster cannot be read (${unseen}).`,
    );
  return { text, exitCode: exitCodeOf(plan, warningsAsExitCode) };
}
