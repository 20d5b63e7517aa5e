import { createAcceptEnvironment } from "../consent/carried.js";
import { type GateName } from "../../planning/rules/gate-names.js";
import { defaultGateSettings, type GateSettings } from "../../settings/gate-settings.js";
import { toSecretEntries, type GateSecrets } from "../../settings/gate-secrets.js";
import { listKeyPaths } from "../../base/text/value-paths.js";
import { type Settings } from "../../settings/schema.js";

/** Environment of a gate's process: plain entries, and secret ones that are wrapped one by one. */
export interface GateEnvironment {
  plain: Record<string, string>;
  secret: Record<string, string>;
  /** Acceptances of one gate: an entry of that gate's Command only. */
  accept: (gate: GateName) => Record<string, string>;
}

/**
 * Selects the settings that gates read, without secrets. `clusterUid` is the enrolled (or about to be enrolled) one.
 */
export function toGateSettings(settings: Settings, clusterUid: string | null): GateSettings {
  return {
    ...defaultGateSettings,
    edition: settings.edition,
    releaseNamespace: settings.releaseNamespace,
    kubeconfig: settings.kubeconfig || null,
    context: settings.context || null,
    clusterUid,
    rootDomain: settings.rootDomain || null,
    apiUrl: settings.apiUrl || null,
    apiCaFile: settings.apiCaFile || null,
    tenants: settings.tenants.map(({ name, pcgs }) => ({ name, pcgs: [...pcgs].sort() })),
    pcgsNone: settings.pcgs === "none",
    mongo: {
      ...defaultGateSettings.mongo,
      maxLagSeconds: settings.mongoMaxLagSeconds,
      deadlineSeconds: settings.mongoDeadlineSeconds,
      intervalSeconds: settings.mongoIntervalSeconds,
      samples: settings.mongoSamples,
      external: settings.externalMongo,
      caFile: settings.mongoCaFile || null,
      strict: settings.mongoStrict,
      downtimeSeconds: settings.mongoDowntimeSeconds,
    },
    pcg: {
      ...scaleGatewayPeriods(settings.rehearsalPace),
      deadlineSeconds: settings.pcgDeadlineSeconds,
      intervalSeconds: settings.pcgIntervalSeconds,
      samples: settings.pcgSamples,
    },
    pcgClusters: settings.pcgClusters.map(({ pcg, kubeconfig, context }) => ({
      pcg,
      kubeconfig,
      context: context || null,
    })),
    charts: {
      location: settings.charts,
      user: settings.chartsUser,
      caFile: settings.chartsCaFile || null,
      pins: settings.chartPins || null,
    },
    imageRegistryCaFile: settings.imageRegistryCaFile || null,
    overriddenKeys: Object.fromEntries(
      Object.entries(settings.values).map(([role, values]) => [role, listKeyPaths(values)]),
    ),
    backup: {
      maxAgeHours: settings.backupMaxAgeHours,
      command: settings.backupCommand,
      timeoutSeconds: settings.backupTimeoutSeconds,
    },
    windows: settings.windows,
    promotion: {
      stack: settings.promotionStack || null,
      file: settings.promotionFile || null,
      key: settings.promotionKey || null,
      hours: settings.promotionHours,
    },
    checks: settings.checks,
    rollout: {
      deadlineSeconds: settings.rolloutDeadlineSeconds,
      intervalSeconds: settings.rolloutIntervalSeconds,
      samples: settings.rolloutSamples,
    },
    gates: {
      deadlineSeconds: settings.gateDeadlineSeconds || null,
      intervalSeconds: settings.gateIntervalSeconds || null,
      samples: settings.gateSamples || null,
    },
    releaseTimeoutSeconds: settings.releaseTimeoutSeconds,
  };
}

/** The vendor's periods, divided by the pace of a rehearsal's gateways. */
function scaleGatewayPeriods(pace: number): GateSettings["pcg"] {
  const { heartbeatMaxAgeSeconds, pollSeconds, unchangedSeconds, ...own } = defaultGateSettings.pcg;
  return {
    ...own,
    heartbeatMaxAgeSeconds: heartbeatMaxAgeSeconds / pace,
    pollSeconds: pollSeconds / pace,
    unchangedSeconds: unchangedSeconds / pace,
  };
}

/** Selects the secrets of gates, which must never be shown. */
export function toGateSecrets(settings: Settings): GateSecrets {
  return {
    apiKeys: settings.tenants.map(({ apiKey }) => apiKey),
    mongoUri: settings.mongoUri,
    chartsPassword: settings.chartsPassword,
  };
}

/**
 * Creates the environment of a gate's Command. Depends only on destination, site and settings, so that a settled stack
 * has no diff.
 */
export function createGateEnvironment(
  settings: Settings,
  gateSettings: GateSettings,
  phase: "before" | "after",
  destination: string,
  /** The destination is (or was) installed from nothing. */
  install = false,
): GateEnvironment {
  return {
    plain: {
      ...(install ? { INSTALL: "yes" } : {}),
      TO: destination,
      PHASE: phase,
      PALETTE_GATE_SETTINGS: JSON.stringify(gateSettings),
    },
    secret: toSecretEntries(toGateSecrets(settings)),
    accept: (gate) => createAcceptEnvironment(settings, gate, destination),
  };
}
