import type { GateSettings } from "../../stack/gate-settings.js";
import { agentImages, isAgentImages, type GatewayCluster } from "../pcg-readiness/gateway-cluster.js";
import { note, type Finding, type Reading } from "../verdict.js";
import type { Arrival } from "./clock.js";
import { inWords } from "../duration.js";

export interface AgentImagesQuestion {
  subject: string;
  reading: Reading<GatewayCluster>;
  arrival: Arrival;
  startedAt: Date;
  /** What was recorded before the hop: images, or a version where the API could be asked then. */
  before: string | undefined;
  pcg: GateSettings["pcg"];
  now: Date;
}

/** Whether a new agent came, by the images of its Deployments: the same clock as by version, and never more than an image can tell. */
export function judgeAgentImages({
  subject,
  reading,
  arrival,
  startedAt,
  before,
  pcg,
  now,
}: AgentImagesQuestion): Finding[] {
  if (!reading.ok) return [];
  const images = agentImages(reading.value);
  if (images === "") return [];
  const known = before !== undefined && isAgentImages(before) ? before : undefined;
  if (known !== undefined && known !== images) return [note(`PCG ${subject}: agent ${known} -> ${images}.`, subject)];
  const until = new Date(startedAt.getTime() + pcg.unchangedSeconds * 1000);
  const patience = inWords(pcg.unchangedSeconds);
  const was = known === undefined ? "no images of it were recorded before the hop" : "as before the hop";
  if (now.getTime() < until.getTime()) {
    const message =
      `PCG ${subject}: agent ${images}, ${was}. It asks Palette every ${inWords(pcg.pollSeconds)}; ` +
      `a new one is awaited until ${until.toISOString()}.`;
    return [{ outcome: "wait", code: "PCG_AGENT_UNCHANGED", member: subject, message }];
  }
  if (known === undefined)
    return [note(`PCG ${subject}: agent ${images}; ${was}, so only its workloads are judged.`, subject)];
  if (arrival.change === "patch" || arrival.change === "none") {
    const message = `PCG ${subject}: no new agent offered in ${patience} after ${arrival.version}; it stays at ${images}.`;
    return [note(message, subject)];
  }
  const message =
    `PCG ${subject}: agent is still ${images} more than ${patience} after ${arrival.from} -> ${arrival.version}, a ` +
    `${arrival.change} hop that brings a new one. Look at Agent Version and Events on the gateway's page in Palette, then run this again.`;
  return [{ outcome: "unknown", code: "PCG_AGENT_UNCHANGED", member: subject, message }];
}
