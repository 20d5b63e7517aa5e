import { NotNowError, RefusedError, getErrorMessage } from "../base/errors/errors.js";
import { read } from "../gates/verdict/findings.js";
import {
  findPcg,
  isRefusal,
  pcgOption,
  defaultConnectWrites,
  openWrites,
  type ConnectWrites,
  type PcgTarget,
} from "./pcg-target.js";
import { toErrorRefusal, createRefusedProposal, type Refusal } from "./refusals.js";
import type { Act, ActOutcome, ActProposal, ActRequest } from "./types.js";
import { formatDuration } from "../base/time/duration.js";

/**
 * Resumes platform updates of one gateway by its own switch. A pause of its tenant or of a project is never lifted,
 * since whoever set it for many gateways would not learn of it.
 */
export const pcgResumeAct: Act = createPcgResumeAct(defaultConnectWrites);

/** Creates the act with the given write client; tests pass their own. */
function createPcgResumeAct(connect: ConnectWrites): Act {
  return {
    name: "pcg-resume",
    summary: "resumes platform updates of one gateway, by its own switch only",
    options: [pcgOption],
    needs: [
      "Palette API, tenant scope: role Tenant Admin, or one with privateGateway.get/list, cluster.get and cluster.update",
    ],
    propose: async (request) => (await inspect(request)).proposal,
    perform: (request, note) => perform(request, note, connect),
  };
}

interface Inspection {
  proposal: ActProposal;
  target: PcgTarget | null;
}

async function inspect(request: ActRequest): Promise<Inspection> {
  const target = await findPcg(request);
  if (isRefusal(target)) return { proposal: createRefusedProposal(target), target: null };
  const { subject, overlord, api } = target;
  const refusals: Refusal[] = [];
  const tenantPaused = await read(() => api.platformUpdatesPaused(), request.signal);
  if (!tenantPaused.ok) {
    const what = `Whether tenant ${api.tenant} has platform updates paused could not be read`;
    refusals.push(toErrorRefusal(tenantPaused.error, api.tenant, what));
  } else if (tenantPaused.value && overlord.paused) refusals.push(createTenantPausedRefusal(subject, api.tenant));
  if (overlord.spectroClusterUid === "") refusals.push(createNoClusterRefusal(subject));
  const own = `PCG ${subject}: platform updates are ${overlord.paused ? "paused by its own switch" : "not paused by its own switch"}`;
  const lines = [
    `${own}; its agent is at ${overlord.agentVersion || "a version that is not reported"}.`,
    ...(overlord.paused
      ? [
          `To be written: the switch of this gateway's cluster (${overlord.spectroClusterUid}) is set to "unlock"; nothing of its tenant or of any other gateway.`,
          `Its agent then updates itself at its next poll (every ${formatDuration(request.settings.pcg.pollSeconds)}), without downtime.`,
          `After the hop ${request.hop.from} -> ${request.hop.to} it must be paused again by whoever had paused it: the journal keeps that.`,
        ]
      : []),
  ];
  return { proposal: { lines, alreadyDone: !overlord.paused, irreversible: false, refusals }, target };
}

async function perform(
  request: ActRequest,
  note: (details: Record<string, string>) => Promise<void>,
  connect: ConnectWrites,
): Promise<ActOutcome> {
  const { proposal, target } = await inspect(request);
  const [refusal] = proposal.refusals;
  if (refusal !== undefined || target === null)
    throw new RefusedError(refusal!.code, refusal!.message, { next: refusal!.next });
  const { subject, overlord, api } = target;
  const details = {
    agentVersion: overlord.agentVersion,
    cluster: overlord.spectroClusterUid,
    hop: `${request.hop.from}->${request.hop.to}`,
    pauseAgain: `PCG ${subject}, its own switch: Pause Platform Upgrades`,
    pcg: subject,
  };
  if (proposal.alreadyDone)
    return {
      details: { ...details, pauseAgain: "" },
      message: `PCG ${subject} was not paused by its own switch; nothing was written.`,
    };
  const writes = openWrites(request, subject, connect);
  await note(details);
  try {
    await writes.setClusterUpdates(overlord.spectroClusterUid, "unlock");
  } catch (cause) {
    throw new RefusedError(
      "PCG_RESUME_FAILED",
      `PCG ${subject}: resuming its platform updates did not succeed: ${getErrorMessage(cause)}`,
      { next: "Run the act again: it reads the switch first, so that nothing is done twice.", cause },
    );
  }
  const paused = await api.clusterUpdatesPaused(overlord.spectroClusterUid);
  if (paused !== false) throw createNotSeenError(subject);
  return {
    details,
    message: `PCG ${subject}: platform updates are resumed. Pause them again after the hop to ${request.hop.to} where they are meant to be.`,
  };
}

function createNotSeenError(subject: string): NotNowError {
  return new NotNowError(
    "PCG_RESUME_NOT_SEEN",
    `PCG ${subject}: Palette took the write, but does not show its switch as resumed yet.`,
    { next: "Run the act again in a minute; the journal holds that this gateway is to be paused again." },
  );
}

function createTenantPausedRefusal(subject: string, tenant: string): Refusal {
  return {
    code: "TENANT_PAUSED",
    message: `PCG ${subject}: tenant ${tenant} has platform updates paused for all its clusters; this act only turns a gateway's own switch.`,
    next: "Ask the tenant's administrators: Tenant Settings > Platform Settings > Pause Platform Upgrades in Palette.",
  };
}

function createNoClusterRefusal(subject: string): Refusal {
  return {
    code: "PCG_NO_CLUSTER",
    message: `PCG ${subject}: Palette names no cluster of it, so there is no switch to turn.`,
    next: "Look at the gateway's page in Palette.",
  };
}
