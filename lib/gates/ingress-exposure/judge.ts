import type { Ingress } from "../../planning/rules/types.js";
import type { ExposedService } from "../../site/types.js";
import { createNote, type Finding } from "../verdict/findings.js";
import { carryOverInstructions, listExposedSettings, type ExposedSetting } from "./equivalents.js";

/** How the installation is reached today. */
export interface Exposure {
  /** Today's ingress Service; null when there is none. */
  service: ExposedService | null;
  today: Ingress;
  after: Ingress;
  /** Service of the controller that this hop removes, where another one already serves; null when there is none. */
  leaving: { name: string; service: ExposedService } | null;
}

/**
 * Lists what may be lost when the ingress changes: addresses, annotations and fields, each with its equivalent. It only
 * informs and proves nothing: a person performs the act `dns-cutover`.
 */
export function judgeExposure({ service, today, after, leaving }: Exposure): Finding[] {
  const where = `${today.namespace}/${today.service}`;
  const next = `${after.namespace}/${after.service}`;
  if (service === null) {
    const message =
      `No Service ${where} was found, so Palette is reached by host ports, a virtual address or an ingress of your own. ` +
      `From this hop on ${after.controller} serves it: plan how the domain will reach it.`;
    return [createNote(`INGRESS_OWN: ${message}`, where), ...judgeLeavingService(leaving, null, next)];
  }
  if (today.controller === after.controller) {
    const keeps = `${after.controller} keeps serving the domain at ${formatAddresses(service.addresses)}; the other controller goes away.`;
    return [createNote(keeps, where), ...judgeLeavingService(leaving, service, next)];
  }
  return [
    createNote(
      `Service ${next} gets a new address; today ${where} (${describeServiceType(service)}) has ${formatAddresses(service.addresses)}. Lower the time ` +
        "to live of the root domain's records now and move them after the hop.",
      where,
    ),
    ...listExposedSettings(service).flatMap((setting) => judgeSetting(setting, where, next)),
  ];
}

/** Lists what is lost with the removed controller: its addresses, and settings that the remaining Service lacks. */
function judgeLeavingService(leaving: Exposure["leaving"], remaining: ExposedService | null, next: string): Finding[] {
  if (leaving === null) return [];
  const { name, service } = leaving;
  const remainingNames = new Set(
    remaining === null ? [] : listExposedSettings(remaining).map((setting) => setting.name),
  );
  return [
    createNote(
      `Service ${name} goes away with this hop, and its ${formatAddresses(service.addresses)}: nothing may be reached through it any more.`,
      name,
    ),
    ...listExposedSettings(service)
      .filter((setting) => !remainingNames.has(setting.name))
      .flatMap((setting) => judgeSetting(setting, name, next)),
  ];
}

function judgeSetting({ name, row, addresses }: ExposedSetting, where: string, next: string): Finding[] {
  if (row === null) {
    const unknown = `CARRY_BY_HAND: ${name} of Service ${where}: carry over by hand; no equivalent for ${next} is known here.`;
    return [createNote(unknown, where)];
  }
  const code = row.carries === "by-hand" ? "CARRY_BY_HAND" : row.holdsAddress ? "STATIC_ADDRESS" : "CARRIES_OVER";
  const asks = addresses.length === 0 ? "" : ` (${formatAddresses(addresses)})`;
  return [
    createNote(
      `${code}: ${name}${asks} of Service ${where}, for ${next}: ${carryOverInstructions[row.carries]}; ${row.equivalent}.`,
      where,
    ),
  ];
}

function describeServiceType({ type, loadBalancerClass }: ExposedService): string {
  return loadBalancerClass === null ? `type ${type}` : `type ${type}, class ${loadBalancerClass}`;
}

function formatAddresses(addresses: readonly string[]): string {
  return addresses.length === 0 ? "no address" : [...addresses].sort().join(", ");
}
