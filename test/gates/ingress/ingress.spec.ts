import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { ingressGate } from "../../../lib/gates/ingress/gate.js";
import { type Verdict } from "../../../lib/gates/verdict/types.js";
import { type FakeFacts, fakeSite, inputFor, neverAborted, settingsFor, siteFacts } from "../fake-site.js";

const domain = "palette.example.com";
const traefik = { status: 200, server: "", certificateIssuer: "CN=traefik" };
const nginx = { status: 200, server: "nginx", certificateIssuer: "CN=nginx" };
const service = (address: string): FakeFacts["services"][string] => ({ addresses: [address], annotations: {} });
const services = { "ingress-traefik/traefik-ingress-controller": service("10.0.0.2") };
const both = { ...services, "ingress-nginx/ingress-nginx-controller": service("10.0.0.1") };

function judge(
  facts: Partial<FakeFacts>,
  rootDomain: string | null = domain,
  from = "4.8.33",
  to = "4.8.47",
): Promise<Verdict> {
  const input = inputFor({
    when: "after",
    from,
    to,
    site: fakeSite(facts),
    settings: settingsFor({ site: { ...siteFacts, rootDomain } }),
  });
  return ingressGate.sample(input, neverAborted);
}

describe("gate ingress after 4.8.33 -> 4.8.47", () => {
  const table: [string, Partial<FakeFacts>, string, string[]][] = [
    [
      "the domain gives Traefik's own answer",
      { services, answers: { "10.0.0.2": traefik, [domain]: traefik } },
      "pass",
      [],
    ],
    [
      "so it does behind a virtual address",
      { services: both, answers: { "10.0.0.1": nginx, "10.0.0.2": traefik, [domain]: traefik } },
      "pass",
      [],
    ],
    [
      "the domain still leads to nginx",
      { services: both, answers: { "10.0.0.1": nginx, "10.0.0.2": traefik, [domain]: nginx } },
      "wait",
      ["INGRESS_NOT_CUT_OVER"],
    ],
    [
      "another status",
      { services, answers: { "10.0.0.2": traefik, [domain]: { ...traefik, status: 404 } } },
      "wait",
      ["INGRESS_NOT_CUT_OVER"],
    ],
    [
      "another issuer",
      { services, answers: { "10.0.0.2": traefik, [domain]: { ...traefik, certificateIssuer: "CN=old" } } },
      "wait",
      ["INGRESS_NOT_CUT_OVER"],
    ],
    [
      "even Traefik's own address is answered by nginx",
      { services, answers: { "10.0.0.2": nginx, [domain]: nginx } },
      "wait",
      ["INGRESS_NOT_CUT_OVER"],
    ],
    [
      "both controllers answer alike",
      { services: both, answers: { "10.0.0.1": traefik, "10.0.0.2": traefik, [domain]: traefik } },
      "unknown",
      ["INGRESS_INDISTINGUISHABLE"],
    ],
    ["no Service yet", { services: {}, answers: {} }, "wait", ["INGRESS_SERVICE_MISSING"]],
    [
      "no address yet",
      { services: { "ingress-traefik/traefik-ingress-controller": { addresses: [], annotations: {} } } },
      "wait",
      ["INGRESS_NO_ADDRESS"],
    ],
  ];
  for (const [title, facts, outcome, codes] of table) {
    it(`${outcome}: ${title}`, async () => {
      const verdict = await judge(facts);

      assert.deepEqual([verdict.outcome, verdict.reasons.map(({ code }) => code)], [outcome, codes]);
    });
  }

  it("says who answers, who should, and which records to move where", async () => {
    const verdict = await judge({
      services: both,
      answers: { "10.0.0.1": nginx, "10.0.0.2": traefik, [domain]: nginx },
    });

    assert.equal(
      verdict.reasons[0]?.message,
      'palette.example.com is answered by "nginx" (status 200, certificate of CN=nginx), not by traefik, which answers for it at ' +
        "10.0.0.2. Point the DNS records of palette.example.com and *.palette.example.com at 10.0.0.2; until then Palette and its " +
        "gateways are cut off.",
    );
  });

  it("an address or a domain that does not answer is unknown and asked again", async () => {
    const site = fakeSite({ services }, { ingressAnswer: () => new SiteError("network", "timeout") });
    const input = inputFor({
      when: "after",
      from: "4.8.33",
      to: "4.8.47",
      site,
      settings: settingsFor({ site: { ...siteFacts, rootDomain: domain } }),
    });
    const verdict = await ingressGate.sample(input, neverAborted);

    assert.deepEqual(
      [verdict.outcome, verdict.reasons[0]?.code, verdict.transient],
      ["unknown", "SITE_UNREACHABLE", true],
    );
  });

  it("without a root domain nothing can be asked: the setting is named", async () => {
    const verdict = await judge({ services }, null);

    assert.equal(verdict.reasons[0]?.code, "ROOT_DOMAIN_UNKNOWN");
    assert.match(verdict.reasons[0].message, /palette:site.rootDomain/);
  });
});
