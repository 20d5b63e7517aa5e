import type { SiteTime } from "../model.js";
import type { SimulatedPcg } from "./pcg-timeline.js";

/** Only the fields that the routes read are typed. */
interface OverlordObject extends Record<string, unknown> {
  metadata: { uid: string } & Record<string, unknown>;
}

/** Returns the `v1Overlord` of a gateway. */
export function toOverlord(pcg: SimulatedPcg): OverlordObject {
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

/** Creates the gateway inside Palette itself, which every tenant lists. */
export function createSystemGateway(tenant: string, now: SiteTime): OverlordObject {
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

/** Returns the `v1SpectroCluster` of a gateway. */
export function toSpectroCluster(pcg: SimulatedPcg): unknown {
  const annotations = pcg.paused ? { spectroComponentsUpgradeForbidden: "true" } : {};
  return {
    kind: "spectrocluster",
    metadata: { name: pcg.seed.name, uid: pcg.seed.clusterUid, annotations, labels: {} },
    spec: {
      cloudType: pcg.seed.selfHosted ? "aws" : "vsphere",
      clusterType: "PureManage",
      clusterProfileTemplates: pcg.seed.selfHosted ? [] : [createProfile(pcg, pcg.profileRevision)],
    },
    status: { state: "Running", conditions: [] },
  };
}

/** Returns the `v1Event` of an event. */
export function toEvent(event: SimulatedPcg["events"][number]): unknown {
  return {
    metadata: { creationTimestamp: new Date(event.at).toISOString() },
    reason: event.reason,
    message: event.message,
    severity: "Normal",
    source: { component: "ally" },
  };
}

/** Returns the `v1Notification` of an offered profile update. */
export function toNotification({ at, changedAt }: SimulatedPcg["offers"][number]): unknown {
  return {
    metadata: {
      creationTimestamp: new Date(at).toISOString(),
      lastModifiedTimestamp: new Date(changedAt).toISOString(),
    },
    type: "NotificationPackUpdate",
    action: { actionType: "NotifyActionClusterProfileUpdate", isDone: changedAt !== at, ack: false, isInfo: false },
  };
}

/** Creates the profile that the pending update would apply. */
export function createOfferedProfile(pcg: SimulatedPcg): unknown {
  return createProfile(pcg, pcg.profileRevision + 1);
}

function createProfile({ seed }: SimulatedPcg, revision: number): unknown {
  const createPack = (name: string, layer: string, tag: string): unknown => ({
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
    packs: [createPack("kubernetes", "k8s", `1.30.${revision}`), createPack("cni-calico", "cni", "3.28.0")],
  };
}
