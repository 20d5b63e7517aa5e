import { openChartSource } from "./charts/open-chart-source.js";
import { type GateSettings } from "../settings/gate-settings.js";
import { type Clock } from "../base/time/clock.js";
import { type LimitTime } from "../base/time/limit-time.js";
import { createIngressClient } from "./ingress-client.js";
import { connectKubernetes } from "./kubernetes/client.js";
import { connectMongo } from "./mongo/client.js";
import { connectTenant, createPaletteBudget } from "./palette/api.js";
import { shareAnswers } from "./palette/shared-answers.js";
import { isSeenByClusters } from "../settings/seen-by-clusters.js";
import { type KubernetesSite, type Site, type TenantApi } from "./types.js";

export interface ConnectOptions {
  environment: NodeJS.ProcessEnv;
  /** Clock of gates, and of the pauses before a request is sent again. */
  clock: Clock;
  /** Base folder of relative chart paths. Default: the working directory. */
  projectDir?: string;
  /** Limits the time of a request to the Palette API. Default: by the machine's time. */
  limitTime?: LimitTime;
  /** Folder in which the gates of one run share what Palette answered; null or absent: each asks itself. */
  sharedAnswers?: string | null;
  /** Asks the ingress. Default: over the network. */
  fetchIngressAnswer?: Site["fetchIngressAnswer"];
}

/**
 * Creates the clients of one installation. `secrets.apiKeys` are in the order of `settings.tenants`. No network request
 * is made yet.
 * @throws InvalidInputError for a kubeconfig or a CA file that cannot be read.
 */
export function connectSite(
  settings: GateSettings,
  secrets: { apiKeys: string[]; mongoUri?: string; chartsPassword?: string },
  options: ConnectOptions,
): Site {
  const { environment, clock } = options;
  return {
    charts: () =>
      openChartSource({
        ...settings.charts,
        password: secrets.chartsPassword ?? "",
        projectDir: options.projectDir ?? process.cwd(),
        environment,
        clock,
      }),
    kubernetes: connectKubernetes({ ...settings.kubernetes, environment }),
    tenants: connectTenants(settings, secrets.apiKeys, options),
    mongo: settings.mongo.external
      ? connectMongo({ uri: secrets.mongoUri ?? "", caFile: settings.mongo.caFile })
      : null,
    getGatewayCluster: connectGateways(settings, environment),
    fetchIngressAnswer: options.fetchIngressAnswer ?? createIngressClient(environment),
  };
}

/** Connects each cluster on first use, so that an unreadable kubeconfig breaks only the gates of its own gateway. */
function connectGateways(
  { pcg: { clusters } }: GateSettings,
  environment: NodeJS.ProcessEnv,
): NonNullable<Site["getGatewayCluster"]> {
  const connected = new Map<string, KubernetesSite>();
  return (pcg) => {
    const cluster = clusters.find((candidate) => candidate.pcg === pcg);
    if (cluster === undefined) return null;
    const site = connected.get(pcg) ?? connectKubernetes({ ...cluster, environment });
    connected.set(pcg, site);
    return site;
  };
}

/** Skips a tenant without an API key whose gateways all have a kubeconfig of their own: those are read instead. */
function connectTenants(
  settings: GateSettings,
  apiKeys: string[],
  { environment, clock, limitTime, sharedAnswers = null }: ConnectOptions,
): TenantApi[] {
  const { apiUrl, apiCaFile: caFile } = settings.site;
  if (apiUrl === null) return [];
  const budget = createPaletteBudget(clock, sharedAnswers);
  return settings.tenants.flatMap((tenant, index) => {
    const apiKey = apiKeys[index] ?? "";
    if (apiKey === "" && isSeenByClusters(tenant, settings.pcg.clusters)) return [];
    const connection = { baseUrl: apiUrl, tenant: tenant.name, apiKey, caFile, environment, clock, limitTime, budget };
    const api = connectTenant(connection);
    if (sharedAnswers === null) return [api];
    return [shareAnswers(api, { folder: sharedAnswers, host: apiUrl, tenant: tenant.name, apiKey, clock })];
  });
}
