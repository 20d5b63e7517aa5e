import { relative } from "node:path";
import { type z } from "zod";
import { progressVariable } from "../../../lib/gates/run/progress-file.js";
import { type Plan } from "../../../lib/planning/plan/types.js";
import { listExpectedReleases, type ExpectedRelease } from "../../../lib/planning/rules/rules.js";
import { drive, type DriveEnd, type DriveOptions, type Turn } from "../../../lib/driver/drive.js";
import { type Engine } from "../../../lib/engine/engine.js";
import { type settingsSchema } from "../../../lib/settings/schema.js";
import { createEmbeddedEngine } from "./engine/engine.js";
import { releaseProvider, releaseType } from "./engine/providers/release.js";
import { type CommandRunner } from "./engine/providers/shell.js";
import { startSimulatedSite } from "./site/server.js";
import { faultNames, type FaultName, type RunningSite, type SimulatedSiteOptions } from "./types.js";
import { type RehearsalWorkspace } from "./workspace.js";

export interface RehearsalOptions extends Omit<DriveOptions, "maxTurns"> {
  projectDir: string;
  workspace: RehearsalWorkspace;
  plan: Plan;
  target: string;
  /** Injected once the site is enrolled, so that the first hop meets the fault; with `at`, from that version on. */
  faults: { name: FaultName; at?: string }[];
  /** Runs the text of each Command; default: a shell, as Pulumi's plugin does. */
  runCommand?: CommandRunner;
}

export interface RehearsalResult {
  end: DriveEnd;
  outputs: Record<string, unknown>;
  site: RunningSite;
}

/** Updates allowed beyond one per hop: the enrolment, and the settle or resume runs that a fault may need. */
const spareTurns = 6;

/** One gateway of each kind, in two tenants. */
export const rehearsedGateways: NonNullable<SimulatedSiteOptions["pcgs"]> = [
  { tenant: "acme", name: "pcg-vsphere", selfHosted: false },
  { tenant: "globex", name: "pcg-existing", selfHosted: true },
];

/**
 * Runs the unmodified program along the whole route on the embedded engine and the simulated site. The caller stops the
 * site.
 */
export async function runRehearsal(options: RehearsalOptions): Promise<RehearsalResult> {
  const { workspace, plan } = options;
  for (const hop of plan.hops) workspace.writeCharts(hop.to, listAllReleases(hop.to));
  workspace.writeCharts(plan.from, listAllReleases(plan.from));
  const site = await startSimulatedSite({
    version: plan.from,
    edition: plan.matrix.edition,
    stateFile: workspace.siteFile,
    faults: [],
    directory: workspace.folder,
    pcgs: rehearsedGateways,
  });
  const engine = createEmbeddedEngine({
    projectDir: options.projectDir,
    stack: "rehearsal",
    stateFile: workspace.stateFile,
    config: createRehearsalConfig(options, site),
    environment: { ...site.environment, [progressVariable]: workspace.progressFile },
    providers: { [releaseType]: releaseProvider },
    runCommand: options.runCommand,
  });
  return driveRehearsal(engine, site, options);
}

/** Runs the whole route on an engine and a site; faults are injected once the site is enrolled. */
export async function driveRehearsal(
  engine: Engine,
  site: RunningSite,
  options: RehearsalOptions,
): Promise<RehearsalResult> {
  const { plan } = options;
  const injectRequestedFaults = async (): Promise<void> => {
    const isEnrolled = (await engine.outputs()).appliedVersion !== undefined;
    if (isEnrolled)
      await site.changeFaults({
        add: options.faults.map((fault) => ({ version: getFaultHopTarget(fault.name, plan), ...fault })),
        clear: listFaultsToClear(options.faults),
      });
  };
  await injectRequestedFaults();
  const onTurn = async (turn: Turn): Promise<void> => {
    if (turn.number === 1) await injectRequestedFaults();
    await options.onTurn(turn);
  };
  const isSettled = async (): Promise<boolean> => (await engine.outputs()).appliedVersion === plan.to;
  const end = await drive(engine, { ...options, onTurn, isSettled, maxTurns: plan.hops.length + spareTurns });
  return { end, outputs: await engine.outputs(), site };
}

/** Target version of a fault's hop in progress: the first stop, or for `release-failed` the end of the route. */
function getFaultHopTarget(name: FaultName, plan: Plan): string {
  return (name === "release-failed" ? plan.hops.at(-1) : plan.hops[0])!.to;
}

/** Lists every fault that this run does not request, to clear those of an earlier run. */
function listFaultsToClear(faults: RehearsalOptions["faults"]): FaultName[] {
  return faultNames.filter((name) => !faults.some((fault) => fault.name === name));
}

function listAllReleases(version: string): ExpectedRelease[] {
  return listExpectedReleases(version, {});
}

type Config = Parameters<typeof createEmbeddedEngine>[0]["config"];

/** Creates the stack configuration of a rehearsal, as a person would write it for this site. */
export function createRehearsalConfig(
  { plan, target, workspace, projectDir }: Pick<RehearsalOptions, "plan" | "target" | "workspace" | "projectDir">,
  site: RunningSite,
): Config {
  const tenants = Object.keys(site.apiKeys).map((name) => ({ name, pcgs: site.pcgs[name] ?? [] }));
  const acknowledge = plan.hops.flatMap((hop) =>
    hop.acts
      .filter((act) => act.when === "before")
      .map((act) => ({
        act: act.name,
        hop: `${hop.from}->${hop.to}`,
        by: "rehearsal",
        because: "there is nothing real to act on",
      })),
  );
  const settings: z.input<typeof settingsSchema> = {
    target,
    matrix: plan.matrix.id,
    route: { strategy: plan.strategy },
    edition: plan.matrix.edition,
    clusterIdentifier: "rehearsal",
    cluster: { uid: site.clusterUid },
    kubernetes: { kubeconfig: relative(projectDir, site.kubeconfig) },
    charts: { location: `${relative(projectDir, workspace.folder)}/charts/release-{version}` },
    site: { apiUrl: site.url, rootDomain: "palette.rehearsal.example" },
    rehearsal: { simulated: true },
    // Longer polling intervals: simulated hours pass in seconds, but each poll costs as much as a real one.
    rollout: { interval: "30s" },
    pcg: { interval: "2m" },
    tenants,
    secrets: { apiKeys: site.apiKeys },
    acknowledge,
  };
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      `palette:${key}`,
      { value: typeof value === "string" ? value : JSON.stringify(value), secret: key === "secrets" },
    ]),
  );
}
