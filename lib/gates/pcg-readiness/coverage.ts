import type { GateSettings } from "../../settings/gate-settings.js";
import { toErrorFinding, type Finding } from "../verdict/findings.js";
import { createUnseenTenantFinding } from "./judge-cluster.js";
import type { TenantReading } from "./probe.js";

/** Judges whether the settings list every tenant and PCG that exists: one not probed is not known to be healthy. */
export function judgeCoverage(
  settings: { tenants: GateSettings["tenants"]; pcg: Pick<GateSettings["pcg"], "none"> },
  readings: readonly TenantReading[],
  only?: string,
): Finding[] {
  if (settings.tenants.length === 0 && !settings.pcg.none) return [createNotCoveredFinding()];
  if (only !== undefined && !isListed(settings, only))
    return [createMissingFinding(only, "is not among palette:tenants")];
  return readings.flatMap((reading) => judgeTenant(reading, settings.pcg.none, only));
}

function isListed(settings: Pick<GateSettings, "tenants">, only: string): boolean {
  return settings.tenants.some(({ name, pcgs }) => pcgs.some((pcg) => `${name}/${pcg}` === only));
}

function judgeTenant({ tenant, listed, overlords, clusters }: TenantReading, none: boolean, only?: string): Finding[] {
  if (overlords === null) {
    const asked = listed.map((name) => `${tenant}/${name}`).filter((subject) => only === undefined || only === subject);
    const without = asked.filter((subject) => !clusters.some((cluster) => cluster.subject === subject));
    return [createUnseenTenantFinding(tenant), ...without.map(createNoAccessFinding)];
  }
  if (!overlords.ok)
    return [toErrorFinding(overlords.error, tenant, `The PCGs of tenant ${tenant} could not be listed`)];
  const found = overlords.value.filter(({ isSystem }) => !isSystem).map(({ name }) => name);
  const asked = listed.filter((name) => only === undefined || only === `${tenant}/${name}`);
  return [
    ...asked.flatMap((name) => {
      const times = found.filter((candidate) => candidate === name).length;
      const subject = `${tenant}/${name}`;
      if (times === 0)
        return [createMissingFinding(subject, `is listed in palette:tenants, but tenant ${tenant} has no such PCG`)];
      return times > 1 ? [createAmbiguousFinding(subject, times)] : [];
    }),
    ...[...new Set(found)]
      .filter((name) => !listed.includes(name))
      .map((name) => (none ? createContradictionFinding(tenant, name) : createNotListedFinding(tenant, name))),
  ];
}

function createNoAccessFinding(subject: string): Finding {
  const message =
    `PCG ${subject}: neither the Palette API of its tenant nor its own cluster can be asked. Set the tenant's apiKey, or name ` +
    "the gateway's kubeconfig in palette:pcg.clusters.";
  return { outcome: "unknown", code: "PCG_NO_ACCESS", member: subject, message };
}

function createNotCoveredFinding(): Finding {
  return {
    outcome: "unknown",
    code: "TENANTS_NOT_COVERED",
    member: null,
    message:
      "No tenant is listed, so nothing is known of Private Cloud Gateways. PCGs belong to tenants and an API key sees one " +
      "of them: list all in palette:tenants, or set palette:pcg.none to true where there is no PCG.",
  };
}

function createMissingFinding(subject: string, why: string): Finding {
  return {
    outcome: "unknown",
    code: "PCG_MISSING",
    member: subject,
    message: `PCG ${subject} ${why}. Correct the list, or find out where the gateway has gone.`,
  };
}

function createAmbiguousFinding(subject: string, times: number): Finding {
  return {
    outcome: "unknown",
    code: "PCG_AMBIGUOUS",
    member: subject,
    message: `Tenant has ${times} PCGs named ${subject}, expected one. Rename or remove one of them in Palette.`,
  };
}

function createContradictionFinding(tenant: string, name: string): Finding {
  return {
    outcome: "fail",
    code: "PCG_NONE_CONTRADICTED",
    member: `${tenant}/${name}`,
    message:
      `Tenant ${tenant} has a PCG ${name}, but palette:pcg.none says that no tenant has one. Remove palette:pcg.none and list ` +
      `${name} under tenant ${tenant} in palette:tenants, so that it is looked at.`,
  };
}

function createNotListedFinding(tenant: string, name: string): Finding {
  return {
    outcome: "unknown",
    code: "PCG_NOT_LISTED",
    member: `${tenant}/${name}`,
    message: `Tenant ${tenant} has a PCG ${name} that palette:tenants does not list. Add it there, so that it is looked at.`,
  };
}
