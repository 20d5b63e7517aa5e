import { relative } from "node:path";
import { progressVariable } from "../gates/progress-file.js";
import { type Plan } from "../plan/types.js";
import { releasesOf, type ExpectedRelease } from "../plan/rules.js";
import { drive, type DriveEnd, type DriveOptions, type Turn } from "../upgrade/drive.js";
import { type Engine } from "../upgrade/engine.js";
import { createEmbeddedEngine } from "./engine/engine.js";
import { releaseProvider, releaseType } from "./engine/providers/release.js";
import { startSimulatedSite } from "./site/server.js";
import { faultNames, type FaultName, type RunningSite, type SimulatedSiteOptions } from "./types.js";
import { type RehearsalWorkspace } from "./workspace.js";

export interface RehearsalOptions extends Omit<DriveOptions, "maxTurns"> {
  projectDir: string;
  workspace: RehearsalWorkspace;
  plan: Plan;
  target: string;
  /** Ordered when the site is enrolled, so that a fault is met by the first hop; with `at`, from that version on. */
  faults: { name: FaultName; at?: string }[];
}

export interface RehearsalEnd {
  end: DriveEnd;
  outputs: Record<string, unknown>;
  site: RunningSite;
}

/** Updates beyond one a hop: enrol, and the settle or resume that a fault may cost. */
const spareTurns = 6;

/** Both kinds, in two tenants. */
export const rehearsedGateways: NonNullable<SimulatedSiteOptions["pcgs"]> = [
  { tenant: "acme", name: "pcg-vsphere", selfHosted: false },
  { tenant: "globex", name: "pcg-existing", selfHosted: true },
];

/** Drives the unmodified program over the whole road on the embedded engine and the simulated site. The caller stops the site. */
export async function rehearse(options: RehearsalOptions): Promise<RehearsalEnd> {
  const { workspace, plan } = options;
  for (const hop of plan.hops) workspace.writeCharts(hop.to, allReleases(hop.to));
  workspace.writeCharts(plan.from, allReleases(plan.from));
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
    config: rehearsalConfig(options, site),
    environment: { ...site.environment, [progressVariable]: workspace.progressFile },
    providers: { [releaseType]: releaseProvider },
  });
  return driveRehearsal(engine, site, options);
}

/** The whole road on an engine and a site; faults are ordered once the site is enrolled. */
export async function driveRehearsal(
  engine: Engine,
  site: RunningSite,
  options: RehearsalOptions,
): Promise<RehearsalEnd> {
  const { plan } = options;
  const order = async (): Promise<void> => {
    const isEnrolled = (await engine.outputs()).appliedVersion !== undefined;
    if (isEnrolled)
      await site.order({
        add: options.faults.map((fault) => ({ version: begunVersion(fault.name, plan), ...fault })),
        clear: mended(options.faults),
      });
  };
  await order();
  const onTurn = async (turn: Turn): Promise<void> => {
    if (turn.number === 1) await order();
    await options.onTurn(turn);
  };
  const end = await drive(engine, { ...options, onTurn, maxTurns: plan.hops.length + spareTurns });
  return { end, outputs: await engine.outputs(), site };
}

/** What a begun hop of a fault leads to: the next stop, or for the one begun against the matrix the end of the road. */
function begunVersion(name: FaultName, plan: Plan): string {
  return (name === "release-failed" ? plan.hops.at(-1) : plan.hops[0])!.to;
}

/** Faults of an earlier run of this rehearsal that this one does not ask for. */
function mended(faults: RehearsalOptions["faults"]): FaultName[] {
  return faultNames.filter((name) => !faults.some((fault) => fault.name === name));
}

function allReleases(version: string): ExpectedRelease[] {
  return releasesOf(version, {});
}

type Config = Parameters<typeof createEmbeddedEngine>[0]["config"];

/** The stack configuration of a rehearsal: what a person would write for this site. */
export function rehearsalConfig(
  { plan, target, workspace, projectDir }: Pick<RehearsalOptions, "plan" | "target" | "workspace" | "projectDir">,
  site: RunningSite,
): Config {
  const tenants = Object.entries(site.apiKeys).map(([name, apiKey]) => ({ name, apiKey, pcgs: site.pcgs[name] ?? [] }));
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
  const plain = {
    target,
    matrix: plan.matrix.id,
    strategy: plan.strategy,
    edition: plan.matrix.edition,
    clusterIdentifier: "rehearsal",
    kubeconfig: relative(projectDir, site.kubeconfig),
    charts: `${relative(projectDir, workspace.folder)}/charts/release-{version}`,
    apiUrl: site.url,
    rootDomain: "palette.rehearsal.example",
    rehearsal: "true",
    // Fewer looks: simulated hours pass in seconds, and each look costs a real one's work.
    rolloutIntervalSeconds: "30",
    pcgIntervalSeconds: "120",
    acknowledge: JSON.stringify(acknowledge),
  };
  return {
    ...Object.fromEntries(Object.entries(plain).map(([key, value]) => [`palette:${key}`, { value, secret: false }])),
    // The names of tenants and PCGs are no secrets: progress is to show whom it is about.
    "palette:tenants": { value: JSON.stringify(tenants), secret: true, secretTexts: Object.values(site.apiKeys) },
  };
}
