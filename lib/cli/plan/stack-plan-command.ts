import { getErrorMessage, RefusedError } from "../../base/errors/errors.js";
import { getPlanExitCode, type PlanFormat, renderPlan } from "../../report/render.js";
import { isNothingInstalled, shouldInstall } from "../../program/step/prepare.js";
import { parseRecorded } from "../../program/step/recorded.js";
import { toSiteFacts } from "../../settings/site-facts.js";
import { computePlan, openUpdate } from "../../program/step/update.js";
import { type Version } from "../../planning/version/version.js";
import { type CommandResult } from "../result.js";
import { openSession, type StackShell } from "../stack-session.js";

export interface StackPlanOptions {
  stack: string;
  output: PlanFormat;
  warningsAsExitCode: boolean;
  colour: boolean;
  width: number | undefined;
}

/** Runs `plan --stack`: the route from the installed version, or the recorded one if the cluster cannot be read. */
export async function runStackPlanCommand(options: StackPlanOptions, shell: StackShell): Promise<CommandResult> {
  const { stack, settings } = await openSession(shell, options.stack);
  const recorded = parseRecorded(await stack.engine.outputs());
  const { environment } = shell;
  const update = await openUpdate({ settings, recorded, projectDir: stack.projectDir, isPreview: true, environment });
  let observationError: unknown = null;
  const observation = await update.observe().catch((error: unknown) => {
    observationError = error;
    return null;
  });
  const from: Version | undefined =
    observation?.observedVersion ?? recorded.observedVersion ?? (settings.expectedVersion || undefined);
  if (from === undefined) {
    throw createVersionUnknownError(observationError, {
      stack: options.stack,
      toInstall: shouldInstall(settings, recorded),
    });
  }
  const roles = (observation?.releases ?? recorded.releases).map(({ role }) => role);
  const plan = computePlan(update, from, toSiteFacts(settings, roles));
  const { output, colour, width, warningsAsExitCode } = options;
  const text = renderPlan(plan, output, { colour, width });
  if (observation === null)
    shell.say(
      `From the ${recorded.observedVersion === undefined ? "expected" : "recorded"} version: ${describeUnread(observationError)}.`,
    );
  return { text, exitCode: getPlanExitCode(plan, warningsAsExitCode) };
}

/** Creates the error for an unknown version: the cluster does not answer, or shows no single installed version. */
export function createVersionUnknownError(
  error: unknown,
  { stack, toInstall }: { stack: string; toInstall: boolean },
): RefusedError {
  if (toInstall && isNothingInstalled(error)) {
    return new RefusedError(
      "VERSION_UNKNOWN",
      "No Palette is installed on the cluster yet, so no route begins there.",
      {
        next: `palette:install is true: "palette-upgrade preview --stack ${stack}" shows the installation.`,
      },
    );
  }
  const reach = "Make the cluster reachable";
  const orTell = `${reach}, or set palette:expectedVersion to the installed version, e.g. "4.6.41".`;
  // A refusal was made from the cluster's answer and says itself what to do.
  const seen = error instanceof RefusedError ? error.next : undefined;
  return new RefusedError("VERSION_UNKNOWN", `What is installed is not known: ${getErrorMessage(error)}`, {
    next: seen ?? (toInstall ? `${reach}.` : orTell),
  });
}

function describeUnread(error: unknown): string {
  const what = error instanceof RefusedError ? "what is installed cannot be determined" : "the cluster cannot be read";
  return `${what} (${getErrorMessage(error)})`;
}
