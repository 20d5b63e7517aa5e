import { defaultGateSettings, type GateSettings } from "../../lib/settings/gate-settings.js";
import type { Clock } from "../../lib/base/time/clock.js";
import type {
  AppliedProfiles,
  ClusterEvent,
  ClusterProfile,
  ExposedService,
  HelmRevision,
  KubernetesSite,
  Overlord,
  Pod,
  ProfileNotification,
  Site,
  TenantApi,
  Workload,
} from "../../lib/site/types.js";
import { classifyChange } from "../../lib/planning/version/version.js";
import { computeProfileDigest } from "../../lib/gates/pcg-readiness/profiles.js";
import type { GateInput } from "../../lib/gates/verdict/types.js";

/** The facts of a site of which nothing is set. */
export const siteFacts = defaultGateSettings.site;

/** Legend: the site's day begins at 08:00 UTC; `at(25)` is 25 minutes later. */
export function at(minutes: number): string {
  return new Date(Date.UTC(2026, 0, 31, 8, 0, 0) + minutes * 60_000).toISOString();
}

/** A clock that moves only by being slept on; `onSleep` sees the time after each sleep. */
export class FakeClock implements Clock {
  constructor(
    private time: string = at(0),
    private readonly onSleep: (now: Date) => void = () => undefined,
  ) {}

  now(): Promise<Date> {
    return Promise.resolve(new Date(this.time));
  }

  sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.time = new Date(Date.parse(this.time) + seconds * 1000).toISOString();
    this.onSleep(new Date(this.time));
    return Promise.resolve();
  }
}

export function revision(change: Partial<HelmRevision> & { chartVersion: string; revision: number }): HelmRevision {
  return {
    name: "hubble",
    namespace: "default",
    status: "deployed",
    chart: "spectro-mgmt-plane",
    appVersion: change.chartVersion,
    description: "Upgrade complete",
    lastDeployed: at(0),
    valuesDigest: "d1",
    ...change,
  };
}

/** Helm's history of a hop from `from` to `to` that was deployed at `deployedAt`. */
export function arrived(from: string, to: string, deployedAt = at(0)): HelmRevision[] {
  return [
    revision({ revision: 1, chartVersion: from, status: "superseded", lastDeployed: at(-10_000) }),
    revision({ revision: 2, chartVersion: to, lastDeployed: deployedAt, description: `Palette ${to}` }),
  ];
}

export function workload(change: Partial<Workload> = {}): Workload {
  return {
    kind: "Deployment",
    namespace: "hubble-system",
    name: "mgmt",
    generation: 2,
    observedGeneration: 2,
    desired: 2,
    present: 2,
    updated: 2,
    ready: 2,
    available: 2,
    currentRevision: null,
    updateRevision: null,
    conditions: [],
    images: [],
    labels: {},
    ...change,
  };
}

export function pod(change: Partial<Pod> = {}): Pod {
  return {
    namespace: "hubble-system",
    name: "mgmt-7d9f-abcde",
    phase: "Running",
    labels: {},
    ownerKind: "ReplicaSet",
    ownerName: "mgmt-7d9f",
    nodeName: "node-1",
    startTime: at(0),
    unreadySince: null,
    unscheduled: null,
    containers: [container()],
    persistentVolumeClaims: [],
    ...change,
  };
}

export function container(change: Partial<Pod["containers"][number]> = {}): Pod["containers"][number] {
  return { name: "main", image: "i:1", ready: true, restarts: 0, waiting: null, terminated: null, ...change };
}

export function exposedService(change: Partial<ExposedService> = {}): ExposedService {
  return {
    type: "LoadBalancer",
    addresses: [],
    annotations: {},
    loadBalancerIP: null,
    loadBalancerClass: null,
    externalIPs: [],
    sourceRanges: [],
    ...change,
  };
}

export function overlord(change: Partial<Overlord> = {}): Overlord {
  return {
    uid: "u-1",
    name: "pcg-1",
    isSelfHosted: false,
    isSystem: false,
    spectroClusterUid: "c-1",
    state: "Running",
    health: "Healthy",
    agentVersion: "4.5.3",
    lastHeartbeat: at(0),
    updateAvailable: false,
    variablesPending: false,
    paused: false,
    ...change,
  };
}

export interface FakeTenant {
  tenant: string;
  overlords: () => Overlord[];
  updates?: (cluster: string) => string[];
  applied?: (cluster: string) => AppliedProfiles;
  notifications?: (cluster: string) => ProfileNotification[];
  events?: () => ClusterEvent[];
  platformPaused?: () => boolean;
  clusterPaused?: () => boolean | null;
}

/** The profile of a PCG, without packs. */
export function profile(change: Partial<ClusterProfile> = {}): ClusterProfile {
  return { uid: "p-1", name: "infra", version: "1.0.0", packs: [], ...change };
}

/** Digest of applied profiles, as the readiness records it. */
export function profileDigestOf(...profiles: ClusterProfile[]): string {
  const value = { profiles: profiles.length === 0 ? [profile()] : profiles, packs: [] };
  return computeProfileDigest({ applied: { ok: true, value } })!;
}

export function tenantApi(fake: FakeTenant): TenantApi {
  return {
    tenant: fake.tenant,
    overlords: async () => Promise.resolve(fake.overlords()),
    pendingProfileUpdates: async (cluster) => Promise.resolve(fake.updates?.(cluster) ?? []),
    offeredProfiles: async (cluster) =>
      Promise.resolve((fake.updates?.(cluster) ?? []).map((name) => profile({ name, version: "2.0.0" }))),
    appliedProfiles: async (cluster) =>
      Promise.resolve(fake.applied?.(cluster) ?? { profiles: [profile()], packs: [] }),
    profileNotifications: async (cluster) => Promise.resolve(fake.notifications?.(cluster) ?? []),
    clusterEvents: async () => Promise.resolve(fake.events?.() ?? []),
    platformUpdatesPaused: async () => Promise.resolve(fake.platformPaused?.() ?? false),
    clusterUpdatesPaused: async () => Promise.resolve(fake.clusterPaused === undefined ? false : fake.clusterPaused()),
  };
}

/** The namespaces before Traefik, each with a ready workload. */
export const readyWorkloads: Workload[] = [
  "cp-system",
  "hubble-system",
  "ingress-nginx",
  "jet-system",
  "ui-system",
].map((namespace) => workload({ namespace, name: namespace === "hubble-system" ? "mgmt" : `${namespace}-app` }));

export interface FakeFacts {
  uid: string;
  serverVersion: string;
  revisions: HelmRevision[];
  workloads: Workload[];
  pods: Pod[];
  /** Images by Helm revision. */
  images: Record<number, string[]>;
  log: string;
  /** By `namespace/name`; what is not given is not set. */
  services: Record<string, Partial<ExposedService>>;
  answers: Record<string, { status: number; server: string; certificateIssuer: string }>;
  tenants: TenantApi[];
  /** Own clusters of gateways, by `tenant/name`. */
  gateways: Record<string, KubernetesSite>;
  /** By `namespace/name`. */
  configMaps: Record<string, Record<string, string>>;
}

/** A healthy site at 4.6.41 with one CLI-installed PCG; everything can be replaced, by a value or by `throws`. */
export function fakeSite(
  change: Partial<FakeFacts> = {},
  throws: Partial<Record<keyof KubernetesSite | "ingressAnswer", () => Error>> = {},
): Site {
  const facts: FakeFacts = {
    uid: "uid-1",
    serverVersion: "v1.28.4",
    revisions: arrived("4.5.23", "4.6.41"),
    workloads: readyWorkloads,
    pods: [pod()],
    images: {},
    log: "",
    services: {},
    answers: {},
    configMaps: {},
    tenants: [tenantApi({ tenant: "acme", overlords: () => [overlord()] })],
    gateways: {},
    ...change,
  };
  const answer = <T>(name: keyof typeof throws, value: () => T): Promise<T> => {
    const thrown = throws[name]?.();
    return thrown === undefined ? Promise.resolve().then(value) : Promise.reject(thrown);
  };
  const kubernetes: KubernetesSite = {
    clusterUid: () => answer("clusterUid", () => facts.uid),
    serverVersion: () => answer("serverVersion", () => facts.serverVersion),
    namespaces: () => answer("namespaces", () => []),
    helmRevisions: (namespace) =>
      answer("helmRevisions", () =>
        facts.revisions.filter((r) => namespace === undefined || r.namespace === namespace),
      ),
    helmValues: () => answer("helmValues", () => ({})),
    helmChart: () => answer("helmChart", () => ({ defaults: {}, schema: null, templates: [] })),
    helmImages: (_namespace, _name, number) => answer("helmImages", () => facts.images[number] ?? []),
    workloads: (namespaces) =>
      answer("workloads", () => facts.workloads.filter(({ namespace }) => namespaces.includes(namespace))),
    pods: (namespace) => answer("pods", () => facts.pods.filter((candidate) => candidate.namespace === namespace)),
    podLog: () => answer("podLog", () => facts.log),
    persistentVolumeClaims: () => answer("persistentVolumeClaims", () => []),
    podDisruptionBudgets: () => answer("podDisruptionBudgets", () => []),
    secretExists: () => answer("secretExists", () => false),
    serviceAddresses: (namespace, name) =>
      answer("serviceAddresses", () => {
        const found = facts.services[`${namespace}/${name}`];
        return found === undefined ? null : exposedService(found);
      }),
    configMap: (namespace, name) => answer("configMap", () => facts.configMaps[`${namespace}/${name}`] ?? null),
    exec: () => answer("exec", () => ({ stdout: "", stderr: "", exitCode: 0 })),
  };
  return {
    kubernetes,
    tenants: facts.tenants,
    getGatewayCluster: (pcg) => facts.gateways[pcg] ?? null,
    fetchIngressAnswer: (address) =>
      answer("ingressAnswer", () => {
        const found = facts.answers[address];
        if (found === undefined) throw new Error(`nothing is faked at ${address}`);
        return found;
      }),
  };
}

/** Settings of that site. */
export function settingsFor(change: Partial<GateSettings> = {}): GateSettings {
  return { ...defaultGateSettings, clusterUid: "uid-1", tenants: [{ name: "acme", pcgs: ["pcg-1"] }], ...change };
}

/** Input of a gate before a hop 4.6.41 -> 4.7.20 of that site. */
export function inputFor(change: Partial<GateInput> & { from?: string; to?: string } = {}): GateInput {
  const { from = "4.6.41", to = "4.7.20", ...rest } = change;
  return {
    when: "before",
    edge: { from, to, change: from === to ? "none" : classifyChange(from, to) },
    resuming: false,
    settings: settingsFor(),
    site: fakeSite(),
    clock: new FakeClock(),
    baseline: {},
    ...rest,
  };
}

export const neverAborted = new AbortController().signal;
