import type { GateSettings } from "../../settings/gate-settings.js";
import { formatAgentImages, isAgentImages, type GatewayCluster } from "../pcg-readiness/gateway-cluster.js";
import { createNote, type Finding, type Reading } from "../verdict/findings.js";
import type { Arrival } from "../verdict/run-memory.js";
import { formatDuration } from "../../base/time/duration.js";

interface AgentImagesFacts {
  subject: string;
  reading: Reading<GatewayCluster>;
  arrival: Arrival;
  startedAt: Date;
  /** What was recorded before the hop: images, or a version if the API was available then. */
  before: string | undefined;
  pcg: GateSettings["pcg"];
  now: Date;
}

/** Judges by the images of its Deployments whether a new agent has arrived, with the same time limit as by version. */
export function judgeAgentImages({
  subject,
  reading,
  arrival,
  startedAt,
  before,
  pcg,
  now,
}: AgentImagesFacts): Finding[] {
  if (!reading.ok) return [];
  const images = formatAgentImages(reading.value);
  if (images === "") return [];
  const known = before !== undefined && isAgentImages(before) ? before : undefined;
  if (known !== undefined && known !== images)
    return [createNote(`PCG ${subject}: agent ${known} -> ${images}.`, subject)];
  const until = new Date(startedAt.getTime() + pcg.unchangedSeconds * 1000);
  const maxWait = formatDuration(pcg.unchangedSeconds);
  const was = known === undefined ? "no images of it were recorded before the hop" : "as before the hop";
  if (now.getTime() < until.getTime()) {
    const message =
      `PCG ${subject}: agent ${images}, ${was}. It asks Palette every ${formatDuration(pcg.pollSeconds)}; ` +
      `a new one is awaited until ${until.toISOString()}.`;
    return [{ outcome: "wait", code: "PCG_AGENT_UNCHANGED", member: subject, message }];
  }
  if (known === undefined)
    return [createNote(`PCG ${subject}: agent ${images}; ${was}, so only its workloads are judged.`, subject)];
  if (arrival.change === "patch" || arrival.change === "none") {
    const message = `PCG ${subject}: no new agent offered in ${maxWait} after ${arrival.version}; it stays at ${images}.`;
    return [createNote(message, subject)];
  }
  const message =
    `PCG ${subject}: agent is still ${images} more than ${maxWait} after ${arrival.from} -> ${arrival.version}, a ` +
    `${arrival.change} hop that brings a new one. Look at Agent Version and Events on the gateway's page in Palette, then run this again.`;
  return [{ outcome: "unknown", code: "PCG_AGENT_UNCHANGED", member: subject, message }];
}
