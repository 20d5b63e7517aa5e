import { isActive } from "./faults.js";
import { nginxAddress, traefikAddress } from "./kubernetes-objects.js";
import { minutes, type SiteModel, type SiteTime } from "./model.js";
import { rollOutDuration } from "./roll-out.js";
import type { RouteRequest, RouteResult } from "./routes.js";
import { workloadsOf } from "./workload-list.js";

type Controller = "nginx" | "traefik";

/** The simulated operator moves the DNS records this long after a roll-out. */
const cutOverTakes = 2 * minutes;

/**
 * `GET <base>/ingress/<address>` stands for HTTPS to that address with the root domain in Host: the controllers answer at
 * their own addresses, any name leads where DNS points.
 */
export function ingressRoute(model: SiteModel, now: SiteTime, request: RouteRequest): RouteResult {
  const address = request.parts[2] ?? "";
  const controller =
    address === nginxAddress ? "nginx" : address === traefikAddress ? "traefik" : domainLeadsTo(model, now);
  if (!controllersAt(model).includes(controller)) {
    return { answer: { status: 503, body: "no endpoints", headers: { "x-certificate-issuer": "" } } };
  }
  const headers = { "x-certificate-issuer": "Rehearsal CA", ...(controller === "nginx" ? { server: "nginx" } : {}) };
  return { answer: { status: 200, body: "<!doctype html><title>Palette</title>", headers } };
}

/** The controller that DNS points at. */
export function domainLeadsTo(model: SiteModel, now: SiteTime): Controller {
  if (!controllersAt(model).includes("traefik")) return "nginx";
  if (isActive(model, "ingress-not-cut-over")) return "nginx";
  const brought = model.hops.find(
    ({ from, to }) => !controllersOf(from).includes("traefik") && controllersOf(to).includes("traefik"),
  );
  return brought !== undefined && now < brought.at + rollOutDuration + cutOverTakes ? "nginx" : "traefik";
}

function controllersAt(model: SiteModel): Controller[] {
  return controllersOf(model.hops.at(-1)?.to ?? model.startVersion);
}

function controllersOf(version: string): Controller[] {
  const names = workloadsOf(version).map(({ name }) => name);
  return [
    ...(names.includes("ingress-nginx-controller") ? (["nginx"] as const) : []),
    ...(names.includes("traefik-ingress-controller") ? (["traefik"] as const) : []),
  ];
}
