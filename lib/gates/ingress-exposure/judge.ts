import type { Ingress } from "../../plan/rules-types.js";
import type { ExposedService } from "../../site/types.js";
import { note, type Finding } from "../verdict.js";
import { howItCarries, settingsOf, type ExposedSetting } from "./equivalents.js";

/** How the installation is reached today. */
export interface Exposure {
  /** Today's ingress Service; null when there is none. */
  service: ExposedService | null;
  today: Ingress;
  after: Ingress;
  /** The Service of the controller that this hop takes away, where another serves already; null: there is none. */
  leaving: { name: string; service: ExposedService } | null;
}

/**
 * Lists what an ingress that changes may lose: addresses, annotations, fields, each with its equivalent. Not a proof of
 * anything: the act `dns-cutover` is a person's.
 */
export function judgeExposure({ service, today, after, leaving }: Exposure): Finding[] {
  const where = `${today.namespace}/${today.service}`;
  const next = `${after.namespace}/${after.service}`;
  if (service === null) {
    const message =
      `No Service ${where} was found, so Palette is reached by host ports, a virtual address or an ingress of your own. ` +
      `From this hop on ${after.controller} serves it: plan how the domain will reach it.`;
    return [note(`INGRESS_OWN: ${message}`, where), ...left(leaving, null, next)];
  }
  if (today.controller === after.controller) {
    const keeps = `${after.controller} keeps serving the domain at ${listed(service.addresses)}; the other controller goes away.`;
    return [note(keeps, where), ...left(leaving, service, next)];
  }
  return [
    note(
      `Service ${next} gets a new address; today ${where} (${kindOf(service)}) has ${listed(service.addresses)}. Lower the time ` +
        "to live of the root domain's records now and move them after the hop.",
      where,
    ),
    ...settingsOf(service).flatMap((setting) => carried(setting, where, next)),
  ];
}

/** What the controller that goes away takes with it: its addresses, and settings that the other Service has not. */
function left(leaving: Exposure["leaving"], stays: ExposedService | null, next: string): Finding[] {
  if (leaving === null) return [];
  const { name, service } = leaving;
  const has = new Set(stays === null ? [] : settingsOf(stays).map((setting) => setting.name));
  return [
    note(
      `Service ${name} goes away with this hop, and its ${listed(service.addresses)}: nothing may be reached through it any more.`,
      name,
    ),
    ...settingsOf(service)
      .filter((setting) => !has.has(setting.name))
      .flatMap((setting) => carried(setting, name, next)),
  ];
}

function carried({ name, row, addresses }: ExposedSetting, where: string, next: string): Finding[] {
  if (row === null) {
    const unknown = `CARRY_BY_HAND: ${name} of Service ${where}: carry over by hand; no equivalent for ${next} is known here.`;
    return [note(unknown, where)];
  }
  const code = row.carries === "by-hand" ? "CARRY_BY_HAND" : row.holdsAddress ? "STATIC_ADDRESS" : "CARRIES_OVER";
  const asks = addresses.length === 0 ? "" : ` (${listed(addresses)})`;
  return [
    note(
      `${code}: ${name}${asks} of Service ${where}, for ${next}: ${howItCarries[row.carries]}; ${row.equivalent}.`,
      where,
    ),
  ];
}

function kindOf({ type, loadBalancerClass }: ExposedService): string {
  return loadBalancerClass === null ? `type ${type}` : `type ${type}, class ${loadBalancerClass}`;
}

function listed(addresses: readonly string[]): string {
  return addresses.length === 0 ? "no address" : [...addresses].sort().join(", ");
}
