import { type ChartSource } from "./charts/types.js";
import { type Edition } from "../planning/matrix/types.js";
import { type WorkloadKind } from "../planning/rules/types.js";
import { type Version } from "../planning/version/version.js";
import { type MongoSite } from "./mongo/types.js";

/** Statuses of Helm's release records (helm v3 `release.Status`). */
export type HelmStatus =
  | "unknown"
  | "deployed"
  | "uninstalled"
  | "superseded"
  | "failed"
  | "uninstalling"
  | "pending-install"
  | "pending-upgrade"
  | "pending-rollback";

/** One revision of a Helm release, from its record (Secret of type `helm.sh/release.v1`). Holds no values. */
export interface HelmRevision {
  name: string;
  namespace: string;
  revision: number;
  status: HelmStatus;
  chart: string;
  chartVersion: string;
  appVersion: string;
  description: string;
  /** ISO 8601: `info.last_deployed`. */
  lastDeployed: string;
  /** sha256 of the user-supplied values in canonical JSON: shows whether they changed without revealing them. */
  valuesDigest: string;
  /**
   * Why the record proves nothing: it cannot be read, or it names another release than its Secret does. Name, namespace
   * and revision are then those of the Secret; a record that cannot be read has no chart. Absent for a sound record.
   */
  fault?: RecordFault;
}

export interface RecordFault {
  /** `namespace/name` of the Secret. */
  secret: string;
  why: string;
  /** `copy`: the record belongs to another namespace; `misnamed`: to another release or revision than its Secret says. */
  kind: "unreadable" | "misnamed" | "copy";
}

/** The chart that a revision was made with, from its record. */
export interface RecordedChart {
  defaults: Record<string, unknown>;
  /** `values.schema.json`; null where it has none. */
  schema: Record<string, unknown> | null;
  /** `below`: key under which the (sub-)chart's values are; "" for the chart itself. */
  templates: { path: string; below: string; text: string }[];
}

export interface ExecResult {
  stdout: string;
  stderr: string;
  /** Exit code of the remote command; null where the server did not report it. */
  exitCode: number | null;
}

export interface Workload {
  kind: WorkloadKind;
  namespace: string;
  name: string;
  generation: number;
  observedGeneration: number;
  desired: number;
  /** Number of its pods, including those of older revisions. */
  present: number;
  updated: number;
  ready: number;
  available: number;
  /** StatefulSets: revisions; null for the others. */
  currentRevision: string | null;
  updateRevision: string | null;
  /** Conditions worth reporting: status False (e.g. `ProgressDeadlineExceeded`), or a replica failure. */
  conditions: { type: string; status: string; reason: string; message: string }[];
  images: string[];
  labels: Record<string, string>;
}

export interface Pod {
  namespace: string;
  name: string;
  phase: string;
  labels: Record<string, string>;
  ownerKind: string | null;
  /** Name of the owner (ReplicaSet, StatefulSet, Job, …). */
  ownerName: string | null;
  nodeName: string | null;
  startTime: string | null;
  /**
   * ISO 8601: since when its condition Ready is not true; null where it is true, or where Kubernetes does not report
   * it.
   */
  unreadySince: string | null;
  /** Why the pod is not scheduled, as Kubernetes reports it; null where it is scheduled, or no reason is reported. */
  unscheduled: { reason: string; message: string } | null;
  containers: {
    name: string;
    image: string;
    ready: boolean;
    restarts: number;
    waiting: { reason: string; message: string } | null;
    terminated: { reason: string; exitCode: number } | null;
  }[];
  persistentVolumeClaims: string[];
}

/** How a Service is reached from outside the cluster. */
export interface ExposedService {
  /** `LoadBalancer`, `NodePort`, … */
  type: string;
  /** Assigned by the load balancer: IPs and host names. */
  addresses: string[];
  annotations: Record<string, string>;
  /** Requested in `spec.loadBalancerIP`. */
  loadBalancerIP: string | null;
  loadBalancerClass: string | null;
  externalIPs: string[];
  /** Who may connect; empty: everybody. */
  sourceRanges: string[];
}

export interface KubernetesSite {
  /** UID of namespace `kube-system`: the identity of the cluster. */
  clusterUid(): Promise<string>;
  /** e.g. `v1.28.4`. */
  serverVersion(): Promise<string>;
  /** Names, sorted; only those that match the label selector, where one is given. */
  namespaces(labelSelector?: string): Promise<string[]>;
  /** All revisions of all releases in a namespace; all namespaces when omitted. Sorted by name, then revision. */
  helmRevisions(namespace?: string): Promise<HelmRevision[]>;
  /** User-supplied values of one revision. Secret: never print, never store in clear. */
  helmValues(namespace: string, name: string, revision: number): Promise<Record<string, unknown>>;
  /** The chart of one revision: its defaults and templates, no values of the site. */
  helmChart(namespace: string, name: string, revision: number): Promise<RecordedChart>;
  /** Images that the manifest and hooks of one revision name, sorted; nothing else of its manifest is returned. */
  helmImages(namespace: string, name: string, revision: number): Promise<string[]>;
  workloads(namespaces: readonly string[]): Promise<Workload[]>;
  pods(namespace: string, labelSelector?: string): Promise<Pod[]>;
  /** Last lines of a container's log. */
  podLog(namespace: string, pod: string, container: string, tailLines: number): Promise<string>;
  persistentVolumeClaims(namespace: string): Promise<{ name: string; phase: string; deleting: boolean }[]>;
  podDisruptionBudgets(namespace: string): Promise<{ name: string; currentHealthy: number; desiredHealthy: number }[]>;
  /** Whether a Secret exists; never its content. */
  secretExists(namespace: string, name: string): Promise<boolean>;
  /** The text entries of a ConfigMap; null when there is no such ConfigMap. */
  configMap(namespace: string, name: string): Promise<Record<string, string> | null>;
  /** How a Service is reached from outside; null when there is no such Service. */
  serviceAddresses(namespace: string, name: string): Promise<ExposedService | null>;
  /** Runs `command` in a container: argv array, no TTY. Nothing secret may be in it: the API server audits it. */
  exec(
    namespace: string,
    pod: string,
    container: string,
    command: readonly string[],
    options: { timeoutSeconds: number; signal?: AbortSignal; stdin?: string },
  ): Promise<ExecResult>;
}

/** A gateway (PCG), reduced to what the gates read (`v1Overlord` of the vendor's public API description). */
export interface Overlord {
  uid: string;
  name: string;
  isSelfHosted: boolean;
  isSystem: boolean;
  spectroClusterUid: string;
  state: string;
  /** `Healthy`, `UnHealthy`, `Unknown`; empty when not reported. */
  health: string;
  agentVersion: string;
  /** ISO 8601; null when never. */
  lastHeartbeat: string | null;
  updateAvailable: boolean;
  /** A template variable of its profile has no value yet. */
  variablesPending: boolean;
  /** Annotation `spectroComponentsUpgradeForbidden` of the PCG's cluster, `"true"` when paused. */
  paused: boolean;
}

export interface ClusterEvent {
  message: string;
  reason: string;
  /** ISO 8601. */
  at: string;
}

/** A cluster profile as it is applied to a cluster, or offered for it. Pack values may be secret and stay out. */
export interface ClusterProfile {
  uid: string;
  name: string;
  version: string;
  packs: {
    name: string;
    layer: string;
    version: string;
    /** As Palette reports it; empty where it does not. */
    digest: string;
    /** sha256 of the pack's values; empty where it has none. */
    valuesDigest: string;
  }[];
}

/** The profiles that are applied to a cluster, and the state of each of their packs. */
export interface AppliedProfiles {
  profiles: ClusterProfile[];
  /** As the cluster reports them. */
  packs: { name: string; version: string; ready: boolean }[];
}

/** Palette's notification of a profile update. */
export interface ProfileNotification {
  /** ISO 8601: when it was made. */
  at: string;
  /** ISO 8601: when it was last modified, e.g. by an approval. */
  changedAt: string;
}

/** Read-only client of one tenant, with that tenant's API key. */
export interface TenantApi {
  tenant: string;
  /** All PCGs of the tenant, system gateway included, sorted by name. */
  overlords(): Promise<Overlord[]>;
  /** Names of the profiles with a pending update of a PCG's cluster. */
  pendingProfileUpdates(spectroClusterUid: string): Promise<string[]>;
  /** The same updates with their content. */
  offeredProfiles(spectroClusterUid: string): Promise<ClusterProfile[]>;
  /** Profiles as they are applied to the cluster now. */
  appliedProfiles(spectroClusterUid: string): Promise<AppliedProfiles>;
  /** Notifications of profile updates of the cluster, open and done, newest first. */
  profileNotifications(spectroClusterUid: string): Promise<ProfileNotification[]>;
  /** Newest first; back to `since` where the log reaches that far and is not too long, without it the newest page. */
  clusterEvents(spectroClusterUid: string, since?: Date): Promise<ClusterEvent[]>;
  /** Tenant-wide pause of platform updates. */
  platformUpdatesPaused(): Promise<boolean>;
  /** `cluster-updates paused` of a cluster at any scope, from its settings; null when it cannot be read. */
  clusterUpdatesPaused(spectroClusterUid: string): Promise<boolean | null>;
}

export interface Site {
  kubernetes: KubernetesSite;
  /** Opens the charts that `palette:charts.location` refers to. @throws InvalidInputError as `openChartSource`. */
  charts?: () => ChartSource;
  tenants: TenantApi[];
  /** Absent or null: MongoDB is in the cluster. */
  mongo?: MongoSite | null;
  /**
   * Returns the cluster of a gateway (`tenant/name`), where a kubeconfig of it is configured; else null.
   * @throws InvalidInputError for a kubeconfig that cannot be read.
   */
  getGatewayCluster?(pcg: string): KubernetesSite | null;
  /** Sends an HTTPS GET to `address` (host or IP) with SNI and Host of `rootDomain`; returns which ingress answered. */
  fetchIngressAnswer(
    address: string,
    rootDomain: string,
  ): Promise<{ status: number; server: string; certificateIssuer: string }>;
}

/** One observation of the installation: the input for deciding the next step. */
export interface Observation {
  clusterUid: string;
  edition: Edition;
  /** Version of hubble's last revision that is `deployed`. */
  observedVersion: Version;
  releases: ObservedRelease[];
}

export interface ObservedRelease {
  /** Its role in the installation, whatever the release is called. */
  role: "cert-manager" | "spectro-mgmt-crds" | "image-swap" | "reach-system" | "hubble";
  name: string;
  namespace: string;
  /** The last revision with status `deployed`; null when there is none. */
  deployed: HelmRevision | null;
  /** The newest revision, whatever its status. */
  newest: HelmRevision;
}
