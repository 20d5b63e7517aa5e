import { defaultGateSettings } from "../../lib/settings/gate-settings.js";
import assert from "node:assert/strict";
import { createServer, type Server } from "node:https";
import { createSecureContext } from "node:tls";
import { makeAuthority } from "../support/certificates.js";
import { clusterRig, type ClusterRig } from "./support/cluster-rig.js";
import { judged, sentences, verdictWords } from "./support/gate-runner.js";
import { ownToolsOrSkip } from "./support/global-setup.js";
import { print } from "./support/measures.js";

/** Resolves on every machine, to an address where we may answer. */
const rootDomain = "localhost";
const installed = "4.8.33";
const traefikComes = "4.8.47";
const [nginxAddress, traefikAddress, domainAddress] = ["127.77.1.10", "127.77.1.11", "127.0.0.1"];

/** Serves a certificate of `issuer` to who asks for the root domain by name, and one of nobody's to all others. */
function ingressServer(issuer: string, server: string): Server {
  const named = makeAuthority(issuer).issue([rootDomain]);
  const context = createSecureContext(named);
  const byDefault = makeAuthority("default of the controller").issue(["invalid"]);
  return createServer(
    { ...byDefault, SNICallback: (name, done) => done(null, name === rootDomain ? context : undefined) },
    (request, response) => {
      const isOurs = request.headers.host === rootDomain;
      response.writeHead(isOurs ? 200 : 404, server === "" ? {} : { server }).end();
    },
  );
}

describe("ingress gates on a real API server", function () {
  this.timeout(600_000);
  let rig: ClusterRig;
  const open: Server[] = [];

  before(async function () {
    const tools = ownToolsOrSkip(this, "load balancers' addresses are of loopback here");
    const refused = await listening(ingressServer("probe", ""), traefikAddress).catch((error: Error) => error.message);
    if (refused !== undefined) {
      print(`skipped: no server can listen at ${traefikAddress}:443 (${refused})`);
      return this.skip();
    }
    await closeAll();
    rig = await clusterRig({ tools, from: installed, to: traefikComes, matrix: "palette-kubernetes-4.9.51" });
  });
  afterEach(closeAll);
  after(async () => rig?.dispose());

  async function listening(server: Server, address: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(443, address, resolve);
    });
    open.push(server);
  }
  async function closeAll(): Promise<void> {
    for (const server of open.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
  const service = (controller: string): string =>
    `/api/v1/namespaces/ingress-${controller}/services/${controller === "nginx" ? "ingress-nginx" : "traefik-ingress"}-controller`;
  async function address(controller: string, ip: string): Promise<void> {
    await rig.plane.api.patch(`${service(controller)}/status`, { status: { loadBalancer: { ingress: [{ ip }] } } });
  }
  const settings = {
    site: { ...defaultGateSettings.site, rootDomain },
    gates: { deadlineSeconds: 15, intervalSeconds: 0.5, samples: null },
  };
  const ask = (gate: "ingress" | "ingress-exposure", when: "before" | "after"): ReturnType<typeof judged> =>
    judged(rig, gate, { to: traefikComes, when, settings });

  it("ingress-exposure: today's address and a setting of its load balancer are named with what they become", async () => {
    await address("nginx", nginxAddress);
    const annotations = { "metallb.universe.tf/loadBalancerIPs": nginxAddress };
    await rig.plane.api.patch(service("nginx"), { metadata: { annotations } });
    const report = await ask("ingress-exposure", "before");
    assert.equal(verdictWords(report), "pass", sentences(report));
    assert.match(
      sentences(report),
      /^Service ingress-traefik\/traefik-ingress-controller gets a new address; today .* has 127\.77\.1\.10\./,
    );
    assert.match(
      sentences(report),
      /^STATIC_ADDRESS: metallb\.universe\.tf\/loadBalancerIPs \(127\.77\.1\.10\) of Service ingress-nginx\/ingress-nginx-controller, for ingress-traefik\/traefik-ingress-controller: needs a value of its own;/m,
    );
  });

  describe("with Traefik installed", () => {
    before(async () => {
      rig.palette.writeCharts(traefikComes);
      await rig.palette.upgrade(traefikComes, "hubble");
    });

    it("without a load-balancer address it waits, and names the Service", async () => {
      const report = await ask("ingress", "after");
      assert.equal(verdictWords(report), "fail DEADLINE INGRESS_NO_ADDRESS", sentences(report));
      assert.match(
        sentences(report),
        /Service ingress-traefik\/traefik-ingress-controller has no load-balancer address/,
      );
    });

    it("the domain leads to Traefik by another address: the same name gets the same answer", async () => {
      await address("traefik", traefikAddress);
      await listening(ingressServer("traefik's", ""), traefikAddress);
      await listening(ingressServer("traefik's", ""), domainAddress);
      const report = await ask("ingress", "after");
      assert.equal(verdictWords(report), "pass", sentences(report));
    });

    it("the domain still leads to Nginx: where to point DNS is told", async () => {
      await listening(ingressServer("traefik's", ""), traefikAddress);
      await listening(ingressServer("nginx's", "nginx"), nginxAddress);
      await listening(ingressServer("nginx's", "nginx"), domainAddress);
      const report = await ask("ingress", "after");
      assert.equal(verdictWords(report), "fail DEADLINE INGRESS_NOT_CUT_OVER", sentences(report));
      assert.match(
        sentences(report),
        /localhost is answered by "nginx" \(status 200, certificate of nginx's\), not by traefik, which answers for it at 127\.77\.1\.11/,
      );
    });

    it("both give the same answer: it cannot be determined, and is not passed", async () => {
      for (const place of [traefikAddress, nginxAddress, domainAddress])
        await listening(ingressServer("one", ""), place);
      const report = await ask("ingress", "after");
      assert.equal(verdictWords(report), "unknown INGRESS_INDISTINGUISHABLE", sentences(report));
    });
  });
});
