import { z } from "zod";
import type { PcgDeed, SiteModel, SiteTime } from "./model.js";
import { failure, notFound } from "./palette-failures.js";
import type { SimulatedPcg } from "./pcg-timeline.js";
import { answered, type RouteRequest, type RouteResult } from "./routes.js";

const switchSchema = z.strictObject({ spectroComponents: z.enum(["lock", "unlock"]) });
const confirmationSchema = z.object({
  profiles: z.array(z.object({ uid: z.string(), packs: z.array(z.object({ name: z.string() })) })).min(1),
});

/** What acts write: a gateway's own switch, and the confirmation of its pending profile updates. */
export function paletteWrite(
  model: SiteModel,
  now: SiteTime,
  { method, parts, body }: RouteRequest,
  pcgs: readonly SimulatedPcg[],
): RouteResult {
  const [, resource, uid, ...rest] = parts;
  const pcg = pcgs.find(({ seed }) => seed.clusterUid === uid);
  if (resource !== "spectroclusters" || pcg === undefined) return notFound();
  const what = `${method} ${rest.join("/")}`;
  if (what === "POST upgrade/settings") {
    const wanted = switchSchema.safeParse(jsonOf(body));
    if (!wanted.success) return failure(400, "InvalidRequest", "spectroComponents is neither lock nor unlock");
    return done(model, { clusterUid: uid!, deed: wanted.data.spectroComponents, at: now });
  }
  if (what === "PATCH packRefs") {
    const wanted = confirmationSchema.safeParse(jsonOf(body));
    if (!wanted.success) return failure(400, "InvalidRequest", "profiles are missing");
    if (!pcg.updatePending || wanted.data.profiles.some((profile) => profile.uid !== pcg.seed.uid)) return notFound();
    return done(model, { clusterUid: uid!, deed: "confirm", at: now });
  }
  return failure(405, "MethodNotAllowed", "this site does not answer that write");
}

function done(model: SiteModel, deed: PcgDeed): RouteResult {
  return { ...answered("", 204), model: { ...model, pcgDeeds: [...(model.pcgDeeds ?? []), deed] } };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
