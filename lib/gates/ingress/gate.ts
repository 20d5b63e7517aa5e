import { ingressOf } from "../../plan/rules.js";
import type { Ingress } from "../../plan/rules-types.js";
import type { Site } from "../../site/types.js";
import type { Version } from "../../version/version.js";
import type { Gate } from "../types.js";
import { findingOfError, read, verdictOf, type Reading } from "../verdict.js";
import { judgeIngress, type Answer, type IngressFacts } from "./judge.js";
import { nginxService } from "./nginx.js";

/** The root domain leads to the ingress of the version: after the hop that changes it, and before the next one. */
export const ingressGate: Gate = {
  name: "ingress",
  timing: { deadlineSeconds: 900, intervalSeconds: 15, samples: 2 },
  recheck: "start-only",
  reads: ["services (get) of the ingress namespaces", "HTTPS to the root domain and to the ingress's own addresses"],
  async sample({ site, settings, edge, when }, signal) {
    const version = when === "after" ? edge.to : edge.from;
    if (settings.rootDomain === null) return verdictOf("ingress", [noRootDomain], null);
    const { rootDomain } = settings;
    const facts = await read(() => probeIngress(site, version, rootDomain, signal), signal);
    if (!facts.ok) {
      return verdictOf("ingress", [findingOfError(facts.error, null, "The ingress's Service could not be read")], null);
    }
    const { ingress, addresses } = facts.value;
    return verdictOf("ingress", judgeIngress(facts.value), {
      live: version,
      controller: ingress.controller,
      service: `${ingress.namespace}/${ingress.service}`,
      addresses: addresses === null ? null : [...addresses],
    });
  },
};

const noRootDomain = {
  outcome: "unknown" as const,
  code: "ROOT_DOMAIN_UNKNOWN",
  member: null,
  message:
    "palette:rootDomain is not set, so who answers for Palette cannot be asked. Set it to the installation's domain.",
};

async function probeIngress(
  site: Site,
  version: Version,
  rootDomain: string,
  signal: AbortSignal,
): Promise<IngressFacts> {
  const ingress = ingressOf(version);
  const service = await site.kubernetes.serviceAddresses(ingress.namespace, ingress.service);
  const ask = (address: string): Promise<Reading<Answer>> =>
    read(() => site.ingressAnswer(address, rootDomain), signal);
  const addresses = service?.addresses ?? null;
  const direct: IngressFacts["direct"][number][] = [];
  for (const address of addresses ?? []) direct.push({ address, answer: await ask(address) });
  const domain = direct.length === 0 ? null : await ask(rootDomain);
  return { version, rootDomain, ingress, addresses, direct, old: await askOld(site, ingress, ask), domain };
}

/** An old controller that is gone, or does not answer, cannot be mistaken for the new one. */
async function askOld(
  site: Site,
  ingress: Ingress,
  ask: (address: string) => Promise<Reading<Answer>>,
): Promise<Reading<Answer> | null> {
  if (ingress.controller !== "traefik") return null;
  const service = await site.kubernetes.serviceAddresses(nginxService.namespace, nginxService.service);
  const [address] = service?.addresses ?? [];
  return address === undefined ? null : ask(address);
}
