import type { GateSettings } from "../../stack/gate-settings.js";
import { findingOfError, note, type Finding } from "../verdict.js";
import { judgeCoverage } from "./coverage.js";
import { judgeHealth, judgePause, subjectOf } from "./health.js";
import { judgeGatewayCluster, unseenByCluster } from "./judge-cluster.js";
import type { GatewayReading, TenantReading } from "./probe.js";
import { pendingVariables } from "./variables.js";
import { whereToApprove } from "./where-to-approve.js";

export interface ReadinessFacts {
  settings: Pick<GateSettings, "tenants" | "pcgsNone" | "pcg">;
  readings: readonly TenantReading[];
  only?: string | undefined;
  now: Date;
}

/** Before a hop every listed PCG runs, is healthy, fresh, not paused, and waits for no profile update. */
export function judgeReadiness({ settings, readings, only, now }: ReadinessFacts): Finding[] {
  const gateways = readings.flatMap((tenant) =>
    tenant.gateways.flatMap((gateway) => [
      ...judgeHealth(subjectOf(tenant, gateway), gateway.overlord, now, settings.pcg.heartbeatMaxAgeSeconds),
      ...judgePause(tenant, gateway),
      ...judgeProfileUpdates(subjectOf(tenant, gateway), gateway),
    ]),
  );
  return [...judgeCoverage(settings, readings, only), ...gateways, ...readings.flatMap(judgeClusters)];
}

/** What gateways' own clusters tell; alone, where there is no API, with what they cannot tell. */
export function judgeClusters({ overlords, clusters }: TenantReading): Finding[] {
  return clusters.flatMap(({ subject, reading }) => [
    ...judgeGatewayCluster(subject, reading),
    ...(overlords === null ? unseenByCluster(subject) : []),
  ]);
}

/** Names of a PCG's pending profile updates; empty when none is pending, a finding when that could not be read. */
export function pendingUpdates(subject: string, gateway: GatewayReading): { names: string[] } | { finding: Finding } {
  const { profileUpdates, overlord } = gateway;
  if (profileUpdates === null) return { names: [] };
  if (!profileUpdates.ok) {
    const what = `PCG ${subject}: whether a profile update is pending could not be read`;
    return { finding: findingOfError(profileUpdates.error, subject, what) };
  }
  if (profileUpdates.value.length === 0 && overlord.updateAvailable) return { names: ["(name not told)"] };
  return { names: [...profileUpdates.value].sort() };
}

function judgeProfileUpdates(subject: string, gateway: GatewayReading): Finding[] {
  if (gateway.overlord.isSelfHosted) {
    const message =
      `PCG ${subject} runs on an existing Kubernetes cluster: it gets agent updates only; ` +
      "Kubernetes, network and storage there are its administrator's.";
    return [note(message, subject)];
  }
  const variables = pendingVariables(subject, gateway.overlord, "fail");
  const pending = pendingUpdates(subject, gateway);
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
