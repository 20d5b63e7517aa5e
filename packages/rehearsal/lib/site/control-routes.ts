import * as z from "zod";
import { PaletteError } from "../../../../lib/base/errors/errors.js";
import { faultNames } from "../types.js";
import { clearFaults, injectFaults } from "./create.js";
import { handleIngressRequest } from "./ingress-routes.js";
import type { SiteModel, SiteTime } from "./model.js";
import { createAnswer, type RouteRequest, type RouteResult } from "./routes.js";

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

/** Handles `<base>/clock`, `/faults` and `/ingress/...`; the server itself handles `/sleep`. */
export function handleControlRequest(model: SiteModel, now: SiteTime, request: RouteRequest): RouteResult {
  switch (request.parts[1]) {
    case "clock":
      return createAnswer({ now: new Date(now).toISOString() });
    case "ingress":
      return handleIngressRequest(model, now, request);
    case "faults":
      return handleFaultsRequest(model, now, request);
    default:
      return createAnswer({ message: "there is no such control" }, 404);
  }
}

/** Parses the seconds in a request to `<base>/sleep`; null where the body is invalid. */
export function parseSleepSeconds(body: Buffer): number | null {
  const parsed = sleepSchema.safeParse(parseJson(body));
  return parsed.success ? parsed.data.seconds : null;
}

function handleFaultsRequest(model: SiteModel, now: SiteTime, request: RouteRequest): RouteResult {
  const toFaultList = (of: SiteModel): unknown => ({ faults: of.faults.filter(({ until }) => until === null) });
  if (request.method === "GET") return createAnswer(toFaultList(model));
  const change = faultsSchema.safeParse(parseJson(request.body));
  if (!change.success) return createAnswer({ message: z.prettifyError(change.error) }, 400);
  try {
    const changed = injectFaults(clearFaults(model, change.data.clear, now), change.data.add, now);
    return { ...createAnswer(toFaultList(changed)), model: changed };
  } catch (thrown) {
    if (!(thrown instanceof PaletteError)) throw thrown;
    return createAnswer({ message: thrown.message, next: thrown.next }, 400);
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
