import { randomBytes } from "node:crypto";
import type { HelmRecord } from "../../../../../lib/site/helm/records.js";
import type { HelmStatus } from "../../../../../lib/site/types.js";
import { compareVersions } from "../../../../../lib/planning/version/version.js";
import { encodeHelmSecret } from "../../helm-storage.js";
import { renderManifest } from "./manifest.js";
import { installedBefore, minutes, paletteChart, type InjectedFault, type SiteModel, type SiteTime } from "../model.js";
import { getStubVersion } from "../../stub-chart.js";
import { createSecret, deleteSecret, listChartRecords } from "../kubernetes/secret-store.js";

const namespace = "default";
/** Versions from which the CRDs are a release of their own. */
const crdsSince = "4.8.47";

/** Adds the Helm records of an installation made with the start version a month ago. */
export function addInitialReleases(model: SiteModel, extra: readonly ("image-swap" | "reach-system")[]): SiteModel {
  const at = model.createdAt - installedBefore;
  const version = model.startVersion;
  const crds = compareVersions(version, crdsSince) >= 0 ? (["spectro-mgmt-crds"] as const) : [];
  let result = model;
  for (const name of ["cert-manager", ...crds, ...extra] as const) {
    result = addRecord(result, createRecord({ name, chart: name, version: getStubVersion(version, name), at }), at);
  }
  const hubble = createRecord({ name: "hubble", chart: paletteChart, version, at });
  return addRecord(result, { ...hubble, config: createInitialValues() }, at);
}

/** Adds the revision that an injected fault leaves behind when it starts. */
export function addFaultyRevision(model: SiteModel, fault: InjectedFault, now: SiteTime): SiteModel {
  const last = listChartRecords(model, paletteChart).at(-1);
  const version = fault.version;
  const kind = revisionKinds[fault.name];
  if (kind === undefined || last === undefined || version === undefined) return model;
  const faulty: HelmRecord = {
    ...createRecord({ name: last.name, chart: paletteChart, version, at: now - kind.age }),
    version: last.version + 1,
    config: last.config ?? {},
  };
  const info = { ...faulty.info, status: kind.status, description: kind.description };
  return addRecord(model, { ...faulty, info }, now - kind.age);
}

/** Removes the revision of a cleared fault, unless Helm has continued since. */
export function removeFaultyRevision(model: SiteModel, fault: InjectedFault): SiteModel {
  const kind = revisionKinds[fault.name];
  const last = listChartRecords(model, paletteChart).at(-1);
  if (kind === undefined || last === undefined || last.info.status !== kind.status) return model;
  const result = deleteSecret(model, namespace, `sh.helm.release.v1.${last.name}.v${last.version}`);
  return "model" in result ? result.model : model;
}

const revisionKinds: Partial<Record<string, { status: HelmStatus; age: number; description: string }>> = {
  "release-failed": {
    status: "failed",
    age: 40 * minutes,
    description: 'Upgrade "hubble" failed: timed out waiting for the condition',
  },
  "release-pending-young": { status: "pending-upgrade", age: minutes, description: "Preparing upgrade" },
  "release-pending-old": { status: "pending-upgrade", age: 180 * minutes, description: "Preparing upgrade" },
};

function createRecord(of: { name: string; chart: string; version: string; at: SiteTime }): HelmRecord {
  const time = new Date(of.at).toISOString();
  return {
    name: of.name,
    namespace,
    version: 1,
    info: { first_deployed: time, last_deployed: time, description: "Install complete", status: "deployed" },
    chart: { metadata: { name: of.chart, version: of.version, appVersion: of.version } },
    config: {},
    manifest: renderManifest({ name: of.chart, version: of.version }),
  };
}

function addRecord(model: SiteModel, stored: HelmRecord, at: SiteTime): SiteModel {
  const result = createSecret(model, namespace, encodeHelmSecret(stored, new Date(at).toISOString()), at);
  return "model" in result ? result.model : model;
}

/** Creates Helm values like those of a real site, including a generated secret. */
function createInitialValues(): Record<string, unknown> {
  return {
    config: { env: { rootDomain: "palette.rehearsal.example" }, installationMode: "connected" },
    mongo: { databasePassword: randomBytes(18).toString("base64") },
  };
}
