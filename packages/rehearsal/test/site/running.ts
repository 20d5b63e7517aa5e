import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SiteError } from "../../../../lib/base/errors/site-error.js";
import { startSimulatedSite } from "../../lib/site/server.js";
import { type FaultSpec, type RunningSite, type SimulatedSiteOptions } from "../../lib/types.js";
import { type Clock } from "../../../../lib/base/time/clock.js";
import { connectSite } from "../../../../lib/site/connect.js";
import { createConnectOptions } from "../../../../lib/program/rehearsal/connect-options.js";
import { type Site } from "../../../../lib/site/types.js";
import { defaultGateSettings, type GateSettings } from "../../../../lib/settings/gate-settings.js";

/** A running simulated site with the real clients of a site. */
export interface Rehearsed {
  running: RunningSite;
  site: Site;
  clock: Clock;
  settings: GateSettings;
}

/** Starts a site in a folder of its own; ended by {@link stopSites}. */
export async function startSite(
  options: Partial<SimulatedSiteOptions> & { faults?: FaultSpec[] } = {},
): Promise<Rehearsed> {
  const directory = options.directory ?? temporaryFolder();
  const running = await startSimulatedSite({
    version: "4.1.12",
    edition: "palette",
    stateFile: null,
    faults: [],
    directory,
    ...options,
  });
  started.push(running);
  return connected(running);
}

const started: RunningSite[] = [];
const folders: string[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "palette-site-"));
  folders.push(folder);
  return folder;
}

/** Ends every site of this file's tests. */
export async function stopSites(): Promise<void> {
  await Promise.all(started.splice(0).map((running) => running.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

function connected(running: RunningSite): Rehearsed {
  const settings: GateSettings = {
    ...defaultGateSettings,
    kubernetes: { kubeconfig: running.kubeconfig, context: null },
    site: { ...defaultGateSettings.site, apiUrl: running.url },
    tenants: Object.entries(running.pcgs).map(([name, pcgs]) => ({ name, pcgs })),
  };
  const apiKeys = settings.tenants.map(({ name }) => running.apiKeys[name]!);
  const connection = createConnectOptions(running.environment);
  return { running, settings, site: connectSite(settings, { apiKeys }, connection), clock: connection.clock };
}

/** The kind of SiteError that a call ends with; `answered` where it ends well. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "answered";
  } catch (thrown) {
    if (thrown instanceof SiteError) return thrown.kind;
    throw thrown;
  }
}
