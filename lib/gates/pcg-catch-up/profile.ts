import { pendingUpdates } from "../pcg-readiness/judge.js";
import { pendingVariables } from "../pcg-readiness/variables.js";
import { whereToApprove } from "../pcg-readiness/where-to-approve.js";
import { note, type Finding } from "../verdict.js";
import type { GatewayQuestion } from "./agent.js";
import { judgeCompletion } from "./completion.js";

export interface ProfileAnswer {
  findings: Finding[];
  /** Until when this PCG may take: its own deadline; once its agent has settled, the second look at updates. */
  deadline: Date;
}

/**
 * Profile updates come after the agent: looked at when it has settled and once more a poll later. A pending one waits for a
 * person; one that was approved, seen or not, is complete when Palette's event says so.
 */
export function judgeProfile(question: GatewayQuestion, settledAt: Date | null): ProfileAnswer {
  const { gateway, startedAt, pcg, subject } = question;
  const own = new Date(startedAt.getTime() + pcg.deadlineSeconds * 1000);
  if (gateway.profileUpdates === null) {
    const message = `PCG ${subject} runs on an existing Kubernetes cluster: agent updates only, no profile updates.`;
    return { findings: [note(message, subject)], deadline: own };
  }
  const pending = judgePending(question);
  if (pending.length > 0) return { findings: pending, deadline: own };
  if (settledAt === null) return { findings: [], deadline: own };
  const { findings, from } = secondLook(question, settledAt);
  return { findings, deadline: from };
}

function judgePending(question: GatewayQuestion): Finding[] {
  const { subject, gateway } = question;
  const variables = pendingVariables(subject, gateway.overlord, "wait");
  const pending = pendingUpdates(subject, gateway);
  if ("finding" in pending) return [...variables, pending.finding];
  if (pending.names.length > 0) {
    const message =
      `PCG ${subject}: a cluster profile update waits for a person (${pending.names.join(", ")}). Approve it in Palette: ` +
      `${whereToApprove}. One gateway at a time; the gateway may be away meanwhile, host clusters are not affected.`;
    return [...variables, { outcome: "wait", code: "PCG_PROFILE_UPDATE_PENDING", member: subject, message }];
  }
  return variables.length > 0 ? variables : judgeCompletion(question);
}

/** An agent that changed is looked at once more a poll later; one that was given the whole time has been. */
function secondLook(
  { subject, gateway, before, pcg, now }: GatewayQuestion,
  settledAt: Date,
): { findings: Finding[]; from: Date } {
  const changed = before !== undefined && gateway.overlord.agentVersion !== before;
  const from = changed ? new Date(settledAt.getTime() + pcg.pollSeconds * 1000) : settledAt;
  if (now.getTime() >= from.getTime()) return { findings: [], from };
  const message = `PCG ${subject}: no profile update is offered; looked at once more at ${from.toISOString()}, a poll after the agent settled.`;
  return { findings: [{ outcome: "wait", code: "PCG_PROFILE_SECOND_LOOK", member: subject, message }], from };
}
