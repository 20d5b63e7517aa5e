import type { Ingress } from "../../plan/rules-types.js";
import { note, type Finding } from "../verdict.js";

/** How the installation is reached today. */
export interface Exposure {
  /** Load-balancer addresses and annotations of today's ingress Service; null when there is none. */
  service: { addresses: readonly string[]; annotations: Readonly<Record<string, string>> } | null;
  today: Ingress;
  after: Ingress;
}

/**
 * Lists what an ingress that changes may lose: addresses, load-balancer annotations. Not a proof of anything: the act
 * `dns-cutover` is a person's.
 */
export function judgeExposure({ service, today, after }: Exposure): Finding[] {
  const where = `${today.namespace}/${today.service}`;
  const next = `${after.namespace}/${after.service}`;
  if (service === null) {
    const message =
      `No Service ${where} was found, so Palette is reached by host ports, a virtual address or an ingress of your own. ` +
      `From this hop on ${after.controller} serves it: plan how the domain will reach it.`;
    return [note(`INGRESS_OWN: ${message}`, where)];
  }
  if (today.controller === after.controller) {
    return [
      note(
        `${after.controller} keeps serving the domain at ${listed(service.addresses)}; the other controller goes away.`,
        where,
      ),
    ];
  }
  const annotations = Object.keys(service.annotations).sort();
  return [
    note(
      `Service ${next} gets a new address; today ${where} has ${listed(service.addresses)}. Lower the time to live of the root ` +
        "domain's records now and move them after the hop; a static IP in the values (ingress.ingress.ingressStaticIP) has to fit the new Service.",
      where,
    ),
    ...(annotations.length === 0
      ? []
      : [
          note(
            `Load-balancer annotations of ${where} may not carry over to ${after.controller}: ${annotations.join(", ")}. ` +
              "Set what is still needed in the values (ingress.ingress.annotations) before the hop.",
            where,
          ),
        ]),
  ];
}

function listed(addresses: readonly string[]): string {
  return addresses.length === 0 ? "no address" : [...addresses].sort().join(", ");
}
