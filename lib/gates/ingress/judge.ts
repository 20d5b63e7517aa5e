import { type Ingress } from "../../planning/rules/types.js";
import { type Version } from "../../planning/version/version.js";
import { type Finding, type Reading, toErrorFinding } from "../verdict/findings.js";

/** Who answered an HTTPS request for the root domain. */
export interface Answer {
  status: number;
  server: string;
  certificateIssuer: string;
}

export interface IngressFacts {
  version: Version;
  rootDomain: string;
  /** The controller that should serve the domain at this version. */
  ingress: Ingress;
  /** Load-balancer addresses of its Service; null when there is no such Service. */
  addresses: readonly string[] | null;
  /** Answers of the controller for the domain, requested at each of its own addresses. */
  direct: readonly { address: string; answer: Reading<Answer> }[];
  /** Answer of the old controller for the domain; null when there is no old controller to ask. */
  old: Reading<Answer> | null;
  /** Answer at the domain itself, resolved from this machine; null when it was not requested. */
  domain: Reading<Answer> | null;
}

/**
 * Judges whether the controller of this version serves the root domain: the domain must give the same answer as the
 * controller does at its own address under the same host name. This also works with virtual addresses and split DNS.
 */
export function judgeIngress(facts: IngressFacts): Finding[] {
  const { ingress, addresses, version } = facts;
  const service = `${ingress.namespace}/${ingress.service}`;
  if (addresses === null) {
    const message = `Service ${service} is not there; at ${version} ${ingress.controller} serves the root domain behind it. Wait for the roll-out, or accept this gate by name where the ingress is your own.`;
    return [{ outcome: "wait", code: "INGRESS_SERVICE_MISSING", member: service, message }];
  }
  if (addresses.length === 0) {
    const message = `Service ${service} has no load-balancer address yet. Wait for one, or look at the Service's events.`;
    return [{ outcome: "wait", code: "INGRESS_NO_ADDRESS", member: service, message }];
  }
  const [own] = facts.direct.flatMap(({ address, answer }) => (answer.ok ? [{ address, answer: answer.value }] : []));
  return own === undefined
    ? addresses.map((address) => createUnreachableFinding(facts, address))
    : judgeDomain(facts, own);
}

function judgeDomain(facts: IngressFacts, own: { address: string; answer: Answer }): Finding[] {
  const { domain, rootDomain, ingress, old } = facts;
  if (!domain?.ok) {
    return [toErrorFinding(domain?.error ?? notAskedError, rootDomain, `${rootDomain} could not be asked over HTTPS`)];
  }
  if (!isSameAnswer(domain.value, own.answer) || hasOtherControllerName(domain.value, ingress))
    return [createNotCutOverFinding(facts, own.address, domain.value)];
  if (old?.ok && isSameAnswer(old.value, own.answer)) {
    const message =
      `${rootDomain} is answered, but the old ingress gives the same answer as ${ingress.controller} at ${own.address}, so which ` +
      "of the two the domain leads to cannot be determined. Compare its DNS record with that address, and accept this gate by name.";
    return [{ outcome: "unknown", code: "INGRESS_INDISTINGUISHABLE", member: rootDomain, message }];
  }
  return [];
}

const notAskedError = new Error("it was not asked");

function createNotCutOverFinding({ rootDomain, ingress }: IngressFacts, address: string, seen: Answer): Finding {
  const message =
    `${rootDomain} is answered by ${describeAnswer(seen)}, not by ${ingress.controller}, which answers for it at ${address}. ` +
    `Point the DNS records of ${rootDomain} and *.${rootDomain} at ${address}; until then Palette and its gateways are cut off.`;
  return { outcome: "wait", code: "INGRESS_NOT_CUT_OVER", member: rootDomain, message };
}

function createUnreachableFinding({ ingress, rootDomain, direct }: IngressFacts, address: string): Finding {
  const answer = direct.find((each) => each.address === address)?.answer;
  const error = answer?.ok === false ? answer.error : notAskedError;
  return toErrorFinding(error, address, `${ingress.controller} at ${address} could not be asked for ${rootDomain}`);
}

function isSameAnswer(a: Answer, b: Answer): boolean {
  return a.server === b.server && a.certificateIssuer === b.certificateIssuer && a.status === b.status;
}

/** True when the server header names the other controller; this outweighs all other signs. */
function hasOtherControllerName({ server }: Answer, { controller }: Ingress): boolean {
  return server.toLowerCase().includes(controller === "traefik" ? "nginx" : "traefik");
}

function describeAnswer({ status, server, certificateIssuer }: Answer): string {
  return `${server === "" ? "a server without a name" : `"${server}"`} (status ${status}, certificate of ${certificateIssuer || "an unknown issuer"})`;
}

/** Service of ingress-nginx, the controller before Traefik; both may run side by side until 4.9.14. */
export const nginxService = { namespace: "ingress-nginx", service: "ingress-nginx-controller" };
