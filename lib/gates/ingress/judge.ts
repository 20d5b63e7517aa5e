import type { Ingress } from "../../plan/rules-types.js";
import type { Version } from "../../version/version.js";
import { findingOfError, type Finding, type Reading } from "../verdict.js";

/** Who answered an HTTPS request for the root domain. */
export interface Answer {
  status: number;
  server: string;
  certificateIssuer: string;
}

export interface IngressFacts {
  version: Version;
  rootDomain: string;
  /** The controller that is to serve the domain at this version. */
  ingress: Ingress;
  /** Load-balancer addresses of its Service; null when there is no such Service. */
  addresses: readonly string[] | null;
  /** What the controller itself answers for the domain, by address. */
  direct: readonly { address: string; answer: Reading<Answer> }[];
  /** What the old controller answers for the domain, while it still runs. */
  old: Reading<Answer> | null;
  /** What the domain leads to from here. */
  domain: Reading<Answer> | null;
}

/**
 * The root domain is answered by the controller of this version: it gives the answer that the controller gives at its own
 * address under the same name, which holds behind virtual addresses and split DNS too.
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
  return own === undefined ? addresses.map((address) => unreachable(facts, address)) : judgeDomain(facts, own);
}

function judgeDomain(facts: IngressFacts, own: { address: string; answer: Answer }): Finding[] {
  const { domain, rootDomain, ingress, old } = facts;
  if (!domain?.ok) {
    return [findingOfError(domain?.error ?? notAsked, rootDomain, `${rootDomain} could not be asked over HTTPS`)];
  }
  if (!isSame(domain.value, own.answer) || namesOther(domain.value, ingress))
    return [notCutOver(facts, own.address, domain.value)];
  if (old?.ok && isSame(old.value, own.answer)) {
    const message =
      `${rootDomain} is answered, but the old ingress gives the same answer as ${ingress.controller} at ${own.address}, so which ` +
      "of the two the domain leads to cannot be told. Compare its DNS record with that address, and accept this gate by name.";
    return [{ outcome: "unknown", code: "INGRESS_INDISTINGUISHABLE", member: rootDomain, message }];
  }
  return [];
}

const notAsked = new Error("it was not asked");

function notCutOver({ rootDomain, ingress }: IngressFacts, address: string, seen: Answer): Finding {
  const message =
    `${rootDomain} is answered by ${wordsOf(seen)}, not by ${ingress.controller}, which answers for it at ${address}. ` +
    `Point the DNS records of ${rootDomain} and *.${rootDomain} at ${address}; until then Palette and its gateways are cut off.`;
  return { outcome: "wait", code: "INGRESS_NOT_CUT_OVER", member: rootDomain, message };
}

function unreachable({ ingress, rootDomain, direct }: IngressFacts, address: string): Finding {
  const answer = direct.find((each) => each.address === address)?.answer;
  const error = answer?.ok === false ? answer.error : notAsked;
  return findingOfError(error, address, `${ingress.controller} at ${address} could not be asked for ${rootDomain}`);
}

function isSame(a: Answer, b: Answer): boolean {
  return a.server === b.server && a.certificateIssuer === b.certificateIssuer && a.status === b.status;
}

/** A server header that names the other controller outweighs all else. */
function namesOther({ server }: Answer, { controller }: Ingress): boolean {
  return server.toLowerCase().includes(controller === "traefik" ? "nginx" : "traefik");
}

function wordsOf({ status, server, certificateIssuer }: Answer): string {
  return `${server === "" ? "a server without a name" : `"${server}"`} (status ${status}, certificate of ${certificateIssuer || "an unknown issuer"})`;
}
