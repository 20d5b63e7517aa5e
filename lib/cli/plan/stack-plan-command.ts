import { RefusedError } from "../../base/errors/errors.js";
import { getPlanExitCode, type PlanFormat, renderPlan } from "../../report/render.js";
import { type Role } from "../../planning/rules/types.js";
import { type Observed } from "../../program/step/observe.js";
import { computePlan } from "../../program/step/plan.js";
import { planHopInProgress } from "../../program/step/plan-in-progress.js";
import { shouldInstall } from "../../program/step/prepare.js";
import { parseRecorded } from "../../program/step/recorded.js";
import { toSiteFacts } from "../../settings/site-facts.js";
import { createConnectOptions } from "../../program/rehearsal/connect-options.js";
import { openUpdate, type Update } from "../../program/step/update.js";
import { type Version } from "../../planning/version/version.js";
import { addWhoBegan } from "../../driver/who-began.js";
import { type CommandResult } from "../result.js";
import { openSession, readStackEntries, type StackShell } from "../stack-session.js";

export interface StackPlanOptions {
  stack: string;
  output: PlanFormat;
  warningsAsExitCode: boolean;
  colour: boolean;
  width: number | undefined;
  /** Name, version and commit of the tool, to be shown. */
  tool?: string;
}

/** Runs `plan --stack`: the route from the installed version, or the recorded one if the cluster cannot be read. */
export async function runStackPlanCommand(options: StackPlanOptions, shell: StackShell): Promise<CommandResult> {
  const session = await openSession(shell, options.stack);
  const { stack, settings } = session;
  const recorded = parseRecorded(await stack.engine.outputs());
  const { environment } = shell;
  const update = await openUpdate({
    settings,
    recorded,
    projectDir: stack.projectDir,
    isPreview: true,
    environment,
    connection: createConnectOptions(environment),
  });
  const observed = await update.observe();
  const { from, roles, notice } = chooseStart(observed, update, options.stack);
  const facts = toSiteFacts(settings, roles);
  const route = computePlan(update, from, facts);
  const { plan, hopInProgress } =
    observed.state === "installed"
      ? planHopInProgress(update, observed.observation, route, facts)
      : { plan: route, hopInProgress: null };
  const { output, colour, width, tool, warningsAsExitCode } = options;
  const text = renderPlan(plan, output, { colour, width, tool });
  const begun = await addWhoBegan({ hopInProgress, refusal: null }, () => readStackEntries(session, shell));
  for (const line of [begun.hopInProgress?.message ?? null, notice]) if (line !== null) shell.say(line);
  return { text, exitCode: getPlanExitCode(plan, warningsAsExitCode) };
}

interface RouteStart {
  from: Version;
  roles: Role[];
  /** Whose word the version is; null where it was observed. */
  notice: string | null;
}

/** Chooses where the route begins: at the installed version, else at the recorded or expected one. */
function chooseStart(observed: Observed, { recorded, settings }: Update, stack: string): RouteStart {
  const listRoles = (releases: readonly { role: Role }[]): Role[] => releases.map(({ role }) => role);
  if (observed.state === "installed") {
    const { observedVersion, releases } = observed.observation;
    return { from: observedVersion, roles: listRoles(releases), notice: null };
  }
  const from = recorded.observedVersion ?? settings.installedVersion.expected;
  if (from === null) throw createVersionUnknownError(observed, { stack, toInstall: shouldInstall(settings, recorded) });
  const source = recorded.observedVersion === undefined ? "expected" : "recorded";
  return {
    from,
    roles: listRoles(recorded.releases),
    notice: `From the ${source} version: ${describeUnread(observed)}.`,
  };
}

type NotInstalled = Exclude<Observed, { state: "installed" }>;

/** Creates the error for an unknown version: the cluster does not answer, or shows no single installed version. */
export function createVersionUnknownError(
  observed: NotInstalled,
  { stack, toInstall }: { stack: string; toInstall: boolean },
): RefusedError {
  const { error } = observed;
  if (toInstall && observed.state === "empty") {
    return new RefusedError(
      "VERSION_UNKNOWN",
      "No Palette is installed on the cluster yet, so no route begins there.",
      {
        next: `palette:install is true: "palette-upgrade preview --stack ${stack}" shows the installation.`,
      },
    );
  }
  const reach = "Make the cluster reachable";
  const orExpect = `${reach}, or set palette:installedVersion.expected to the installed version, e.g. "4.6.41".`;
  // A refusal was made from the cluster's answer and says itself what to do.
  const seen = observed.state === "unreachable" ? undefined : observed.error.next;
  return new RefusedError("VERSION_UNKNOWN", `What is installed is not known: ${error.message}`, {
    next: seen ?? (toInstall ? `${reach}.` : orExpect),
  });
}

function describeUnread({ state, error }: NotInstalled): string {
  const what = state === "unreachable" ? "the cluster cannot be read" : "what is installed cannot be determined";
  return `${what} (${error.message})`;
}
