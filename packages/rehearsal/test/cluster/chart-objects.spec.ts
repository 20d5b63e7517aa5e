import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { listRequiredNamespaces, listExpectedReleases } from "../../../../lib/planning/rules/rules.js";
import { createChartObjects } from "../../lib/cluster/chart-objects.js";
import { renderStubFiles } from "../../lib/cluster/stub-files.js";
import { findCommonKubernetes } from "../../lib/cluster/cluster-site.js";
import { renderChartYaml, toStubChart } from "../../lib/stub-chart.js";

const route = [
  "4.1.12",
  "4.2.7",
  "4.2.13",
  "4.3.6",
  "4.4.20",
  "4.5.23",
  "4.6.41",
  "4.7.20",
  "4.8.8",
  "4.8.47",
  "4.9.38",
];

interface Shown {
  kind: string;
  metadata: { name: string; namespace?: string };
}

function shown(version: string): Shown[] {
  return createChartObjects("hubble", version) as unknown as Shown[];
}

describe("objects of the stand-in charts", () => {
  for (const version of route) {
    it(`${version}: every object lies in a namespace of that version, and none is there twice`, () => {
      const objects = shown(version);
      const made = objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name);
      assert.deepEqual([...made].sort(), listRequiredNamespaces(version));
      const places = new Set([...made, "default", undefined]);
      for (const { kind, metadata } of objects) assert.ok(places.has(metadata.namespace), `${kind} ${metadata.name}`);
      const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`);
      assert.equal(new Set(names).size, names.length);
    });
  }

  const ingress: [string, string[]][] = [
    ["4.7.20", ["ingress-nginx-controller"]],
    ["4.8.47", ["ingress-nginx-controller", "traefik-ingress-controller"]],
    ["4.9.38", ["traefik-ingress-controller"]],
  ];
  for (const [version, controllers] of ingress) {
    it(`${version}: ingress is ${controllers.join(" and ")}, each with its load balancer`, () => {
      const named = (kind: string): string[] =>
        shown(version)
          .filter((object) => object.kind === kind && object.metadata.namespace?.startsWith("ingress-") === true)
          .map(({ metadata }) => metadata.name)
          .sort();
      assert.deepEqual([named("DaemonSet"), named("Service")], [controllers, controllers]);
    });
  }

  it("a Job's name carries the version, as its template cannot be changed", () => {
    const jobs = (version: string): string[] =>
      shown(version)
        .filter(({ kind }) => kind === "Job")
        .map(({ metadata }) => metadata.name);
    assert.deepEqual(jobs("4.7.20"), ["packsync-4720"]);
    assert.deepEqual(jobs("4.8.8"), ["packsync-488", "mongodb-key-manager-helm-488"]);
  });

  it("the password comes from the site's values and stands in no chart", () => {
    const row = listExpectedReleases("4.6.41", {}).find(({ role }) => role === "hubble")!;
    const files = renderStubFiles("4.6.41", row, { image: null });
    assert.match(
      files["templates/objects.yaml"]!,
      /mongoRootPassword: "?'?\{\{ \.Values\.mongo\.databasePassword \}\}/,
    );
    const documents = parseAllDocuments(files["templates/objects.yaml"]!);
    assert.ok(documents.length > 30 && documents.every(({ errors }) => errors.length === 0));
  });

  it("every chart says in Chart.yaml, and so in Helm's records, that it is a stand-in", () => {
    for (const row of listExpectedReleases("4.8.47", {})) {
      assert.match(renderChartYaml(toStubChart("4.8.47", row)), /palette-upgrade\/stand-in: "true"/);
    }
  });
});

describe("the Kubernetes that a route can be rehearsed on", () => {
  it("is the newest that every stop may be hosted on", () => {
    assert.equal(findCommonKubernetes(["4.1.12", "4.7.20"]), "v1.27.0");
    assert.equal(findCommonKubernetes(["4.7.20"]), `v${/(\d+\.\d+)/.exec(findCommonKubernetes(["4.7.20"])!)![1]}.0`);
  });

  it("is not known where one stop is older than every row", () => {
    assert.equal(findCommonKubernetes(["3.1.0", "4.7.20"]), null);
  });
});
