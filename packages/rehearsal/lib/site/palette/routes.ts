import { isActive } from "../faults.js";
import type { PcgSeed, SiteModel, SiteTime } from "../model.js";
import {
  toSpectroCluster,
  toEvent,
  toNotification,
  createOfferedProfile,
  toOverlord,
  createSystemGateway,
} from "./objects.js";
import { computePcg, type SimulatedPcg } from "./pcg-timeline.js";
import { handlePaletteWrite } from "./write-routes.js";
import { createFailure, createNotFound } from "./failures.js";
import { createAnswer, type RouteRequest, type RouteResult } from "../routes.js";

/** The PCG that the fault tenant-not-covered adds to the first tenant. */
const unlistedName = "pcg-unlisted";

/** Handles the Palette API of the site; the header ApiKey selects the tenant. */
export function handlePaletteRequest(model: SiteModel, now: SiteTime, request: RouteRequest): RouteResult {
  const tenant = findTenant(model, request.headers["apikey"]);
  if (tenant === null) return createFailure(401, "Unauthorized", "the API key is not valid");
  const pcgs = listPcgs(model, tenant).map((seed) => computePcg(model, seed, now));
  if (request.method !== "GET") return handlePaletteWrite(model, now, request, pcgs);
  const [, resource, ...rest] = request.parts;
  if (resource === "overlords") return readOverlords(pcgs, tenant, now, rest[0]);
  if (resource === "spectroclusters") return readClusters(pcgs, rest);
  if (resource === "events" && rest[0] === "components" && rest[1] === "spectrocluster") {
    return answerForCluster(pcgs, rest[2], (pcg) => createListPage(pcg.events.map(toEvent), request.query));
  }
  if (resource === "notifications" && rest[0] === "spectrocluster") {
    return answerForCluster(pcgs, rest[1], (pcg) => createListPage(pcg.offers.map(toNotification), request.query));
  }
  return createNotFound();
}

/** Lists PCG names by tenant, without those that a fault adds. */
export function listPcgNames(model: SiteModel): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const { tenant, name } of model.pcgs) (names[tenant] ??= []).push(name);
  return names;
}

function findTenant(model: SiteModel, key: string | string[] | undefined): string | null {
  return Object.entries(model.apiKeys).find(([, known]) => known === key)?.[0] ?? null;
}

function listPcgs(model: SiteModel, tenant: string): PcgSeed[] {
  const listed = model.pcgs.filter((pcg) => pcg.tenant === tenant);
  if (tenant !== model.pcgs[0]?.tenant || !isActive(model, "tenant-not-covered")) return listed;
  const id = "5f".padEnd(24, "0");
  return [
    ...listed,
    { tenant, name: unlistedName, uid: id, clusterUid: `${id.slice(0, 23)}1`, selfHosted: false, phaseSeconds: 7 },
  ];
}

function readOverlords(pcgs: SimulatedPcg[], tenant: string, now: SiteTime, uid: string | undefined): RouteResult {
  const items = [createSystemGateway(tenant, now), ...pcgs.map(toOverlord)];
  if (uid === undefined) return createAnswer({ items });
  const found = items.find(({ metadata }) => metadata.uid === uid);
  return found ? createAnswer(found) : createNotFound();
}

function readClusters(pcgs: SimulatedPcg[], rest: string[]): RouteResult {
  if (rest[0] === "upgrade" && rest[1] === "settings") return createAnswer({ spectroComponents: "unlock" });
  if (rest[1] === undefined) return answerForCluster(pcgs, rest[0], toSpectroCluster);
  if (rest[1] !== "profileUpdates") return createNotFound();
  return answerForCluster(pcgs, rest[0], (pcg) => ({ profiles: pcg.updatePending ? [createOfferedProfile(pcg)] : [] }));
}

/** Creates one page of a list; a page has at most 50 items. */
function createListPage(items: unknown[], query: URLSearchParams): unknown {
  const from = Number(query.get("continue") ?? "0");
  const to = from + Math.min(50, Number(query.get("limit") ?? "50"));
  return { items: items.slice(from, to), listmeta: { continue: to < items.length ? String(to) : "" } };
}

function answerForCluster(
  pcgs: SimulatedPcg[],
  uid: string | undefined,
  answer: (pcg: SimulatedPcg) => unknown,
): RouteResult {
  const pcg = pcgs.find(({ seed }) => seed.clusterUid === uid);
  return pcg === undefined ? createNotFound() : createAnswer(answer(pcg));
}
