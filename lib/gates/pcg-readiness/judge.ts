import { type GateSettings } from "../../settings/gate-settings.js";
import { createNote, type Finding, toErrorFinding } from "../verdict/findings.js";
import { judgeCoverage } from "./coverage.js";
import { formatGatewaySubject, judgeHealth, judgePause } from "./health.js";
import { createUnseenFindings, judgeGatewayCluster } from "./judge-cluster.js";
import { type GatewayReading, type TenantReading } from "./probe.js";
import { judgePendingVariables, whereToApprove } from "./profiles.js";

interface ReadinessFacts {
  settings: Pick<GateSettings, "tenants" | "pcg">;
  readings: readonly TenantReading[];
  only?: string | undefined;
  now: Date;
}

/** Judges whether every listed PCG runs, is healthy with a fresh heartbeat, is not paused and has no pending update. */
export function judgeReadiness({ settings, readings, only, now }: ReadinessFacts): Finding[] {
  const gateways = readings.flatMap((tenant) =>
    tenant.gateways.flatMap((gateway) => [
      ...judgeHealth(formatGatewaySubject(tenant, gateway), gateway.overlord, now, settings.pcg.heartbeatMaxAgeSeconds),
      ...judgePause(tenant, gateway),
      ...judgeProfileUpdates(formatGatewaySubject(tenant, gateway), gateway),
    ]),
  );
  return [...judgeCoverage(settings, readings, only), ...gateways, ...readings.flatMap(judgeClusters)];
}

/** Judges the gateways' own clusters; without API access, adds a finding for each fact that a cluster cannot show. */
export function judgeClusters({ overlords, clusters }: TenantReading): Finding[] {
  return clusters.flatMap(({ subject, reading }) => [
    ...judgeGatewayCluster(subject, reading),
    ...(overlords === null ? createUnseenFindings(subject) : []),
  ]);
}

/** Returns the names of a PCG's pending profile updates (empty if none), or a finding if they could not be read. */
export function findPendingUpdates(
  subject: string,
  gateway: GatewayReading,
): { names: string[] } | { finding: Finding } {
  const { profileUpdates, overlord } = gateway;
  if (profileUpdates === null) return { names: [] };
  if (!profileUpdates.ok) {
    const what = `PCG ${subject}: whether a profile update is pending could not be read`;
    return { finding: toErrorFinding(profileUpdates.error, subject, what) };
  }
  if (profileUpdates.value.length === 0 && overlord.updateAvailable) return { names: ["(name not reported)"] };
  return { names: [...profileUpdates.value].sort() };
}

function judgeProfileUpdates(subject: string, gateway: GatewayReading): Finding[] {
  if (gateway.overlord.isSelfHosted) {
    const message =
      `PCG ${subject} runs on an existing Kubernetes cluster: it gets agent updates only; ` +
      "Kubernetes, network and storage there are its administrator's.";
    return [createNote(message, subject)];
  }
  const variables = judgePendingVariables(subject, gateway.overlord, "fail");
  const pending = findPendingUpdates(subject, gateway);
  if ("finding" in pending) return [...variables, pending.finding];
  if (pending.names.length === 0) return variables;
  return [
    ...variables,
    {
      outcome: "fail",
      code: "PCG_PROFILE_UPDATE_PENDING",
      member: subject,
      message:
        `PCG ${subject}: a cluster profile update waits for approval (${pending.names.join(", ")}), expected none before a hop. ` +
        `A person approves it in Palette: ${whereToApprove}. One gateway at a time; its host clusters are not affected.`,
    },
  ];
}
