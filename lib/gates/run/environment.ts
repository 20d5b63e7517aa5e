import { defaultGateSettings, type GateSettings, getGatewayPeriods } from "../../settings/gate-settings.js";
import { type GateSecrets } from "../../settings/gate-secrets.js";
import { listKeyPaths } from "../../base/text/value-paths.js";
import { type Settings } from "../../settings/schema.js";

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
      ...getGatewayPeriods(settings),
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

/** Selects the secrets of gates, which must never be shown. */
export function toGateSecrets(settings: Settings): GateSecrets {
  return {
    apiKeys: settings.tenants.map(({ apiKey }) => apiKey),
    mongoUri: settings.mongoUri,
    chartsPassword: settings.chartsPassword,
  };
}
