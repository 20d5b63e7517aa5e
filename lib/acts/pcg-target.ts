import { InvalidInputError } from "../base/errors/errors.js";
import { read } from "../gates/verdict/findings.js";
import { connectTenantWrites, type TenantWrites } from "../site/palette/writes.js";
import type { TenantConnection } from "../site/palette/connection.js";
import type { Overlord, TenantApi } from "../site/types.js";
import { toErrorRefusal, type Refusal } from "./refusals.js";
import type { ActRequest } from "./types.js";

/** The one gateway that an act is about. */
export interface PcgTarget {
  /** `tenant/name`. */
  subject: string;
  api: TenantApi;
  overlord: Overlord;
  /** Every gateway of the tenant that the stack lists, this one included. */
  listed: Overlord[];
}

/** Opens the write client of an act; tests pass their own. */
export type ConnectWrites = (connection: TenantConnection) => TenantWrites;

/** The option that names the gateway. */
export const pcgOption = {
  name: "pcg",
  summary: 'the gateway, "tenant/name" as palette:tenants lists it',
  required: true,
} as const;

/** Finds the gateway in the stack's settings and in Palette; returns a refusal when it is not found exactly once. */
export async function findPcg({ options, settings, site, signal }: ActRequest): Promise<PcgTarget | Refusal> {
  const subject = options.pcg ?? "";
  const [tenant = "", name = ""] = subject.split(/\/(.*)/s);
  const listed = settings.tenants.find((candidate) => candidate.name === tenant)?.pcgs ?? [];
  if (!listed.includes(name)) {
    const all = settings.tenants.flatMap((each) => each.pcgs.map((pcg) => `${each.name}/${pcg}`)).sort();
    return {
      code: "PCG_NOT_LISTED",
      message: `pcg: "${subject}" is not among the gateways that palette:tenants lists.`,
      next: all.length === 0 ? "List it in palette:tenants first." : `Name one of ${all.join(", ")}.`,
    };
  }
  const api = site.tenants.find((candidate) => candidate.tenant === tenant);
  if (api === undefined) {
    return {
      code: "PCG_NO_API",
      message: `PCG ${subject}: there is no access to the Palette API of tenant ${tenant}, which this act writes through.`,
      next: "Set palette:site.apiUrl and the tenant's apiKey, or do it in Palette yourself.",
    };
  }
  const overlords = await read(() => api.overlords(), signal);
  if (!overlords.ok) return toErrorRefusal(overlords.error, tenant, `The PCGs of tenant ${tenant} could not be listed`);
  const found = overlords.value.filter((overlord) => overlord.name === name && !overlord.isSystem);
  const [overlord] = found;
  if (overlord === undefined || found.length > 1) {
    return {
      code: overlord === undefined ? "PCG_MISSING" : "PCG_AMBIGUOUS",
      message: `Tenant ${tenant} has ${found.length === 0 ? "no PCG" : `${found.length} PCGs`} named ${name}, expected one.`,
      next: "See Tenant Settings > Private Cloud Gateways in Palette, and correct palette:tenants.",
    };
  }
  const others = overlords.value.filter((other) => !other.isSystem && listed.includes(other.name));
  return { subject, api, overlord, listed: others };
}

/** Whether this is a refusal instead of a gateway. */
export function isRefusal(target: PcgTarget | Refusal): target is Refusal {
  return "code" in target;
}

/** Opens the write client of the gateway's tenant. @throws InvalidInputError `PCG_NO_API`. */
export function openWrites(
  { settings, secrets, clock }: ActRequest,
  subject: string,
  connect: ConnectWrites,
): TenantWrites {
  const tenant = subject.slice(0, subject.indexOf("/"));
  const index = settings.tenants.findIndex(({ name }) => name === tenant);
  if (settings.site.apiUrl === null || index < 0) {
    throw new InvalidInputError("PCG_NO_API", `Tenant ${tenant}: there is no access to its Palette API.`, {
      next: "Set palette:site.apiUrl and the tenant's apiKey.",
    });
  }
  return connect({
    baseUrl: settings.site.apiUrl,
    tenant,
    apiKey: secrets.apiKeys[index] ?? "",
    caFile: settings.site.apiCaFile,
    clock,
  });
}

/** The write client that acts use outside of tests. */
export const defaultConnectWrites: ConnectWrites = connectTenantWrites;
