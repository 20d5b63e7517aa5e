import { randomBytes } from "node:crypto";
import type { HelmRecord } from "../../site/helm-records.js";
import type { HelmStatus } from "../../site/types.js";
import { compareVersions, type Version } from "../../version/version.js";
import { encodeHelmSecret } from "../helm-storage.js";
import { manifestOf } from "./manifest.js";
import { installedBefore, minutes, paletteChart, type OrderedFault, type SiteModel, type SiteTime } from "./model.js";
import { createSecret, deleteSecret, recordsOfChart } from "./secret-store.js";

const namespace = "default";
/** Versions from which the CRDs are a release of their own. */
const crdsSince = "4.8.47";

/** The Helm records of an installation that was made with this version a month ago. */
export function withInitialReleases(model: SiteModel, extra: readonly ("image-swap" | "reach-system")[]): SiteModel {
  const at = model.createdAt - installedBefore;
  const version = model.startVersion;
  const crds = compareVersions(version, crdsSince) >= 0 ? ["spectro-mgmt-crds"] : [];
  let result = model;
  for (const name of ["cert-manager", ...crds, ...extra]) {
    result = withRecord(result, record({ name, chart: name, version: chartVersionOf(name, version), at }), at);
  }
  const hubble = record({ name: "hubble", chart: paletteChart, version, at });
  return withRecord(result, { ...hubble, config: initialValues() }, at);
}

/** The revision that an ordered fault leaves behind when it begins. */
export function withFaultyRevision(model: SiteModel, fault: OrderedFault, now: SiteTime): SiteModel {
  const last = recordsOfChart(model, paletteChart).at(-1);
  const version = fault.version;
  const kind = revisionKinds[fault.name];
  if (kind === undefined || last === undefined || version === undefined) return model;
  const begun: HelmRecord = {
    ...record({ name: last.name, chart: paletteChart, version, at: now - kind.age }),
    version: last.version + 1,
    config: last.config ?? {},
  };
  const info = { ...begun.info, status: kind.status, description: kind.description };
  return withRecord(model, { ...begun, info }, now - kind.age);
}

/** Takes the revision of a cleared fault away again, unless Helm has gone on since. */
export function withoutFaultyRevision(model: SiteModel, fault: OrderedFault): SiteModel {
  const kind = revisionKinds[fault.name];
  const last = recordsOfChart(model, paletteChart).at(-1);
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

function record(of: { name: string; chart: string; version: string; at: SiteTime }): HelmRecord {
  const time = new Date(of.at).toISOString();
  return {
    name: of.name,
    namespace,
    version: 1,
    info: { first_deployed: time, last_deployed: time, description: "Install complete", status: "deployed" },
    chart: { metadata: { name: of.chart, version: of.version, appVersion: of.version } },
    config: {},
    manifest: manifestOf({ name: of.chart, version: of.version }),
  };
}

function withRecord(model: SiteModel, stored: HelmRecord, at: SiteTime): SiteModel {
  const result = createSecret(model, namespace, encodeHelmSecret(stored, new Date(at).toISOString()), at);
  return "model" in result ? result.model : model;
}

/** Values as a site keeps them, with a made-up secret among them. */
function initialValues(): Record<string, unknown> {
  return {
    config: { env: { rootDomain: "palette.rehearsal.example" }, installationMode: "connected" },
    mongo: { databasePassword: randomBytes(18).toString("base64") },
  };
}

/** The stand-in charts of the other releases carry versions of their own. */
function chartVersionOf(name: string, version: Version): string {
  return name === "cert-manager" ? "1.14.4" : version;
}
