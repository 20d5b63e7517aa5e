import { getErrorMessage, RefusedError } from "../base/errors/errors.js";
import { judgeHealth } from "../gates/pcg-readiness/health.js";
import { judgePendingVariables, whereToApprove } from "../gates/pcg-readiness/profiles.js";
import { read } from "../gates/verdict/findings.js";
import { type Offer } from "../site/palette/writes.js";
import {
  type ConnectWrites,
  defaultConnectWrites,
  findPcg,
  isRefusal,
  openWrites,
  pcgOption,
  type PcgTarget,
} from "./pcg-target.js";
import { describeProfileChanges } from "./profile-diff.js";
import { createRefusedProposal, type Refusal, toErrorRefusal, toFindingRefusal } from "./refusals.js";
import { type Act, type ActOutcome, type ActProposal, type ActRequest } from "./types.js";

/** The option without which the call is never made. */
const unverifiedOption = "allow-unverified-call";

/**
 * Approves the pending profile updates of one gateway exactly as they were shown. The vendor's public API description
 * lists the call, but no public document says that it is what "Confirm updates" does: it is made only with an explicit
 * option.
 */
export const pcgApproveAct: Act = createPcgApproveAct(defaultConnectWrites);

/** Creates the act with the given write client; tests pass their own. */
function createPcgApproveAct(connect: ConnectWrites): Act {
  /** Digest of the offer that was shown for each request: only that offer is confirmed. */
  const shown = new WeakMap<ActRequest, string>();
  return {
    name: "pcg-approve",
    summary: "approves the pending profile updates of one gateway, after showing what they change",
    options: [
      pcgOption,
      {
        name: unverifiedOption,
        summary: '"yes" to make a call that no public document describes as the approval',
        required: false,
      },
    ],
    needs: [
      "Palette API, tenant scope: role Tenant Admin, or one with privateGateway.get/list, cluster.get and cluster.update",
    ],
    async propose(request) {
      const { proposal, offer } = await inspect(request, connect);
      if (offer !== null) shown.set(request, offer.digest);
      return proposal;
    },
    perform: (request, note) => perform(request, note, connect, shown.get(request)),
  };
}

interface Inspection {
  proposal: ActProposal;
  target: PcgTarget | null;
  offer: Offer | null;
}

async function inspect(request: ActRequest, connect: ConnectWrites): Promise<Inspection> {
  const target = await findPcg(request);
  if (isRefusal(target)) return { proposal: createRefusedProposal(target), target: null, offer: null };
  const { subject, overlord, api } = target;
  if (overlord.isSelfHosted)
    return createNothingPending(
      target,
      `PCG ${subject} runs on an existing Kubernetes cluster: it gets agent updates only.`,
    );
  const uid = overlord.spectroClusterUid;
  const offer = await read(() => openWrites(request, subject, connect).getOffer(uid), request.signal);
  const applied = await read(() => api.appliedProfiles(uid), request.signal);
  if (!offer.ok || !applied.ok) {
    const error = offer.ok ? (applied as { error: unknown }).error : offer.error;
    const refusal = toErrorRefusal(error, subject, `PCG ${subject}: what its profile updates change could not be read`);
    return { proposal: createRefusedProposal(refusal), target, offer: null };
  }
  const variables = judgePendingVariables(subject, overlord, "fail").map(toFindingRefusal);
  if (offer.value.profiles.length === 0) {
    if (variables.length > 0) return { proposal: createRefusedProposal(...variables), target, offer: null };
    if (overlord.updateAvailable)
      return { proposal: createRefusedProposal(createUnreadableRefusal(subject)), target, offer: null };
    return createNothingPending(target, `PCG ${subject}: no profile update is pending.`);
  }
  const lines = [
    `PCG ${subject}: ${offer.value.profiles.length} profile update(s) pending; its agent is at ${overlord.agentVersion || "a version that is not reported"}.`,
    ...describeProfileChanges(applied.value.profiles, offer.value.profiles),
    "The gateway may be away while it is applied; host clusters are not affected. It is complete when its events say that all control planes are updated.",
    `To be written: PATCH of the pack references of its cluster (${uid}), a call UNVERIFIED in public documents.`,
  ];
  const refusals = [...variables, ...(await checkPreconditions(request, target, offer.value))];
  return { proposal: { lines, alreadyDone: false, irreversible: true, refusals }, target, offer: offer.value };
}

/** Checks what must hold before the approval, e.g. that every listed gateway of the tenant is healthy. */
async function checkPreconditions(request: ActRequest, target: PcgTarget, offer: Offer): Promise<Refusal[]> {
  const { subject, listed, api } = target;
  const now = await request.clock.now();
  const limit = request.settings.pcg.heartbeatMaxAgeSeconds;
  const health = listed.flatMap((overlord) => judgeHealth(`${api.tenant}/${overlord.name}`, overlord, now, limit));
  return [
    ...(request.options[unverifiedOption] === "yes" ? [] : [createUnverifiedRefusal(subject)]),
    ...(offer.withManifests.length === 0 ? [] : [createManifestsRefusal(subject, offer.withManifests)]),
    ...health.map(toFindingRefusal),
  ];
}

async function perform(
  request: ActRequest,
  note: (details: Record<string, string>) => Promise<void>,
  connect: ConnectWrites,
  shown: string | undefined,
): Promise<ActOutcome> {
  const { proposal, target, offer } = await inspect(request, connect);
  const [refusal] = proposal.refusals;
  if (refusal !== undefined || target === null)
    throw new RefusedError(refusal!.code, refusal!.message, { next: refusal!.next });
  const { subject, overlord } = target;
  if (offer === null) return { details: { pcg: subject }, message: proposal.lines[0]! };
  if (offer.digest !== shown) throw createOfferChangedError(subject);
  const details = {
    agentVersion: overlord.agentVersion,
    cluster: overlord.spectroClusterUid,
    hop: `${request.hop.from}->${request.hop.to}`,
    offer: offer.digest,
    pcg: subject,
    profiles: offer.profiles.map(({ name, version }) => `${name} ${version}`).join(", "),
  };
  await note(details);
  try {
    await openWrites(request, subject, connect).confirmProfileUpdates(overlord.spectroClusterUid, offer.digest);
  } catch (cause) {
    if (cause instanceof RefusedError) throw cause;
    throw new RefusedError(
      "PCG_APPROVE_FAILED",
      `PCG ${subject}: whether its profile updates were confirmed is not known: ${getErrorMessage(cause)}`,
      {
        next: "Look at the gateway's Updates and Events in Palette; the act run again says whether something is pending.",
        cause,
      },
    );
  }
  return {
    details,
    message:
      `PCG ${subject}: its profile updates are confirmed. The check pcg-catch-up waits for the event "all control planes are updated"; ` +
      "approve the next gateway after that.",
  };
}

function createNothingPending(target: PcgTarget, line: string): Inspection {
  return { proposal: { lines: [line], alreadyDone: true, irreversible: false, refusals: [] }, target, offer: null };
}

function createUnverifiedRefusal(subject: string): Refusal {
  return {
    code: "UNVERIFIED_CALL",
    message: `PCG ${subject}: that this API call approves a profile update is not said in any public document, so it is not made unasked.`,
    next: `Approve it in Palette (${whereToApprove}), or give --${unverifiedOption} yes to take that upon you.`,
  };
}

function createManifestsRefusal(subject: string, packs: readonly string[]): Refusal {
  return {
    code: "PCG_OFFER_MANIFESTS",
    message: `PCG ${subject}: the update holds packs with manifests (${packs.join(", ")}), whose content the API does not report; confirming by API might lose it.`,
    next: `Approve it in Palette: ${whereToApprove}.`,
  };
}

function createUnreadableRefusal(subject: string): Refusal {
  return {
    code: "PCG_OFFER_UNREADABLE",
    message: `PCG ${subject}: Palette announces a profile update, but does not report what it changes.`,
    next: `Review and approve it in Palette: ${whereToApprove}.`,
  };
}

function createOfferChangedError(subject: string): RefusedError {
  return new RefusedError(
    "PCG_OFFER_CHANGED",
    `PCG ${subject}: what is pending now is not what was shown; nothing was confirmed.`,
    { next: "Run the act again and look at what it shows now." },
  );
}
