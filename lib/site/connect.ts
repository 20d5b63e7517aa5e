import { rehearsalVariable } from "../base/process/environment.js";
import { openChartSource } from "./charts/open-chart-source.js";
import { createRehearsalClock } from "../base/time/remote-clock.js";
import { type GateSettings } from "../settings/gate-settings.js";
import { type Clock, systemClock } from "../base/time/clock.js";
import { createIngressClient } from "./ingress-client.js";
import { connectKubernetes } from "./kubernetes/client.js";
import { connectMongo } from "./mongo/client.js";
import { connectTenant, requestBudget } from "./palette/api.js";
import { isSeenByClusters } from "../settings/seen-by-clusters.js";
import { type KubernetesSite, type Site, type TenantApi } from "./types.js";

export interface ConnectOptions {
  /** Default: the process's own. */
  environment?: NodeJS.ProcessEnv;
  /** Base folder of relative chart paths. Default: the working directory. */
  projectDir?: string;
  /** Clock for the back-off of refused requests. Default: the clock that `environment` selects. */
  clock?: Clock;
}

/**
 * Creates the clients of one installation. `secrets.apiKeys` are in the order of `settings.tenants`. No network request
 * is made yet.
 * @throws InvalidInputError for a kubeconfig or a CA file that cannot be read.
 */
export function connectSite(
  settings: GateSettings,
  secrets: { apiKeys: string[]; mongoUri?: string; chartsPassword?: string },
  options: ConnectOptions = {},
): Site {
  const environment = options.environment ?? process.env;
  const clock = options.clock ?? selectClock(environment);
  return {
    charts: () =>
      openChartSource({
        ...settings.charts,
        password: secrets.chartsPassword ?? "",
        projectDir: options.projectDir ?? process.cwd(),
        clock,
      }),
    kubernetes: connectKubernetes({ kubeconfig: settings.kubeconfig, context: settings.context, environment }),
    tenants: connectTenants(settings, secrets.apiKeys, clock),
    mongo: settings.mongo.external
      ? connectMongo({ uri: secrets.mongoUri ?? "", caFile: settings.mongo.caFile })
      : null,
    getGatewayCluster: connectGateways(settings, environment),
    fetchIngressAnswer: createIngressClient(getRehearsalBase(environment)),
  };
}

/** Returns the machine's clock, or that of the simulated site when the environment says that this is a rehearsal. */
export function selectClock(environment: NodeJS.ProcessEnv): Clock {
  const base = getRehearsalBase(environment);
  return base === null ? systemClock : createRehearsalClock(base);
}

/** Connects each cluster on first use, so that an unreadable kubeconfig breaks only the gates of its own gateway. */
function connectGateways(
  { pcgClusters }: GateSettings,
  environment: NodeJS.ProcessEnv,
): NonNullable<Site["getGatewayCluster"]> {
  const connected = new Map<string, KubernetesSite>();
  return (pcg) => {
    const cluster = pcgClusters.find((candidate) => candidate.pcg === pcg);
    if (cluster === undefined) return null;
    const site = connected.get(pcg) ?? connectKubernetes({ ...cluster, environment });
    connected.set(pcg, site);
    return site;
  };
}

/** Skips a tenant without an API key whose gateways all have a kubeconfig of their own: those are read instead. */
function connectTenants(settings: GateSettings, apiKeys: string[], clock: Clock): TenantApi[] {
  const { apiUrl } = settings;
  if (apiUrl === null) return [];
  const budget = requestBudget(clock);
  return settings.tenants.flatMap((tenant, index) => {
    const apiKey = apiKeys[index] ?? "";
    if (apiKey === "" && isSeenByClusters(tenant, settings.pcgClusters)) return [];
    return [connectTenant({ baseUrl: apiUrl, tenant: tenant.name, apiKey, caFile: settings.apiCaFile, clock, budget })];
  });
}

function getRehearsalBase(environment: NodeJS.ProcessEnv): string | null {
  const base = environment[rehearsalVariable];
  return base === undefined || base === "" ? null : base.replace(/\/$/, "");
}
