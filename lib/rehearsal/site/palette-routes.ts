import { isActive } from "./faults.js";
import type { PcgSeed, SiteModel, SiteTime } from "./model.js";
import { pcgAt, type SimulatedPcg } from "./pcg-timeline.js";
import { answered, type RouteRequest, type RouteResult } from "./routes.js";

/** The PCG that the fault tenant-not-covered adds to the first tenant. */
const unlistedName = "pcg-unlisted";

/** The Palette API of the site, per tenant by the header ApiKey. */
export function paletteRoute(model: SiteModel, now: SiteTime, request: RouteRequest): RouteResult {
  const tenant = tenantOf(model, request.headers["apikey"]);
  if (tenant === null) return failure(401, "Unauthorized", "the API key is not valid");
  if (request.method !== "GET") return failure(405, "MethodNotAllowed", "this site only answers reads");
  const pcgs = pcgsOf(model, tenant).map((seed) => pcgAt(model, seed, now));
  const [, resource, ...rest] = request.parts;
  if (resource === "overlords") return overlords(pcgs, tenant, now, rest[0]);
  if (resource === "spectroclusters") return clusters(pcgs, rest);
  if (resource === "events" && rest[0] === "components" && rest[1] === "spectrocluster") {
    return ofCluster(pcgs, rest[2], (pcg) => ({ items: pcg.events.map(eventObject) }));
  }
  return notFound();
}

/** PCG names by tenant, without those that a fault adds. */
export function listedPcgs(model: SiteModel): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const { tenant, name } of model.pcgs) (names[tenant] ??= []).push(name);
  return names;
}

function tenantOf(model: SiteModel, key: string | string[] | undefined): string | null {
  return Object.entries(model.apiKeys).find(([, known]) => known === key)?.[0] ?? null;
}

function pcgsOf(model: SiteModel, tenant: string): PcgSeed[] {
  const listed = model.pcgs.filter((pcg) => pcg.tenant === tenant);
  if (tenant !== model.pcgs[0]?.tenant || !isActive(model, "tenant-not-covered")) return listed;
  const id = "5f".padEnd(24, "0");
  return [
    ...listed,
    { tenant, name: unlistedName, uid: id, clusterUid: `${id.slice(0, 23)}1`, selfHosted: false, phaseSeconds: 7 },
  ];
}

function overlords(pcgs: SimulatedPcg[], tenant: string, now: SiteTime, uid: string | undefined): RouteResult {
  const items = [systemGateway(tenant, now), ...pcgs.map(overlordObject)];
  if (uid === undefined) return answered({ items });
  const found = items.find(({ metadata }) => metadata.uid === uid);
  return found ? answered(found) : notFound();
}

function clusters(pcgs: SimulatedPcg[], rest: string[]): RouteResult {
  if (rest[0] === "upgrade" && rest[1] === "settings") return answered({ spectroComponents: "unlock" });
  if (rest[1] === undefined) return ofCluster(pcgs, rest[0], clusterObject);
  if (rest[1] !== "profileUpdates") return notFound();
  return ofCluster(pcgs, rest[0], ({ pendingProfiles, seed }) => ({
    profiles: pendingProfiles.map((name) => ({ uid: seed.uid, name, profileVersion: "1.0.0", packs: [] })),
  }));
}

function ofCluster(pcgs: SimulatedPcg[], uid: string | undefined, answer: (pcg: SimulatedPcg) => unknown): RouteResult {
  const pcg = pcgs.find(({ seed }) => seed.clusterUid === uid);
  return pcg === undefined ? notFound() : answered(answer(pcg));
}

function overlordObject(pcg: SimulatedPcg) {
  const { seed } = pcg;
  return {
    kind: "overlord",
    metadata: { name: seed.name, uid: seed.uid, annotations: {}, labels: {} },
    spec: { isSelfHosted: seed.selfHosted, isSystem: false, spectroClusterUid: seed.clusterUid, cloudAccountUid: "" },
    status: {
      state: "Running",
      isActive: true,
      isReady: true,
      notifications: { isAvailable: pcg.pendingProfiles.length > 0, isTemplateVariableResolutionPending: false },
      health: {
        state: "Healthy",
        agentVersion: pcg.agentVersion,
        lastHeartBeatTimestamp: new Date(pcg.lastHeartbeat).toISOString(),
        conditions: [],
      },
    },
  };
}

function systemGateway(tenant: string, now: SiteTime) {
  return {
    kind: "overlord",
    metadata: { name: "System Private Gateway", uid: `system-${tenant}`, annotations: {}, labels: {} },
    spec: { isSelfHosted: false, isSystem: true, spectroClusterUid: "", cloudAccountUid: "" },
    status: {
      state: "Running",
      isActive: true,
      isReady: true,
      notifications: { isAvailable: false, isTemplateVariableResolutionPending: false },
      health: {
        state: "Healthy",
        agentVersion: "",
        lastHeartBeatTimestamp: new Date(now).toISOString(),
        conditions: [],
      },
    },
  };
}

function clusterObject(pcg: SimulatedPcg): unknown {
  const annotations = pcg.paused ? { spectroComponentsUpgradeForbidden: "true" } : {};
  return {
    kind: "spectrocluster",
    metadata: { name: pcg.seed.name, uid: pcg.seed.clusterUid, annotations, labels: {} },
    spec: { cloudType: pcg.seed.selfHosted ? "aws" : "vsphere", clusterType: "PureManage" },
    status: { state: "Running", conditions: [] },
  };
}

function eventObject(event: SimulatedPcg["events"][number]): unknown {
  return {
    metadata: { creationTimestamp: new Date(event.at).toISOString() },
    reason: event.reason,
    message: event.message,
    severity: "Normal",
    source: { component: "ally" },
  };
}

function notFound(): RouteResult {
  return failure(404, "ResourceNotFound", "there is no such object");
}

/** An error as the Palette API words it. */
export function failure(code: number, name: string, message: string): RouteResult {
  return answered({ code: name, message, details: null, ref: "rehearsal" }, code);
}
