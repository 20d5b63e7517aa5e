import assert from "node:assert/strict";
import { ingressExposureGate } from "../../../lib/gates/ingress-exposure/gate.js";
import type { Verdict } from "../../../lib/gates/types.js";
import { SiteError } from "../../../lib/site/types.js";
import { fakeSite, inputFor, neverAborted, type FakeFacts } from "../fake-site.js";

function judge(services: FakeFacts["services"], from = "4.8.33", to = "4.8.47"): Promise<Verdict> {
  return ingressExposureGate.sample(inputFor({ from, to, site: fakeSite({ services }) }), neverAborted);
}

describe("gate ingress-exposure", () => {
  it("lists address and annotations by name, never an annotation's value", async () => {
    const annotations = { "service.beta.kubernetes.io/aws-load-balancer-ssl-cert": "arn:private", "a/b": "c" };
    const verdict = await judge({ "ingress-nginx/ingress-nginx-controller": { addresses: ["10.0.0.1"], annotations } });

    assert.equal(verdict.outcome, "pass");
    assert.deepEqual(
      verdict.reasons.map(({ message }) => message),
      [
        "Service ingress-traefik/traefik-ingress-controller gets a new address; today ingress-nginx/ingress-nginx-controller has 10.0.0.1. " +
          "Lower the time to live of the root domain's records now and move them after the hop; a static IP in the values " +
          "(ingress.ingress.ingressStaticIP) has to fit the new Service.",
        "Load-balancer annotations of ingress-nginx/ingress-nginx-controller may not carry over to traefik: a/b, " +
          "service.beta.kubernetes.io/aws-load-balancer-ssl-cert. Set what is still needed in the values (ingress.ingress.annotations) before the hop.",
      ],
    );
    assert.doesNotMatch(JSON.stringify(verdict), /arn:private/);
  });

  it("says so where no Service serves the domain", async () => {
    assert.match(
      (await judge({})).reasons[0]!.message,
      /^INGRESS_OWN: No Service ingress-nginx\/ingress-nginx-controller was found/,
    );
  });

  it("where Traefik serves already, only the other controller goes", async () => {
    const verdict = await judge(
      { "ingress-traefik/traefik-ingress-controller": { addresses: ["10.0.0.2"], annotations: {} } },
      "4.9.5",
      "4.9.14",
    );

    assert.deepEqual(
      verdict.reasons.map(({ message }) => message),
      ["traefik keeps serving the domain at 10.0.0.2; the other controller goes away."],
    );
  });

  it("a Service that may not be read is unknown", async () => {
    const site = fakeSite({}, { serviceAddresses: () => new SiteError("forbidden", "get services") });
    const verdict = await ingressExposureGate.sample(inputFor({ site }), neverAborted);

    assert.deepEqual([verdict.outcome, verdict.reasons[0]?.code], ["unknown", "FORBIDDEN"]);
  });
});
