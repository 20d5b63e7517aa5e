import { type Ingress } from "../../planning/rules/types.js";
import { getIngress } from "../../planning/rules/rules.js";
import { type Site } from "../../site/types.js";
import { type Version } from "../../planning/version/version.js";
import { type Gate } from "../verdict/types.js";
import { createVerdict, read, type Reading, toErrorFinding } from "../verdict/findings.js";
import { type Answer, type IngressFacts, judgeIngress, nginxService } from "./judge.js";

/** Checks that the root domain leads to the version's ingress: after a hop that changes it and before the next. */
export const ingressGate: Gate = {
  name: "ingress",
  timing: { deadlineSeconds: 900, intervalSeconds: 15, samples: 2 },
  recheck: "start-only",
  async sample({ site, settings, edge, when }, signal) {
    const version = when === "after" ? edge.to : edge.from;
    const { rootDomain } = settings.site;
    if (rootDomain === null) return createVerdict("ingress", [noRootDomain], null);
    const facts = await read(() => probeIngress(site, version, rootDomain, signal), signal);
    if (!facts.ok) {
      return createVerdict(
        "ingress",
        [toErrorFinding(facts.error, null, "The ingress's Service could not be read")],
        null,
      );
    }
    const { ingress, addresses } = facts.value;
    return createVerdict("ingress", judgeIngress(facts.value), {
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
    "palette:site.rootDomain is not set, so who answers for Palette cannot be asked. Set it to the installation's domain.",
};

async function probeIngress(
  site: Site,
  version: Version,
  rootDomain: string,
  signal: AbortSignal,
): Promise<IngressFacts> {
  const ingress = getIngress(version);
  const service = await site.kubernetes.serviceAddresses(ingress.namespace, ingress.service);
  const probeAddress = (address: string): Promise<Reading<Answer>> =>
    read(() => site.fetchIngressAnswer(address, rootDomain), signal);
  const addresses = service?.addresses ?? null;
  const direct: IngressFacts["direct"][number][] = [];
  for (const address of addresses ?? []) direct.push({ address, answer: await probeAddress(address) });
  const domain = direct.length === 0 ? null : await probeAddress(rootDomain);
  return {
    version,
    rootDomain,
    ingress,
    addresses,
    direct,
    old: await probeOldController(site, ingress, probeAddress),
    domain,
  };
}

/** Probes the old controller; null when it has no address, as it cannot then be mistaken for the new one. */
async function probeOldController(
  site: Site,
  ingress: Ingress,
  probeAddress: (address: string) => Promise<Reading<Answer>>,
): Promise<Reading<Answer> | null> {
  if (ingress.controller !== "traefik") return null;
  const service = await site.kubernetes.serviceAddresses(nginxService.namespace, nginxService.service);
  const [address] = service?.addresses ?? [];
  return address === undefined ? null : probeAddress(address);
}
