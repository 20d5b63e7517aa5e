import { findPendingUpdates } from "../pcg-readiness/judge.js";
import { judgePendingVariables, whereToApprove } from "../pcg-readiness/profiles.js";
import { createNote, type Finding } from "../verdict/findings.js";
import { type GatewayFacts } from "./agent.js";
import { judgeCompletion } from "./completion.js";

interface ProfileJudgement {
  findings: Finding[];
  /** Until when this PCG may take: its own deadline or, once its agent has settled, the second probe for updates. */
  deadline: Date;
}

/**
 * Judges profile updates, which come after the agent: probed when the agent has settled and again one poll later. A
 * pending update waits for a person; an approved one, seen pending or not, is complete when Palette's event says so.
 */
export function judgeProfile(facts: GatewayFacts, settledAt: Date | null): ProfileJudgement {
  const { gateway, startedAt, pcg, subject } = facts;
  const ownDeadline = new Date(startedAt.getTime() + pcg.deadlineSeconds * 1000);
  if (gateway.profileUpdates === null) {
    const message = `PCG ${subject} runs on an existing Kubernetes cluster: agent updates only, no profile updates.`;
    return { findings: [createNote(message, subject)], deadline: ownDeadline };
  }
  const pending = judgePending(facts);
  if (pending.length > 0) return { findings: pending, deadline: ownDeadline };
  if (settledAt === null) return { findings: [], deadline: ownDeadline };
  const { findings, from } = judgeSecondProbe(facts, settledAt);
  return { findings, deadline: from };
}

function judgePending(facts: GatewayFacts): Finding[] {
  const { subject, gateway } = facts;
  const variables = judgePendingVariables(subject, gateway.overlord, "wait");
  const pending = findPendingUpdates(subject, gateway);
  if ("finding" in pending) return [...variables, pending.finding];
  if (pending.names.length > 0) {
    const message =
      `PCG ${subject}: a cluster profile update waits for a person (${pending.names.join(", ")}). Approve it in Palette: ` +
      `${whereToApprove}. One gateway at a time; the gateway may be away meanwhile, host clusters are not affected.`;
    return [...variables, { outcome: "wait", code: "PCG_PROFILE_UPDATE_PENDING", member: subject, message }];
  }
  return variables.length > 0 ? variables : judgeCompletion(facts);
}

/** Demands a second probe one poll after a changed agent settled; an unchanged agent was watched the whole time. */
function judgeSecondProbe(
  { subject, gateway, before, pcg, now }: GatewayFacts,
  settledAt: Date,
): { findings: Finding[]; from: Date } {
  const changed = before !== undefined && gateway.overlord.agentVersion !== before;
  const from = changed ? new Date(settledAt.getTime() + pcg.pollSeconds * 1000) : settledAt;
  if (now.getTime() >= from.getTime()) return { findings: [], from };
  const message = `PCG ${subject}: no profile update is offered; looked at once more at ${from.toISOString()}, a poll after the agent settled.`;
  return { findings: [{ outcome: "wait", code: "PCG_PROFILE_SECOND_LOOK", member: subject, message }], from };
}
