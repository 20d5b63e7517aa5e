import { isActive } from "./faults.js";
import { nginxAddress, traefikAddress } from "./kubernetes/objects.js";
import { minutes, type SiteModel, type SiteTime } from "./model.js";
import { rollOutDuration } from "./kubernetes/roll-out.js";
import type { RouteRequest, RouteResult } from "./routes.js";
import { listWorkloads } from "./kubernetes/workload-list.js";

type Controller = "nginx" | "traefik";

/** Time after a roll-out at which the simulated operator changes the DNS records. */
const cutOverDuration = 2 * minutes;

/**
 * Handles `GET <base>/ingress/<address>`, which simulates HTTPS to that address with the root domain in Host: the
 * controllers answer at their own addresses; any name resolves to where DNS points.
 */
export function handleIngressRequest(model: SiteModel, now: SiteTime, request: RouteRequest): RouteResult {
  const address = request.parts[2] ?? "";
  const controller =
    address === nginxAddress ? "nginx" : address === traefikAddress ? "traefik" : resolveDomainController(model, now);
  if (!listCurrentControllers(model).includes(controller)) {
    return { answer: { status: 503, body: "no endpoints", headers: { "x-certificate-issuer": "" } } };
  }
  const headers = { "x-certificate-issuer": "Rehearsal CA", ...(controller === "nginx" ? { server: "nginx" } : {}) };
  return { answer: { status: 200, body: "<!doctype html><title>Palette</title>", headers } };
}

/** Returns the controller that DNS points to. */
function resolveDomainController(model: SiteModel, now: SiteTime): Controller {
  if (!listCurrentControllers(model).includes("traefik")) return "nginx";
  if (isActive(model, "ingress-not-cut-over")) return "nginx";
  const traefikHop = model.hops.find(
    ({ from, to }) => !listControllers(from).includes("traefik") && listControllers(to).includes("traefik"),
  );
  return traefikHop !== undefined && now < traefikHop.at + rollOutDuration + cutOverDuration ? "nginx" : "traefik";
}

function listCurrentControllers(model: SiteModel): Controller[] {
  return listControllers(model.hops.at(-1)?.to ?? model.startVersion);
}

function listControllers(version: string): Controller[] {
  const names = listWorkloads(version).map(({ name }) => name);
  return [
    ...(names.includes("ingress-nginx-controller") ? (["nginx"] as const) : []),
    ...(names.includes("traefik-ingress-controller") ? (["traefik"] as const) : []),
  ];
}
