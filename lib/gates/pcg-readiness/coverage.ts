import type { GateSettings } from "../../stack/gate-settings.js";
import { findingOfError, type Finding } from "../verdict.js";
import { tenantUnseen } from "./judge-cluster.js";
import type { TenantReading } from "./probe.js";

/** Whether the settings say of every tenant and PCG that there is: what is not looked at is not known to be well. */
export function judgeCoverage(
  settings: Pick<GateSettings, "tenants" | "pcgsNone">,
  readings: readonly TenantReading[],
  only?: string,
): Finding[] {
  if (settings.tenants.length === 0 && !settings.pcgsNone) return [notCovered()];
  if (only !== undefined && !isListed(settings, only)) return [missing(only, "is not among palette:tenants")];
  return readings.flatMap((reading) => judgeTenant(reading, only));
}

function isListed(settings: Pick<GateSettings, "tenants">, only: string): boolean {
  return settings.tenants.some(({ name, pcgs }) => pcgs.some((pcg) => `${name}/${pcg}` === only));
}

function judgeTenant({ tenant, listed, overlords, clusters }: TenantReading, only?: string): Finding[] {
  if (overlords === null) {
    const asked = listed.map((name) => `${tenant}/${name}`).filter((subject) => only === undefined || only === subject);
    const without = asked.filter((subject) => !clusters.some((cluster) => cluster.subject === subject));
    return [tenantUnseen(tenant), ...without.map(noAccess)];
  }
  if (!overlords.ok)
    return [findingOfError(overlords.error, tenant, `The PCGs of tenant ${tenant} could not be listed`)];
  const found = overlords.value.filter(({ isSystem }) => !isSystem).map(({ name }) => name);
  const asked = listed.filter((name) => only === undefined || only === `${tenant}/${name}`);
  return [
    ...asked.flatMap((name) => {
      const times = found.filter((candidate) => candidate === name).length;
      const subject = `${tenant}/${name}`;
      if (times === 0) return [missing(subject, `is listed in palette:tenants, but tenant ${tenant} has no such PCG`)];
      return times > 1 ? [ambiguous(subject, times)] : [];
    }),
    ...[...new Set(found)].filter((name) => !listed.includes(name)).map((name) => notListed(tenant, name)),
  ];
}

function noAccess(subject: string): Finding {
  const message =
    `PCG ${subject}: neither the Palette API of its tenant nor its own cluster can be asked. Set the tenant's apiKey, or name ` +
    "the gateway's kubeconfig in palette:pcgClusters.";
  return { outcome: "unknown", code: "PCG_NO_ACCESS", member: subject, message };
}

function notCovered(): Finding {
  return {
    outcome: "unknown",
    code: "TENANTS_NOT_COVERED",
    member: null,
    message:
      "No tenant is listed, so nothing is known of Private Cloud Gateways. PCGs belong to tenants and an API key sees one " +
      'of them: list all in palette:tenants, or set palette:pcgs to "none" where there is no PCG.',
  };
}

function missing(subject: string, why: string): Finding {
  return {
    outcome: "unknown",
    code: "PCG_MISSING",
    member: subject,
    message: `PCG ${subject} ${why}. Correct the list, or find out where the gateway has gone.`,
  };
}

function ambiguous(subject: string, times: number): Finding {
  return {
    outcome: "unknown",
    code: "PCG_AMBIGUOUS",
    member: subject,
    message: `Tenant has ${times} PCGs named ${subject}, expected one. Rename or remove one of them in Palette.`,
  };
}

function notListed(tenant: string, name: string): Finding {
  return {
    outcome: "unknown",
    code: "PCG_NOT_LISTED",
    member: `${tenant}/${name}`,
    message: `Tenant ${tenant} has a PCG ${name} that palette:tenants does not list. Add it there, so that it is looked at.`,
  };
}
