/**
 * Keys of the flat form that came before the groups, and where each of their values stands now. A key of the same name
 * that is a group today is listed with what its value was.
 */
export const oldKeys: Readonly<Record<string, string>> = {
  strategy: "route.strategy",
  via: "route.via",
  avoid: "route.avoid",
  extraRows: "route.extraRows",
  releaseNamespace: "helm.namespace",
  releaseTimeoutSeconds: "helm.timeout",
  kubeconfig: "kubernetes.kubeconfig",
  context: "kubernetes.context",
  rootDomain: "site.rootDomain",
  apiUrl: "site.apiUrl",
  apiCaFile: "site.apiCaFile",
  imageRegistryCaFile: "site.imageRegistryCaFile",
  airgap: "site.airgap",
  ipBased: "site.ipBased",
  cloud: "site.cloud",
  expectedVersion: "installedVersion.expected",
  acceptVersion: "installedVersion.accepted",
  pcgs: "pcg.none",
  pcgClusters: "pcg.clusters",
  pcgDeadlineSeconds: "pcg.deadline",
  pcgIntervalSeconds: "pcg.interval",
  pcgSamples: "pcg.samples",
  externalMongo: "mongo.external",
  mongoCaFile: "mongo.caFile",
  mongoDeadlineSeconds: "mongo.deadline",
  mongoDowntimeSeconds: "mongo.downtime",
  mongoIntervalSeconds: "mongo.interval",
  mongoMaxLagSeconds: "mongo.maxLag",
  mongoSamples: "mongo.samples",
  mongoStrict: "mongo.strict",
  mongoUri: "secrets.mongoUri",
  rolloutDeadlineSeconds: "rollout.deadline",
  rolloutIntervalSeconds: "rollout.interval",
  rolloutSamples: "rollout.samples",
  gateDeadlineSeconds: "gates.deadline",
  gateIntervalSeconds: "gates.interval",
  gateSamples: "gates.samples",
  chartsUser: "charts.user",
  chartsPassword: "secrets.chartsPassword",
  chartsCaFile: "charts.caFile",
  chartPins: "charts.pins",
  backupCommand: "backup.command",
  backupMaxAgeHours: "backup.maxAge",
  backupTimeoutSeconds: "backup.timeout",
  promotionStack: "promotion.stack",
  promotionFile: "promotion.file",
  promotionKey: "promotion.key",
  promotionHours: "promotion.hold",
  fourEyes: "approval.fourEyes",
  requireApproval: "approval.required",
  rehearsalPace: "rehearsal.pace",
};

/** Keys that are groups now and had one value before. */
export const oldValues: Readonly<Record<string, string>> = {
  charts: "charts.location",
  rehearsal: "rehearsal.simulated",
};

/** Keys of list entries that have another name or place now. */
export const oldEntryKeys: Readonly<Record<string, string>> = {
  "tenants.apiKey": "palette:secrets.apiKeys.<name of the tenant>, as a secret",
  "checks.timeoutSeconds": "timeout, with its unit",
};
