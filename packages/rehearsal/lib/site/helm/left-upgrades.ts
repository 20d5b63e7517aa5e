import type { HelmRecord } from "../../../../../lib/site/helm/records.js";
import { encodeHelmSecret } from "../../helm-storage.js";
import { isActive } from "../faults.js";
import type { SiteModel, SiteTime } from "../model.js";
import { listHelmRecords, replaceSecret } from "../kubernetes/secret-store.js";

/**
 * Ends the upgrades that a killed rehearsal left pending, as Helm ends one that is interrupted: the revision has failed,
 * the one before it stays deployed. Helm of the embedded engine ends with the rehearsal's process, so nobody else would.
 * A pending revision that a fault left is kept.
 */
export function endLeftUpgrades(model: SiteModel, now: SiteTime): SiteModel {
  if (isActive(model, "release-pending-young") || isActive(model, "release-pending-old")) return model;
  const records = listHelmRecords(model);
  return records
    .filter(({ info }) => info.status.startsWith("pending-"))
    .reduce((result, pending) => endUpgrade(result, pending, records, now), model);
}

function endUpgrade(model: SiteModel, pending: HelmRecord, records: HelmRecord[], now: SiteTime): SiteModel {
  const operation = pending.info.status === "pending-install" ? "Release" : "Upgrade";
  const failed = setStatus(pending, "failed", `${operation} "${pending.name}" failed: context canceled`);
  const ended = saveRecord(model, failed, now);
  const earlier = records
    .filter(({ name, namespace }) => name === pending.name && namespace === pending.namespace)
    .filter(({ version }) => version < pending.version)
    .sort((a, b) => a.version - b.version);
  const last = earlier.at(-1);
  // Helm supersedes the old revision a moment before it deploys the new one; a kill may fall between.
  if (last?.info.status !== "superseded" || earlier.some(({ info }) => info.status === "deployed")) return ended;
  return saveRecord(ended, setStatus(last, "deployed", last.info.description), now);
}

function setStatus(record: HelmRecord, status: "failed" | "deployed", description: string | undefined): HelmRecord {
  return { ...record, info: { ...record.info, status, description } };
}

function saveRecord(model: SiteModel, record: HelmRecord, now: SiteTime): SiteModel {
  const result = replaceSecret(model, record.namespace, encodeHelmSecret(record, new Date(now).toISOString()), now);
  return "model" in result ? result.model : model;
}
