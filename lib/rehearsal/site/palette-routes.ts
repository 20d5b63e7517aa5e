import { isActive } from "./faults.js";
import type { PcgSeed, SiteModel, SiteTime } from "./model.js";
import {
  clusterObject,
  eventObject,
  notificationObject,
  offeredProfile,
  overlordObject,
  systemGateway,
} from "./palette-objects.js";
import { pcgAt, type SimulatedPcg } from "./pcg-timeline.js";
import { paletteWrite } from "./palette-write-routes.js";
import { failure, notFound } from "./palette-failures.js";
import { answered, type RouteRequest, type RouteResult } from "./routes.js";

/** The PCG that the fault tenant-not-covered adds to the first tenant. */
const unlistedName = "pcg-unlisted";

/** The Palette API of the site, per tenant by the header ApiKey. */
export function paletteRoute(model: SiteModel, now: SiteTime, request: RouteRequest): RouteResult {
  const tenant = tenantOf(model, request.headers["apikey"]);
  if (tenant === null) return failure(401, "Unauthorized", "the API key is not valid");
  const pcgs = pcgsOf(model, tenant).map((seed) => pcgAt(model, seed, now));
  if (request.method !== "GET") return paletteWrite(model, now, request, pcgs);
  const [, resource, ...rest] = request.parts;
  if (resource === "overlords") return overlords(pcgs, tenant, now, rest[0]);
  if (resource === "spectroclusters") return clusters(pcgs, rest);
  if (resource === "events" && rest[0] === "components" && rest[1] === "spectrocluster") {
    return ofCluster(pcgs, rest[2], (pcg) => pageOf(pcg.events.map(eventObject), request.query));
  }
  if (resource === "notifications" && rest[0] === "spectrocluster") {
    return ofCluster(pcgs, rest[1], (pcg) => pageOf(pcg.offers.map(notificationObject), request.query));
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
  return ofCluster(pcgs, rest[0], (pcg) => ({ profiles: pcg.updatePending ? [offeredProfile(pcg)] : [] }));
}

/** Lists come in pages of 50 at most. */
function pageOf(items: unknown[], query: URLSearchParams): unknown {
  const from = Number(query.get("continue") ?? "0");
  const to = from + Math.min(50, Number(query.get("limit") ?? "50"));
  return { items: items.slice(from, to), listmeta: { continue: to < items.length ? String(to) : "" } };
}

function ofCluster(pcgs: SimulatedPcg[], uid: string | undefined, answer: (pcg: SimulatedPcg) => unknown): RouteResult {
  const pcg = pcgs.find(({ seed }) => seed.clusterUid === uid);
  return pcg === undefined ? notFound() : answered(answer(pcg));
}
