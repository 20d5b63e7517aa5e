import { defaultGateSettings, type GateSettings } from "./gate-settings.js";
import { type Settings } from "./settings-schema.js";

/** What a gate's process gets: plain entries, and secret ones to be wrapped one by one. */
export interface GateEnvironment {
  plain: Record<string, string>;
  secret: Record<string, string>;
}

/** The secret-free part of the settings that gates read. `clusterUid` is the enrolled (or about to be enrolled) one. */
export function gateSettingsOf(settings: Settings, clusterUid: string | null): GateSettings {
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
    },
    pcg: {
      ...defaultGateSettings.pcg,
      deadlineSeconds: settings.pcgDeadlineSeconds,
      intervalSeconds: settings.pcgIntervalSeconds,
    },
    rollout: { deadlineSeconds: settings.rolloutDeadlineSeconds, intervalSeconds: settings.rolloutIntervalSeconds },
    releaseTimeoutSeconds: settings.releaseTimeoutSeconds,
  };
}

/** Name of the environment entry with the API key of the tenant at `index`. */
export function apiKeyVariable(index: number): string {
  return `PALETTE_API_KEY_${index}`;
}

/** The environment of a gate's Command. Depends only on destination, site and settings, so that a settled stack has no diff. */
export function gateEnvironment(
  settings: Settings,
  gateSettings: GateSettings,
  phase: "before" | "after",
  destination: string,
): GateEnvironment {
  return {
    plain: { TO: destination, PHASE: phase, PALETTE_GATE_SETTINGS: JSON.stringify(gateSettings) },
    secret: Object.fromEntries(settings.tenants.map((tenant, index) => [apiKeyVariable(index), tenant.apiKey])),
  };
}
