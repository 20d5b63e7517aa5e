import { openChartSource } from "../charts/open-chart-source.js";
import { rehearsalClock } from "../rehearsal/site-clock.js";
import { rehearsalVariable } from "../rehearsal/types.js";
import type { GateSettings } from "../stack/gate-settings.js";
import { systemClock, type Clock } from "./clock.js";
import { ingressClient } from "./ingress-client.js";
import { connectKubernetes } from "./kubernetes-client.js";
import { connectMongo } from "./mongo-client.js";
import { connectTenant, requestBudget } from "./palette-api.js";
import { isSeenByClusters } from "./seen-by-clusters.js";
import type { KubernetesSite, Site, TenantApi } from "./types.js";

export interface ConnectOptions {
  /** Default: the process's own. */
  environment?: NodeJS.ProcessEnv;
  /** Where relative chart places begin. Default: the working directory. */
  projectDir?: string;
  /** Time for the back-off of refused requests. Default: the clock that `environment` asks for. */
  clock?: Clock;
}

/**
 * The clients of one installation. `secrets.apiKeys` stand in the order of `settings.tenants`. Nothing is asked of the
 * network yet. @throws InvalidInputError for a kubeconfig or a CA file that cannot be read.
 */
export function connectSite(
  settings: GateSettings,
  secrets: { apiKeys: string[]; mongoUri?: string; chartsPassword?: string },
  options: ConnectOptions = {},
): Site {
  const environment = options.environment ?? process.env;
  const clock = options.clock ?? clockFromEnvironment(environment);
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
    gatewayCluster: connectGateways(settings, environment),
    ingressAnswer: ingressClient(rehearsalBase(environment)),
  };
}

/** The machine's clock, or the simulated site's when the environment says that this is a rehearsal. */
export function clockFromEnvironment(environment: NodeJS.ProcessEnv): Clock {
  const base = rehearsalBase(environment);
  return base === null ? systemClock : rehearsalClock(base);
}

/** Each cluster is connected when it is first asked for: one that cannot be read breaks its own gateway's gates only. */
function connectGateways(
  { pcgClusters }: GateSettings,
  environment: NodeJS.ProcessEnv,
): NonNullable<Site["gatewayCluster"]> {
  const connected = new Map<string, KubernetesSite>();
  return (pcg) => {
    const cluster = pcgClusters.find((candidate) => candidate.pcg === pcg);
    if (cluster === undefined) return null;
    const site = connected.get(pcg) ?? connectKubernetes({ ...cluster, environment });
    connected.set(pcg, site);
    return site;
  };
}

/** A tenant without a key whose gateways all have a kubeconfig of their own is seen by those alone. */
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

function rehearsalBase(environment: NodeJS.ProcessEnv): string | null {
  const base = environment[rehearsalVariable];
  return base === undefined || base === "" ? null : base.replace(/\/$/, "");
}
