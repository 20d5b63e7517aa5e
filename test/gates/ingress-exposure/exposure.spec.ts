import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { explainGate } from "../../../lib/gates/explain.js";
import { ingressExposureGate } from "../../../lib/gates/ingress-exposure/gate.js";
import { type Verdict } from "../../../lib/gates/verdict/types.js";
import { citeSource } from "../../../lib/planning/rules/citation.js";
import { loadRules } from "../../../lib/planning/rules/rules.js";
import { type FakeFacts, fakeSite, inputFor, neverAborted } from "../fake-site.js";

type Service = FakeFacts["services"][string];

const nginx = "ingress-nginx/ingress-nginx-controller";
const traefik = "ingress-traefik/traefik-ingress-controller";
const moves = `of Service ${nginx}, for ${traefik}`;

function judge(services: FakeFacts["services"], from = "4.8.33", to = "4.8.47"): Promise<Verdict> {
  return ingressExposureGate.sample(inputFor({ from, to, site: fakeSite({ services }) }), neverAborted);
}

/** What is told of one Service beside that it gets a new address. */
async function reported(service: Service): Promise<string[]> {
  const { outcome, reasons } = await judge({ [nginx]: { addresses: ["10.0.0.1"], ...service } });
  assert.equal(outcome, "pass");
  return reasons.slice(1).map(({ message }) => message);
}

const annotated = (name: string, value = "private-value"): Service => ({ annotations: { [name]: value } });

describe("gate ingress-exposure", () => {
  it("tells name, type, class and address of today's Service, and the new one", async () => {
    const service = { addresses: ["10.0.0.2", "10.0.0.1"], loadBalancerClass: "a.example/lb" };
    const { reasons, observed } = await judge({ [nginx]: service });

    assert.equal(
      reasons[0]?.message,
      `Service ${traefik} gets a new address; today ${nginx} (type LoadBalancer, class a.example/lb) has 10.0.0.1, 10.0.0.2. ` +
        "Lower the time to live of the root domain's records now and move them after the hop.",
    );
    assert.deepEqual(observed, {
      controller: "nginx",
      next: "traefik",
      type: "LoadBalancer",
      class: "a.example/lb",
      addresses: ["10.0.0.2", "10.0.0.1"],
      annotations: [],
      settings: ["spec.loadBalancerClass"],
      leaving: null,
    });
  });

  const table: [string, Service, string[]][] = [
    ["a plain load balancer: nothing else", {}, []],
    [
      "AWS: what the cloud reads from any Service is set again",
      annotated("service.beta.kubernetes.io/aws-load-balancer-subnets"),
      [
        `CARRIES_OVER: service.beta.kubernetes.io/aws-load-balancer-subnets ${moves}: set it again; the same key and value in ` +
          "ingress.ingress.annotations; to take a subnet away later may cut connections.",
      ],
    ],
    [
      "AWS: elastic IPs are static, by allocation, which is not shown",
      annotated("service.beta.kubernetes.io/aws-load-balancer-eip-allocations", "eipalloc-1"),
      [
        `STATIC_ADDRESS: service.beta.kubernetes.io/aws-load-balancer-eip-allocations ${moves}: needs a value of its own; ` +
          "elastic IPs of its own, as many as subnets; today's are free only when the old Service is gone.",
      ],
    ],
    [
      "AWS: a health check is one of Nginx's, whatever its detail",
      annotated("service.beta.kubernetes.io/aws-load-balancer-healthcheck-path"),
      [
        `CARRIES_OVER: service.beta.kubernetes.io/aws-load-balancer-healthcheck-path ${moves}: review; path and port have to be ` +
          "ones that Traefik answers; Nginx's health endpoint is not there.",
      ],
    ],
    [
      "GCP: an internal load balancer",
      annotated("networking.gke.io/load-balancer-type", "Internal"),
      [
        `CARRIES_OVER: networking.gke.io/load-balancer-type ${moves}: set it again; the same key and value in ` +
          "ingress.ingress.annotations: without it an internal load balancer becomes a public one.",
      ],
    ],
    [
      "Azure: a fixed address is named",
      annotated("service.beta.kubernetes.io/azure-load-balancer-ipv4", "10.9.0.7"),
      [
        `STATIC_ADDRESS: service.beta.kubernetes.io/azure-load-balancer-ipv4 (10.9.0.7) ${moves}: needs a value of its own; an ` +
          "address of its own, in the same key; today's is free only when the old Service is gone.",
      ],
    ],
    [
      "MetalLB: several fixed addresses, and what is no address stays unsaid",
      annotated("metallb.io/loadBalancerIPs", "10.9.0.7, fd00::7,secret"),
      [
        `STATIC_ADDRESS: metallb.io/loadBalancerIPs (10.9.0.7, fd00::7) ${moves}: needs a value of its own; an address of its own, ` +
          "in the same key; today's is free only when the old Service is gone, for two Services on 443 cannot share it.",
      ],
    ],
    [
      "any provider: spec.loadBalancerIP",
      { loadBalancerIP: "10.9.0.8" },
      [
        `STATIC_ADDRESS: spec.loadBalancerIP (10.9.0.8) ${moves}: needs a value of its own; ingress.ingress.ingressStaticIP with ` +
          "an address of its own; the field is deprecated, and providers prefer an annotation.",
      ],
    ],
    [
      "any provider: spec.externalIPs",
      { externalIPs: ["10.9.0.9"] },
      [
        `CARRY_BY_HAND: spec.externalIPs (10.9.0.9) ${moves}: carry over by hand; no documented key of Palette's values; route ` +
          "these addresses to the new Service yourself.",
      ],
    ],
    [
      "any provider: who may connect, without the ranges",
      { sourceRanges: ["192.0.2.0/24"] },
      [
        `CARRY_BY_HAND: spec.loadBalancerSourceRanges ${moves}: carry over by hand; no documented key of Palette's values; where ` +
          "the provider has an annotation for it, set that, lest everybody may connect.",
      ],
    ],
    [
      "another type than LoadBalancer",
      { type: "NodePort" },
      [
        `CARRIES_OVER: spec.type ${moves}: set it again; LoadBalancer, unless ingress.traefik.hostPort is true; another type was ` +
          "made by hand.",
      ],
    ],
    [
      "an annotation that nobody here knows",
      annotated("lb.example/flavour"),
      [
        `CARRY_BY_HAND: lb.example/flavour of Service ${nginx}: carry over by hand; no equivalent for ${traefik} is known here.`,
      ],
    ],
    [
      "one that only begins like a known one is not known",
      annotated("metallb.io/address-pool-of-mine"),
      [
        `CARRY_BY_HAND: metallb.io/address-pool-of-mine of Service ${nginx}: carry over by hand; no equivalent for ${traefik} is ` +
          "known here.",
      ],
    ],
    ["what tools write of themselves is not listed", annotated("meta.helm.sh/release-name", "hubble"), []],
  ];
  for (const [title, service, messages] of table) {
    it(title, async () => assert.deepEqual(await reported(service), messages));
  }

  it("says so of a Service that has no address yet, and nothing of a class that it has not", async () => {
    const { reasons } = await judge({ [nginx]: { addresses: [] } });
    assert.equal(
      reasons[0]?.message,
      `Service ${traefik} gets a new address; today ${nginx} (type LoadBalancer) has no address. ` +
        "Lower the time to live of the root domain's records now and move them after the hop.",
    );
  });

  it("names all settings of a Service that goes away where none serves the domain yet", async () => {
    const verdict = await judge(
      { [nginx]: { addresses: ["10.0.0.1"], loadBalancerIP: "10.0.0.1" } },
      "4.9.5",
      "4.9.14",
    );
    assert.deepEqual(
      verdict.reasons.map(({ message }) => message.slice(0, 44)),
      [
        `INGRESS_OWN: No Service ingress-traefik/trae`,
        `Service ${nginx} goes away`.slice(0, 44),
        "STATIC_ADDRESS: spec.loadBalancerIP (10.0.0.",
      ],
    );
  });

  it("shows no address in a setting that asks for none", async () => {
    assert.deepEqual(await reported(annotated("service.beta.kubernetes.io/aws-load-balancer-subnets", "10.0.0.77")), [
      `CARRIES_OVER: service.beta.kubernetes.io/aws-load-balancer-subnets ${moves}: set it again; the same key and value in ` +
        "ingress.ingress.annotations; to take a subnet away later may cut connections.",
    ]);
  });

  it("sorts settings by name and never shows a value that is no address", async () => {
    const annotations = {
      "m.example/c": "x",
      "z.example/a": "arn:private",
      "a.example/b": "10.1.1.1",
      "b.example/d": "y",
    };
    const verdict = await judge({ [nginx]: { annotations } });

    assert.deepEqual(
      verdict.reasons.slice(1).map(({ message }) => /: (\S+) of/.exec(message)?.[1]),
      ["a.example/b", "b.example/d", "m.example/c", "z.example/a"],
    );
    assert.doesNotMatch(JSON.stringify(verdict), /arn:private|10\.1\.1\.1/);
  });

  it("says so where no Service serves the domain", async () => {
    assert.match(
      (await judge({})).reasons[0]!.message,
      /^INGRESS_OWN: No Service ingress-nginx\/ingress-nginx-controller/,
    );
  });

  it("where Traefik serves already and Nginx has no Service, only that is said", async () => {
    const verdict = await judge({ [traefik]: { addresses: ["10.0.0.2"] } }, "4.9.5", "4.9.14");

    assert.deepEqual(
      verdict.reasons.map(({ message }) => message),
      ["traefik keeps serving the domain at 10.0.0.2; the other controller goes away."],
    );
  });

  it("where Nginx still has one, it is named with what Traefik's lacks, and not with what it has", async () => {
    const shared = "service.beta.kubernetes.io/aws-load-balancer-subnets";
    const verdict = await judge(
      {
        [traefik]: { addresses: ["10.0.0.2"], annotations: { [shared]: "b" } },
        [nginx]: { addresses: ["10.0.0.1"], annotations: { [shared]: "a" }, loadBalancerIP: "10.0.0.1" },
      },
      "4.9.5",
      "4.9.14",
    );

    assert.deepEqual(
      verdict.reasons.map(({ message }) => message),
      [
        "traefik keeps serving the domain at 10.0.0.2; the other controller goes away.",
        `Service ${nginx} goes away with this hop, and its 10.0.0.1: nothing may be reached through it any more.`,
        `STATIC_ADDRESS: spec.loadBalancerIP (10.0.0.1) ${moves}: needs a value of its own; ingress.ingress.ingressStaticIP with ` +
          "an address of its own; the field is deprecated, and providers prefer an annotation.",
      ],
    );
  });

  it("a Service that may not be read is unknown", async () => {
    const site = fakeSite({}, { serviceAddresses: () => new SiteError("forbidden", "get services") });
    const verdict = await ingressExposureGate.sample(inputFor({ site }), neverAborted);

    assert.deepEqual([verdict.outcome, verdict.reasons[0]?.code], ["unknown", "FORBIDDEN"]);
  });

  it("explains every setting that it knows, by provider, with its source", () => {
    const text = explainGate(ingressExposureGate);
    for (const { annotation, field, source } of loadRules("exposure")) {
      assert.ok(text.includes(`    ${annotation ?? field}: `), annotation ?? field);
      if (source !== null) assert.ok(text.includes(citeSource(source)));
    }
    assert.deepEqual(
      [...text.matchAll(/^ {2}([a-z-]+): .*what carries over/gm)].map((match) => match[1]),
      ["aws", "gcp", "azure", "metallb", "kube-vip", "generic"],
    );
  });
});
