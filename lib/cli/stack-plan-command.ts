import { messageOf, RefusedError } from "../errors.js";
import { exitCodeOf, renderPlan, type PlanFormat } from "../report/render.js";
import { parseRecorded } from "../stack/recorded.js";
import { siteFacts } from "../stack/site-facts.js";
import { isNothingInstalled, isToInstall } from "../stack/unread.js";
import { openUpdate, planFrom } from "../stack/update.js";
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
  let unseen: unknown = null;
  const observation = await update.observe().catch((error: unknown) => {
    unseen = error;
    return null;
  });
  const from: Version | undefined =
    observation?.observedVersion ?? recorded.observedVersion ?? (settings.expectedVersion || undefined);
  if (from === undefined) {
    throw versionUnknown(unseen, { stack: options.stack, toInstall: isToInstall(settings, recorded) });
  }
  const roles = (observation?.releases ?? recorded.releases).map(({ role }) => role);
  const plan = planFrom(update, from, siteFacts(settings, roles));
  const { output, colour, width, warningsAsExitCode } = options;
  const text = renderPlan(plan, output, { colour, ...(width === undefined ? {} : { width }) });
  if (observation === null)
    shell.say(
      `From the ${recorded.observedVersion === undefined ? "expected" : "recorded"} version: ${unread(unseen)}.`,
    );
  return { text, exitCode: exitCodeOf(plan, warningsAsExitCode) };
}

/** Why there is nothing to plan from: the cluster does not answer, or it does and shows no one version. */
export function versionUnknown(
  error: unknown,
  { stack, toInstall }: { stack: string; toInstall: boolean },
): RefusedError {
  if (toInstall && isNothingInstalled(error)) {
    return new RefusedError("VERSION_UNKNOWN", "No Palette is installed on the cluster yet, so no road begins there.", {
      next: `palette:install is true: "palette-upgrade preview --stack ${stack}" shows the installation.`,
    });
  }
  const reach = "Make the cluster reachable";
  const orTell = `${reach}, or set palette:expectedVersion to the installed version, e.g. "4.6.41".`;
  // A refusal is what was made of the cluster's answer, and says itself what to do about it.
  const seen = error instanceof RefusedError ? error.next : undefined;
  return new RefusedError("VERSION_UNKNOWN", `What is installed is not known: ${messageOf(error)}`, {
    next: seen ?? (toInstall ? `${reach}.` : orTell),
  });
}

function unread(error: unknown): string {
  const what = error instanceof RefusedError ? "what is installed cannot be told" : "the cluster cannot be read";
  return `${what} (${messageOf(error)})`;
}
