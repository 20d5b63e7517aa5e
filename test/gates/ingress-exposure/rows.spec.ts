import assert from "node:assert/strict";
import { ingressExposureGate } from "../../../lib/gates/ingress-exposure/gate.js";
import { fakeSite, inputFor, neverAborted } from "../fake-site.js";

const nginx = "ingress-nginx/ingress-nginx-controller";
const moves = `of Service ${nginx}, for ingress-traefik/traefik-ingress-controller`;
const unknown = "carry over by hand; no equivalent for ingress-traefik/traefik-ingress-controller is known here.";

/** What is told of a Service with these annotations beside that it gets a new address. */
async function reported(annotations: Record<string, string>): Promise<string[]> {
  const site = fakeSite({ services: { [nginx]: { addresses: ["10.0.0.1"], annotations } } });
  const { reasons } = await ingressExposureGate.sample(inputFor({ from: "4.8.33", to: "4.8.47", site }), neverAborted);
  return reasons.slice(1).map(({ message }) => message);
}

describe("gate ingress-exposure: rows of the providers", () => {
  const publishesBoth =
    "needs a value of its own; the same keys, moved over by the act dns-cutover and not before: on two Services external-dns " +
    "would publish both addresses.";
  const table: [string, string, string, string][] = [
    [
      "AWS: security groups of one's own are set again",
      "service.beta.kubernetes.io/aws-load-balancer-security-groups",
      "CARRIES_OVER",
      "set it again; the same key and value in ingress.ingress.annotations: these groups limit who may connect, and source " +
        "ranges do not count beside them.",
    ],
    [
      "AWS: attributes of one port's target group",
      "service.beta.kubernetes.io/aws-load-balancer-target-group-attributes.443",
      "CARRIES_OVER",
      "review; the port in the key has to be one of the new Service's; where the value turns PROXY protocol on, then Traefik's " +
        "entry points have to trust the load balancer (proxyProtocol).",
    ],
    [
      "GCP: reserved addresses are static, by name, which is not shown",
      "networking.gke.io/load-balancer-ip-addresses",
      "STATIC_ADDRESS",
      "needs a value of its own; reserved addresses of its own, by name; today's are free only when the old Service is gone.",
    ],
    [
      "Azure: a private link service ends with the address",
      "service.beta.kubernetes.io/azure-pls-create",
      "CARRIES_OVER",
      "review; a private link service of its own, by another name and addresses: today's ends with the old Service's address, " +
        "and its consumers have to connect anew.",
    ],
    [
      "Azure: a port's health probe",
      "service.beta.kubernetes.io/port_443_health-probe_port",
      "CARRIES_OVER",
      "review; the port in the key has to be one of the new Service's, and a health probe one that Traefik answers.",
    ],
    [
      "external-dns: its key moves with DNS, never before",
      "external-dns.kubernetes.io/hostname",
      "CARRIES_OVER",
      publishesBoth,
    ],
    [
      "external-dns: so does its key of before May 2026",
      "external-dns.alpha.kubernetes.io/hostname",
      "CARRIES_OVER",
      publishesBoth,
    ],
  ];
  for (const [title, key, code, text] of table) {
    it(title, async () =>
      assert.deepEqual(await reported({ [key]: "some-name" }), [`${code}: ${key} ${moves}: ${text}`]),
    );
  }

  it("MetalLB: a fixed address by the key's old name is shown", async () => {
    assert.deepEqual(await reported({ "metallb.universe.tf/loadBalancerIPs": "10.9.0.7" }), [
      `STATIC_ADDRESS: metallb.universe.tf/loadBalancerIPs (10.9.0.7) ${moves}: needs a value of its own; an address of its own, ` +
        "as metallb.io/loadBalancerIPs where MetalLB is new; today's is free only when the old Service is gone.",
    ]);
  });

  it("what a provider's controller writes of itself is not listed", async () => {
    const written = {
      "metallb.io/ip-allocated-from-pool": "pool",
      "kube-vip.io/vipHost": "node-1",
      "service.kubernetes.io/tcp-forwarding-rule-ipv6": "rule",
      "service.kubernetes.io/firewall-rule-for-hc": "rule",
      "networking.gke.io/target-pool": "pool",
    };
    assert.deepEqual(await reported(written), []);
  });

  it("negative twin: a key that only begins like one that a controller writes is listed, and not known", async () => {
    for (const key of ["service.kubernetes.io/healthcheck-of-mine", "metallb.io/ip-allocated-from-pool-2"]) {
      assert.deepEqual(await reported({ [key]: "x" }), [`CARRY_BY_HAND: ${key} of Service ${nginx}: ${unknown}`]);
    }
  });

  it("negative twin: AWS's keys that concern UDP alone have no row, and are a person's to decide", async () => {
    const key = "service.beta.kubernetes.io/aws-load-balancer-quic-enabled-ports";
    assert.deepEqual(await reported({ [key]: "443" }), [`CARRY_BY_HAND: ${key} of Service ${nginx}: ${unknown}`]);
  });
});
