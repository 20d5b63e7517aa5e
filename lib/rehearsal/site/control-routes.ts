import { z } from "zod";
import { PaletteError } from "../../errors.js";
import { faultNames, type FaultSpec } from "../types.js";
import { clearFaults, orderFaults } from "./create.js";
import { ingressRoute } from "./ingress-routes.js";
import type { SiteModel, SiteTime } from "./model.js";
import { answered, type RouteRequest, type RouteResult } from "./routes.js";

const faultSchema = z.strictObject({
  name: z.enum(faultNames),
  at: z.string().optional(),
  version: z.string().optional(),
  count: z.number().int().positive().optional(),
  target: z.enum(["palette", "kubernetes"]).optional(),
});
const faultsSchema = z.strictObject({
  add: z.array(faultSchema).default([]),
  clear: z.array(z.enum(faultNames)).default([]),
});
const sleepSchema = z.strictObject({ seconds: z.number().nonnegative() });

/** `<base>/clock`, `/faults`, `/ingress/...`; `/sleep` is held by the server. */
export function controlRoute(model: SiteModel, now: SiteTime, request: RouteRequest): RouteResult {
  switch (request.parts[1]) {
    case "clock":
      return answered({ now: new Date(now).toISOString() });
    case "ingress":
      return ingressRoute(model, now, request);
    case "faults":
      return faults(model, now, request);
    default:
      return answered({ message: "there is no such control" }, 404);
  }
}

/** Seconds that a request to `<base>/sleep` asks for; null where it asks for none. */
export function sleepSeconds(body: Buffer): number | null {
  const parsed = sleepSchema.safeParse(jsonOf(body));
  return parsed.success ? parsed.data.seconds : null;
}

function faults(model: SiteModel, now: SiteTime, request: RouteRequest): RouteResult {
  const shown = (of: SiteModel): unknown => ({ faults: of.faults.filter(({ until }) => until === null) });
  if (request.method === "GET") return answered(shown(model));
  const change = faultsSchema.safeParse(jsonOf(request.body));
  if (!change.success) return answered({ message: z.prettifyError(change.error) }, 400);
  try {
    const changed = orderFaults(clearFaults(model, change.data.clear, now), change.data.add as FaultSpec[], now);
    return { ...answered(shown(changed)), model: changed };
  } catch (thrown) {
    if (!(thrown instanceof PaletteError)) throw thrown;
    return answered({ message: thrown.message, next: thrown.next }, 400);
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
