import * as z from "zod";
import type { PcgAction, SiteModel, SiteTime } from "../model.js";
import { createFailure, createNotFound } from "./failures.js";
import type { SimulatedPcg } from "./pcg-timeline.js";
import { createAnswer, type RouteRequest, type RouteResult } from "../routes.js";

const switchSchema = z.strictObject({ spectroComponents: z.enum(["lock", "unlock"]) });
const confirmationSchema = z.object({
  profiles: z.array(z.object({ uid: z.string(), packs: z.array(z.object({ name: z.string() })) })).min(1),
});

/** Handles the writes of acts: locking a gateway's platform updates, and confirming its pending profile updates. */
export function handlePaletteWrite(
  model: SiteModel,
  now: SiteTime,
  { method, parts, body }: RouteRequest,
  pcgs: readonly SimulatedPcg[],
): RouteResult {
  const [, resource, uid, ...rest] = parts;
  const pcg = pcgs.find(({ seed }) => seed.clusterUid === uid);
  if (resource !== "spectroclusters" || pcg === undefined) return createNotFound();
  const operation = `${method} ${rest.join("/")}`;
  if (operation === "POST upgrade/settings") {
    const wanted = switchSchema.safeParse(parseJson(body));
    if (!wanted.success) return createFailure(400, "InvalidRequest", "spectroComponents is neither lock nor unlock");
    return recordAction(model, { clusterUid: uid!, deed: wanted.data.spectroComponents, at: now });
  }
  if (operation === "PATCH packRefs") {
    const wanted = confirmationSchema.safeParse(parseJson(body));
    if (!wanted.success) return createFailure(400, "InvalidRequest", "profiles are missing");
    if (!pcg.updatePending || wanted.data.profiles.some((profile) => profile.uid !== pcg.seed.uid))
      return createNotFound();
    return recordAction(model, { clusterUid: uid!, deed: "confirm", at: now });
  }
  return createFailure(405, "MethodNotAllowed", "this site does not answer that write");
}

function recordAction(model: SiteModel, deed: PcgAction): RouteResult {
  return { ...createAnswer("", 204), model: { ...model, pcgDeeds: [...(model.pcgDeeds ?? []), deed] } };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
