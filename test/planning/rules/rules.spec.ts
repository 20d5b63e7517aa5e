import assert from "node:assert/strict";
import {
  findHighestKubernetes,
  getIngress,
  getReadinessRequirements,
  listAvoidedStops,
  listExpectedReleases,
  listRequiredNamespaces,
} from "../../../lib/planning/rules/rules.js";
import { type SiteFacts } from "../../../lib/planning/rules/site-facts.js";

describe("what a version consists of", () => {
  const ready: [version: string, namespaces: string[], controller: string][] = [
    ["4.1.12", ["cp-system", "hubble-system", "ingress-nginx", "jet-system", "ui-system"], "nginx"],
    ["4.8.46", ["cp-system", "hubble-system", "ingress-nginx", "jet-system", "ui-system"], "nginx"],
    [
      "4.8.47",
      ["cp-system", "hubble-system", "ingress-nginx", "ingress-traefik", "jet-system", "ui-system"],
      "traefik",
    ],
    ["4.9.5", ["cp-system", "hubble-system", "ingress-nginx", "ingress-traefik", "jet-system", "ui-system"], "traefik"],
    ["4.9.14", ["cp-system", "hubble-system", "ingress-traefik", "jet-system", "ui-system"], "traefik"],
    ["4.10.0", ["cp-system", "hubble-system", "ingress-traefik", "jet-system", "ui-system"], "traefik"],
  ];
  for (const [version, namespaces, controller] of ready) {
    it(`${version} is ready in ${namespaces.join(", ")} and served by ${controller}`, () => {
      assert.deepEqual(listRequiredNamespaces(version), namespaces);
      assert.equal(getIngress(version).controller, controller);
    });
  }

  it("Traefik is reached by its own Service", () => {
    const { namespace, service, workload } = getIngress("4.8.52");
    assert.deepEqual(
      [namespace, service, workload.kind],
      ["ingress-traefik", "traefik-ingress-controller", "DaemonSet"],
    );
  });

  it("the namespace of Nginx is kept from 4.9.14 on, not before", () => {
    assert.deepEqual(getReadinessRequirements("4.9.14").kept, ["ingress-nginx"]);
    assert.deepEqual(getReadinessRequirements("4.9.5").kept, []);
  });

  it("completed pods: pack synchronisation always, the MongoDB key manager from 4.8 on", () => {
    const prefixes = (version: string): string[] =>
      getReadinessRequirements(version).completedPods.map((pod) => pod.prefix);
    assert.deepEqual(prefixes("4.7.39"), ["packsync-"]);
    assert.deepEqual(prefixes("4.8.8"), ["packsync-", "mongodb-key-manager-helm-"]);
  });
});

describe("releases of a version", () => {
  const bare: SiteFacts = { imageSwap: false, reachSystem: false };
  const cases: [version: string, facts: SiteFacts, expected: string[]][] = [
    ["4.7.20", bare, ["cert-manager", "hubble"]],
    ["4.8.39", bare, ["cert-manager", "hubble"]],
    ["4.8.47", bare, ["cert-manager", "spectro-mgmt-crds", "hubble"]],
    ["4.7.20", { imageSwap: true, reachSystem: false }, ["cert-manager", "image-swap", "hubble"]],
    ["4.7.20", { imageSwap: false, reachSystem: true }, ["cert-manager", "reach-system", "hubble"]],
    [
      "4.9.51",
      { imageSwap: true, reachSystem: true },
      ["cert-manager", "spectro-mgmt-crds", "image-swap", "reach-system", "hubble"],
    ],
  ];
  for (const [version, facts, expected] of cases) {
    it(`${version} with ${JSON.stringify(facts)}: ${expected.join(", ")}`, () => {
      const releases = listExpectedReleases(version, facts);
      assert.deepEqual(
        releases.map((release) => release.role),
        expected,
      );
      assert.ok(releases.every((release) => release.applies === "yes"));
    });
  }

  it("a release that depends on a fact not known is kept and says so", () => {
    const open = listExpectedReleases("4.7.20", {}).filter((release) => release.applies === "unknown");
    assert.deepEqual(
      open.map((release) => release.role),
      ["image-swap", "reach-system"],
    );
  });
});

describe("highest Kubernetes", () => {
  const cases: [
    version: string,
    highest: string | undefined,
    minor: string | undefined,
    listedFor: string | undefined,
  ][] = [
    ["4.1.12", "1.27.x", "1.27", "4.1.12"],
    ["4.6.41", "1.31.x", "1.31", "4.6.40"],
    ["4.7.20", "1.33.0", "1.33", "4.7.20"],
    ["4.8.8", "1.34.2", "1.34", "4.8.6"],
    ["4.9.51", "1.35.6", "1.35", "4.9.38"],
    ["4.10.1", "1.35.6", "1.35", "4.9.38"],
    ["4.1.7", undefined, undefined, undefined],
  ];
  for (const [version, highest, minor, listedFor] of cases) {
    it(`${version}: ${highest ?? "not listed"}`, () => {
      const found = findHighestKubernetes(version);
      assert.deepEqual([found?.highest, found?.minor, found?.listedFor], [highest, minor, listedFor]);
    });
  }
});

describe("stops to avoid", () => {
  it("names range, advisory and summary", () => {
    assert.deepEqual(
      listAvoidedStops("palette", "kubernetes", {}).find((stop) => stop.id === "response-size-4.8.47"),
      {
        range: ">=4.8.47 <4.8.52",
        id: "response-size-4.8.47",
        summary: "From 4.8.47 to 4.8.51 a limit on response sizes makes API calls fail with status 500.",
      },
    );
  });

  it("an advisory that only informs steers nothing", () => {
    const ids = listAvoidedStops("palette", "kubernetes", {}).map((stop) => stop.id);
    assert.ok(!ids.includes("cloudstack-duplicate-4.8.8"));
  });
});
