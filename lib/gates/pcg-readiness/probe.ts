import type { GateSettings } from "../../settings/gate-settings.js";
import type {
  AppliedProfiles,
  ClusterEvent,
  Overlord,
  ProfileNotification,
  Site,
  TenantApi,
} from "../../site/types.js";
import { read, type Reading } from "../verdict/findings.js";
import { probeGatewayCluster, type GatewayCluster } from "./gateway-cluster.js";

/** What was read of one PCG. */
export interface GatewayReading {
  overlord: Overlord;
  /** Names of profiles with a pending update; null (not requested) for a PCG that gets no profile updates. */
  profileUpdates: Reading<string[]> | null;
  /** Whether cluster updates are paused at any scope; null if Palette does not report it. */
  clusterPaused: Reading<boolean | null>;
  /** The applied profiles; null (not requested) for a PCG that gets no profile updates. */
  applied: Reading<AppliedProfiles> | null;
  /** Newest first; only read for a catch-up. */
  events: Reading<ClusterEvent[]> | null;
  /** Newest first; only read for a catch-up. */
  notifications: Reading<ProfileNotification[]> | null;
}

/** What was read of one tenant; `gateways` holds only the requested ones, matched by name. */
export interface TenantReading {
  tenant: string;
  listed: readonly string[];
  /** Null if the tenant has no API access: its gateways are then known only by their own clusters, if at all. */
  overlords: Reading<Overlord[]> | null;
  platformPaused: Reading<boolean>;
  gateways: GatewayReading[];
  /** Own clusters of listed gateways, where a kubeconfig is configured. */
  clusters: ClusterReading[];
}

interface ClusterReading {
  /** `tenant/name`. */
  subject: string;
  reading: Reading<GatewayCluster>;
}

interface ProbeOptions {
  site: Site;
  settings: GateSettings;
  /** `tenant/name`: read only this PCG and the list of its tenant's PCGs. */
  only?: string | undefined;
  /** Also read events and notifications, with events since this time; null: read only the current state. */
  since: Date | null;
}

/** Reads every listed PCG of every tenant, tenants in parallel. Errors are returned as readings, not thrown. */
export async function probePcgs(options: ProbeOptions, signal: AbortSignal): Promise<TenantReading[]> {
  const wanted = options.settings.tenants.filter(
    ({ name }) => options.only === undefined || parseTenantName(options.only) === name,
  );
  return Promise.all(wanted.map(({ name, pcgs }) => probeTenant(name, pcgs, options, signal)));
}

/** True for a PCG that gets profile updates through Palette: those installed by the Palette CLI. */
function canReceiveProfileUpdates(overlord: Overlord): boolean {
  return !overlord.isSelfHosted && !overlord.isSystem;
}

function parseTenantName(subject: string): string {
  return subject.slice(0, subject.indexOf("/"));
}

async function probeTenant(
  tenant: string,
  listed: readonly string[],
  options: ProbeOptions,
  signal: AbortSignal,
): Promise<TenantReading> {
  const api = options.site.tenants.find((candidate) => candidate.tenant === tenant);
  const clusters = await probeClusters(tenant, listed, options, signal);
  if (api === undefined) {
    const none: Reading<never> = { ok: false, error: new Error(`no API access is set up for tenant ${tenant}`) };
    return { tenant, listed, overlords: null, platformPaused: none, gateways: [], clusters };
  }
  const overlords = await read(() => api.overlords(), signal);
  if (!overlords.ok) return { tenant, listed, overlords, platformPaused: overlords, gateways: [], clusters };
  const platformPaused = await read(() => api.platformUpdatesPaused(), signal);
  const gateways: GatewayReading[] = [];
  for (const overlord of overlords.value) {
    const asked = options.only === undefined || options.only === `${tenant}/${overlord.name}`;
    if (asked && !overlord.isSystem && listed.includes(overlord.name)) {
      gateways.push(await probeGateway(api, overlord, options.since, signal));
    }
  }
  return { tenant, listed, overlords, platformPaused, gateways, clusters };
}

async function probeClusters(
  tenant: string,
  listed: readonly string[],
  { site, only }: ProbeOptions,
  signal: AbortSignal,
): Promise<ClusterReading[]> {
  const asked = listed.map((name) => `${tenant}/${name}`).filter((name) => only === undefined || only === name);
  const readings = asked.map(async (subject): Promise<ClusterReading[]> => {
    const cluster = await read(() => Promise.resolve().then(() => site.getGatewayCluster?.(subject) ?? null), signal);
    if (!cluster.ok) return [{ subject, reading: cluster }];
    const { value } = cluster;
    return value === null ? [] : [{ subject, reading: await read(() => probeGatewayCluster(value), signal) }];
  });
  return (await Promise.all(readings)).flat();
}

async function probeGateway(
  api: TenantApi,
  overlord: Overlord,
  since: Date | null,
  signal: AbortSignal,
): Promise<GatewayReading> {
  const cluster = overlord.spectroClusterUid;
  const updates = canReceiveProfileUpdates(overlord);
  return {
    overlord,
    profileUpdates: updates ? await read(() => api.pendingProfileUpdates(cluster), signal) : null,
    clusterPaused: await read(() => api.clusterUpdatesPaused(cluster), signal),
    applied: updates ? await read(() => api.appliedProfiles(cluster), signal) : null,
    events: since !== null && updates ? await read(() => api.clusterEvents(cluster, since), signal) : null,
    notifications: since !== null && updates ? await read(() => api.profileNotifications(cluster), signal) : null,
  };
}
