import type { SiteTime } from "./model.js";
import type { SimulatedPcg } from "./pcg-timeline.js";

/** As far as the routes look into it. */
export interface OverlordObject extends Record<string, unknown> {
  metadata: { uid: string } & Record<string, unknown>;
}

/** `v1Overlord` of a gateway. */
export function overlordObject(pcg: SimulatedPcg): OverlordObject {
  const { seed } = pcg;
  return {
    kind: "overlord",
    metadata: { name: seed.name, uid: seed.uid, annotations: {}, labels: {} },
    spec: { isSelfHosted: seed.selfHosted, isSystem: false, spectroClusterUid: seed.clusterUid, cloudAccountUid: "" },
    status: {
      state: "Running",
      isActive: true,
      isReady: true,
      notifications: { isAvailable: pcg.updatePending, isTemplateVariableResolutionPending: false },
      health: {
        state: "Healthy",
        agentVersion: pcg.agentVersion,
        lastHeartBeatTimestamp: new Date(pcg.lastHeartbeat).toISOString(),
        conditions: [],
      },
    },
  };
}

/** The gateway inside Palette itself, which every tenant lists. */
export function systemGateway(tenant: string, now: SiteTime): OverlordObject {
  return {
    kind: "overlord",
    metadata: { name: "System Private Gateway", uid: `system-${tenant}`, annotations: {}, labels: {} },
    spec: { isSelfHosted: false, isSystem: true, spectroClusterUid: "", cloudAccountUid: "" },
    status: {
      state: "Running",
      isActive: true,
      isReady: true,
      notifications: { isAvailable: false, isTemplateVariableResolutionPending: false },
      health: {
        state: "Healthy",
        agentVersion: "",
        lastHeartBeatTimestamp: new Date(now).toISOString(),
        conditions: [],
      },
    },
  };
}

/** `v1SpectroCluster` of a gateway. */
export function clusterObject(pcg: SimulatedPcg): unknown {
  const annotations = pcg.paused ? { spectroComponentsUpgradeForbidden: "true" } : {};
  return {
    kind: "spectrocluster",
    metadata: { name: pcg.seed.name, uid: pcg.seed.clusterUid, annotations, labels: {} },
    spec: {
      cloudType: pcg.seed.selfHosted ? "aws" : "vsphere",
      clusterType: "PureManage",
      clusterProfileTemplates: pcg.seed.selfHosted ? [] : [profileAt(pcg, pcg.profileRevision)],
    },
    status: { state: "Running", conditions: [] },
  };
}

/** `v1Event`. */
export function eventObject(event: SimulatedPcg["events"][number]): unknown {
  return {
    metadata: { creationTimestamp: new Date(event.at).toISOString() },
    reason: event.reason,
    message: event.message,
    severity: "Normal",
    source: { component: "ally" },
  };
}

/** `v1Notification` of an offered profile update. */
export function notificationObject({ at, changedAt }: SimulatedPcg["offers"][number]): unknown {
  return {
    metadata: {
      creationTimestamp: new Date(at).toISOString(),
      lastModifiedTimestamp: new Date(changedAt).toISOString(),
    },
    type: "NotificationPackUpdate",
    action: { actionType: "NotifyActionClusterProfileUpdate", isDone: changedAt !== at, ack: false, isInfo: false },
  };
}

/** The profile as the pending update would make it. */
export function offeredProfile(pcg: SimulatedPcg): unknown {
  return profileAt(pcg, pcg.profileRevision + 1);
}

function profileAt({ seed }: SimulatedPcg, revision: number): unknown {
  const pack = (name: string, layer: string, tag: string): unknown => ({
    name,
    layer,
    tag,
    version: tag,
    type: "spectro",
    packUid: `${name}-${tag}`,
    registryUid: "rehearsal",
    values: `# ${name} ${tag}`,
  });
  return {
    uid: seed.uid,
    name: `${seed.name}-profile`,
    profileVersion: `1.0.${revision}`,
    packs: [pack("kubernetes", "k8s", `1.30.${revision}`), pack("cni-calico", "cni", "3.28.0")],
  };
}
