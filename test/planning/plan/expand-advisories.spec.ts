import assert from "node:assert/strict";
import { listAdvisories, type ExpandContext } from "../../../lib/planning/plan/expand.js";
import { loadShippedMatrices } from "../../../lib/planning/matrix/load.js";
import { findBundledKubernetes, loadRules } from "../../../lib/planning/rules/rules.js";
import { isVersion } from "../../../lib/planning/version/version.js";

const palette: ExpandContext = { edition: "palette", method: "kubernetes", facts: {} };

describe("advisories of a hop", () => {
  const ids = (from: string, to: string, context: Partial<ExpandContext> = {}): string[] =>
    listAdvisories(from, to, { ...palette, ...context }).map((advisory) => advisory.id);

  /** One hop that shows the advisory and a neighbour that does not. */
  const shown: [
    id: string,
    from: string,
    to: string,
    other: [from: string, to: string],
    context?: Partial<ExpandContext>,
  ][] = [
    ["tls-required-4.0", "3.4.1", "4.0.1", ["4.0.1", "4.1.12"]],
    ["gateway-kubernetes", "4.6.41", "4.7.20", ["4.7.27", "4.8.8"]],
    ["gateway-cli", "4.4.20", "4.5.23", ["4.3.6", "4.4.20"]],
    ["no-way-4.1-to-4.3", "4.1.12", "4.3.6", ["4.2.13", "4.3.6"]],
    ["worker-repaves-4.2.12", "4.1.12", "4.2.7", ["4.2.7", "4.2.13"]],
    ["mongo-dns-4.4.6", "4.4.0", "4.4.6", ["4.3.6", "4.4.20"]],
    ["gke-packs-4.4.6", "4.3.6", "4.4.20", ["4.4.6", "4.4.20"]],
    ["node-drain-4.4.14", "4.4.11", "4.4.20", ["4.4.14", "4.4.20"]],
    ["mongo-majority-4.4", "4.3.6", "4.4.20", ["4.4.18", "4.4.20"]],
    ["single-node-gateway-4.4.11", "4.3.6", "4.4.20", ["4.4.14", "4.4.20"]],
    ["vsphere-volume-ids-4.4.14", "4.4.11", "4.4.20", ["4.4.14", "4.4.20"], { method: "vmware" }],
    ["edge-agents-local-harbor-4.5", "4.4.20", "4.5.23", ["4.5.4", "4.5.23"]],
    ["image-registry-moved-4.5.3", "4.4.20", "4.5.23", ["4.5.4", "4.5.23"]],
    ["nutanix-labels-4.5.8", "4.5.4", "4.5.23", ["4.5.8", "4.5.23"]],
    ["nats-removed-4.6.12", "4.5.23", "4.6.41", ["4.5.21", "4.6.9"]],
    ["azure-outbound-4.6.32", "4.6.28", "4.6.32", ["4.6.28", "4.7.20"]],
    ["cluster-api-4.6.32", "4.6.28", "4.6.32", ["4.6.32", "4.6.41"]],
    ["activation-4.6.32", "4.6.28", "4.6.32", ["4.6.32", "4.6.41"]],
    ["azure-government-4.6.36", "4.6.32", "4.6.41", ["4.6.36", "4.6.41"]],
    ["vertex-legacy-mongo-values", "4.6.9", "4.6.41", ["4.6.12", "4.6.41"], { edition: "vertex" }],
    ["mongo-hang-4.7", "4.6.41", "4.7.20", ["4.7.3", "4.7.20"]],
    ["eks-repave-4.7", "4.6.41", "4.7.3", ["4.7.3", "4.7.20"]],
    ["maas-preferred-subnet-4.7.3", "4.6.41", "4.7.3", ["4.6.41", "4.7.15"]],
    ["message-broker-4.7.4", "4.7.3", "4.7.12", ["4.7.3", "4.7.13"]],
    ["vmware-unschedulable-4.7", "4.6.41", "4.7.3", ["4.6.41", "4.7.15"], { method: "vmware" }],
    ["aws-imds-4.7.21", "4.7.20", "4.7.21", ["4.7.15", "4.7.20"]],
    ["agent-annotation-4.7.22", "4.7.15", "4.7.20", ["4.7.15", "4.7.26"]],
    ["fcv-too-low-4.8", "4.7.27", "4.8.8", ["4.8.8", "4.8.9"]],
    ["fcv-too-low-4.8.33", "4.8.21", "4.8.33", ["4.8.33", "4.8.52"]],
    ["mongo-errors-4.8.6", "4.7.29", "4.8.6", ["4.7.29", "4.8.8"]],
    ["api-tokens-4.8", "4.7.27", "4.8.8", ["4.8.8", "4.8.9"]],
    ["openstack-gateways-removed", "4.7.27", "4.8.8", ["4.6.41", "4.7.20"]],
    ["cloudstack-duplicate-4.8.8", "4.7.27", "4.8.8", ["4.7.27", "4.8.9"]],
    ["unhealthy-after-4.8.8", "4.7.27", "4.8.8", ["4.7.27", "4.8.9"], { method: "vmware" }],
    ["vsphere-autoscaling-4.8.25", "4.8.21", "4.8.25", ["4.8.25", "4.8.33"]],
    ["proxy-certificate-4.8.33", "4.8.25", "4.8.33", ["4.8.21", "4.8.25"]],
    ["helm-upgrade-4.8.35", "4.8.33", "4.8.35", ["4.8.35", "4.8.37"]],
    ["helm-upgrade-from-4.8.35", "4.8.35", "4.8.37", ["4.8.33", "4.8.37"]],
    ["mongo-lag-4.8.37", "4.8.35", "4.8.37", ["4.8.33", "4.8.37"]],
    ["new-address-4.8.47", "4.8.35", "4.8.47", ["4.8.47", "4.8.52"]],
    ["two-ingresses-4.8.47", "4.8.35", "4.8.47", ["4.8.35", "4.9.14"]],
    ["response-size-4.8.47", "4.8.35", "4.8.51", ["4.8.35", "4.8.52"]],
    ["amazon-linux-2-port-80", "4.8.35", "4.8.47", ["4.8.47", "4.8.52"]],
    ["certificates-replaced-4.8.47", "4.8.35", "4.8.47", ["4.9.14", "4.9.51"]],
    ["nginx-removed-4.9.14", "4.8.52", "4.9.14", ["4.8.52", "4.9.5"]],
    ["configserver-stuck-4.9.14", "4.8.52", "4.9.14", ["4.8.52", "4.9.5"], { method: "vmware" }],
    ["gke-iam-4.9.14", "4.8.52", "4.9.14", ["4.9.14", "4.9.51"]],
    ["velero-irsa-4.9.14", "4.8.52", "4.9.14", ["4.9.14", "4.9.51"]],
    ["manifest-endpoints-4.9.16", "4.9.14", "4.9.24", ["4.8.52", "4.9.14"]],
    ["project-header-4.9.22", "4.9.14", "4.9.24", ["4.8.52", "4.9.14"]],
    ["image-pull-secret-4.9.22", "4.9.14", "4.9.24", ["4.8.52", "4.9.14"]],
    ["pause-covers-more-4.9.22", "4.9.14", "4.9.24", ["4.8.52", "4.9.14"]],
    ["edge-pause-4.9.24", "4.8.52", "4.9.14", ["4.9.14", "4.9.24"]],
    ["bundled-kubernetes", "4.7.29", "4.8.9", ["4.8.8", "4.8.9"], { method: "vmware" }],
    ["two-kubernetes-minors-4.9.23", "4.8.52", "4.9.51", ["4.9.14", "4.9.51"], { method: "vmware" }],
    ["reach-system-ownership-4.9.38", "4.9.14", "4.9.38", ["4.9.38", "4.9.51"]],
    ["vertex-fips-images-4.9.38", "4.8.52", "4.9.14", ["4.9.14", "4.9.38"], { edition: "vertex" }],
    ["message-broker-4.9.38", "4.9.14", "4.9.38", ["4.9.14", "4.9.44"]],
    ["old-webhook-4.9.41", "4.9.14", "4.9.38", ["4.9.14", "4.9.44"]],
    ["small-eks-webhook-4.10", "4.9.14", "4.9.51", ["4.9.51", "4.10.13"]],
    ["cert-manager-4.10", "4.9.51", "4.10.13", ["4.9.14", "4.9.51"]],
    ["projects-call-4.10", "4.9.51", "4.10.13", ["4.9.14", "4.9.51"]],
    ["bundled-kubernetes-appliance", "4.8.52", "4.9.14", ["4.7.29", "4.8.22"], { method: "appliance" }],
    ["kubernetes-minor-skipped", "4.4.24", "4.6.23", ["4.5.23", "4.6.23"], { method: "vmware" }],
    ["appliance-storage-4.7.29", "4.7.27", "4.8.22", ["4.7.29", "4.8.22"], { method: "appliance" }],
    ["appliance-zot-claim-4.7.16", "4.7.15", "4.7.27", ["4.7.20", "4.7.27"], { method: "appliance" }],
    ["vertex-pause-tags-4.7.3", "4.7.3", "4.7.15", ["4.7.15", "4.7.27"], { edition: "vertex", method: "appliance" }],
    ["appliance-values-reset-4.9.22", "4.8.22", "4.9.14", ["4.9.14", "4.9.24"], { method: "appliance" }],
    [
      "ip-pool-exhausted-4.6.32",
      "4.6.28",
      "4.6.32",
      ["4.6.28", "4.6.34"],
      { method: "vmware", facts: { airgap: true } },
    ],
    ["maas-zones-4.7.13", "4.6.41", "4.7.15", ["4.6.41", "4.7.3"]],
    ["gcp-credentials-4.7.20", "4.7.15", "4.7.20", ["4.7.3", "4.7.15"]],
    ["edge-agent-mode-4.7.20", "4.7.15", "4.7.20", ["4.7.3", "4.7.15"]],
    ["admin-kubeconfig-4.8.21", "4.8.16", "4.8.21", ["4.8.12", "4.8.16"]],
    ["government-clouds-4.9.5", "4.8.52", "4.9.5", ["4.9.5", "4.9.14"]],
    ["amazon-linux-2-disabled-4.9.5", "4.8.52", "4.9.5", ["4.9.5", "4.9.14"]],
    ["helm-4-packs-4.9.38", "4.9.14", "4.9.38", ["4.9.14", "4.9.24"]],
    ["edge-registry-certificates-4.9.38", "4.9.14", "4.9.38", ["4.9.14", "4.9.24"]],
    ["profile-versions-4.10", "4.9.51", "4.10.13", ["4.10.13", "4.10.25"]],
    ["registry-errors-4.10", "4.9.51", "4.10.13", ["4.10.13", "4.10.25"]],
    ["registry-names-4.10", "4.9.51", "4.10.13", ["4.10.13", "4.10.25"]],
    ["registry-synchronisation-4.10", "4.9.51", "4.10.13", ["4.10.13", "4.10.25"]],
    ["edge-host-sorting-4.10", "4.9.51", "4.10.13", ["4.10.13", "4.10.25"]],
    ["edge-provider-images-4.10", "4.9.51", "4.10.13", ["4.10.13", "4.10.25"]],
    ["eks-role-policies-4.10", "4.9.51", "4.10.13", ["4.10.13", "4.10.25"]],
    ["callback-urls-4.10.25", "4.9.51", "4.10.25", ["4.9.51", "4.10.13"]],
    ["api-permissions-4.10.25", "4.9.51", "4.10.25", ["4.9.51", "4.10.13"]],
    ["role-names-4.10.25", "4.9.51", "4.10.25", ["4.9.51", "4.10.13"]],
    ["registry-renaming-4.10.25", "4.9.51", "4.10.25", ["4.9.51", "4.10.13"]],
    ["helm-registry-fixed-4.10.25", "4.9.51", "4.10.25", ["4.9.51", "4.10.13"]],
    ["k3s-virtual-clusters-4.10.25", "4.9.51", "4.10.25", ["4.9.51", "4.10.13"]],
    ["edge-cluster-updates-4.10.25", "4.9.51", "4.10.25", ["4.9.51", "4.10.13"]],
    ["vm-permissions-4.10.25", "4.9.51", "4.10.25", ["4.9.51", "4.10.13"]],
    ["eks-list-roles-4.10.25", "4.9.51", "4.10.25", ["4.9.51", "4.10.13"]],
    ["image-pull-secret-4.10.25", "4.9.51", "4.10.25", ["4.9.51", "4.10.13"]],
    ["zot-certificate-4.10.25", "4.10.13", "4.10.25", ["4.9.51", "4.10.13"], { method: "appliance" }],
    ["vertex-mongo-host-typo", "4.3.6", "4.4.20", ["4.4.20", "4.5.23"], { edition: "vertex", method: "vmware" }],
    ["vertex-tokens-4.10", "4.9.51", "4.10.13", ["4.9.14", "4.9.51"], { edition: "vertex" }],
  ];
  for (const [id, from, to, other, context] of shown) {
    it(`${id}: ${from} -> ${to} shows it, ${other[0]} -> ${other[1]} does not`, () => {
      assert.ok(ids(from, to, context).includes(id));
      assert.ok(!ids(other[0], other[1], context).includes(id));
    });
  }

  it("three concern every hop of their kind of installation, and no other kind", () => {
    const always = ["helm-client-too-old", "no-built-in-backup", "vertex-linstor-pods-stuck"];
    assert.deepEqual(
      ids("4.6.41", "4.7.20").filter((id) => always.includes(id)),
      always.slice(0, 2),
    );
    assert.deepEqual(
      ids("4.7.27", "4.8.22", { edition: "vertex", method: "appliance" }).filter((id) => always.includes(id)),
      ["vertex-linstor-pods-stuck"],
    );
  });

  it("the two tables above leave no advisory out", () => {
    const known = [
      ...shown.map(([id]) => id),
      "helm-client-too-old",
      "no-built-in-backup",
      "vertex-linstor-pods-stuck",
    ];
    assert.deepEqual(
      loadRules("advisories")
        .map((row) => row.id)
        .filter((id) => !known.includes(id)),
      [],
    );
  });

  /** Kinds of installation that an advisory is not about, on a hop that shows it to others. */
  const elsewhere: [id: string, from: string, to: string, contexts: Partial<ExpandContext>[]][] = [
    ["two-kubernetes-minors-4.9.23", "4.8.52", "4.9.24", [{ method: "appliance" }, { method: "kubernetes" }]],
    ["kubernetes-minor-skipped", "4.8.52", "4.9.24", [{ method: "appliance" }, { method: "kubernetes" }]],
    ["kubernetes-minor-skipped", "4.4.24", "4.6.23", [{ method: "kubernetes" }, { method: "appliance" }]],
    ["certificates-replaced-4.8.47", "4.8.35", "4.8.47", [{ method: "vmware" }]],
    ["configserver-stuck-4.9.14", "4.8.52", "4.9.14", [{ method: "kubernetes" }, { method: "appliance" }]],
    ["vertex-mongo-host-typo", "4.3.6", "4.4.20", [{ edition: "palette", method: "vmware" }]],
    ["mongo-majority-4.4", "4.3.6", "4.4.20", [{ edition: "vertex" }]],
    ["single-node-gateway-4.4.11", "4.3.6", "4.4.20", [{ facts: { pcgs: false } }]],
    ["fcv-too-low-4.8.33", "4.7.27", "4.8.52", [{ method: "kubernetes" }, { method: "vmware" }]],
    ["helm-upgrade-4.8.35", "4.8.33", "4.8.35", [{ method: "vmware" }]],
    ["helm-upgrade-from-4.8.35", "4.8.35", "4.8.37", [{ method: "vmware" }, { method: "appliance" }]],
    ["appliance-storage-4.7.29", "4.7.27", "4.8.22", [{ method: "vmware" }, { method: "kubernetes" }]],
    ["image-pull-secret-4.10.25", "4.9.51", "4.10.25", [{ facts: { airgap: true } }]],
  ];
  for (const [id, from, to, contexts] of elsewhere) {
    it(`${id}: not shown on ${from} -> ${to} of ${contexts.map((context) => JSON.stringify(context)).join(" and ")}`, () => {
      for (const context of contexts) assert.ok(!ids(from, to, context).includes(id), JSON.stringify(context));
    });
  }

  it("the new address of 4.8.47 is shown for every method", () => {
    for (const method of ["kubernetes", "vmware", "appliance"] as const)
      assert.ok(ids("4.8.35", "4.8.47", { method }).includes("new-address-4.8.47"), method);
  });

  it("every supported hop that skips a minor of the Kubernetes it brings has the warning, and no other has", () => {
    const skipped = loadShippedMatrices().flatMap(({ id, edition, method, rows }) =>
      rows
        .filter(({ mark, from, to }) => mark === "supported" && isVersion(from) && isVersion(to))
        .filter(({ from, to }) => {
          const [before, after] = [from, to].map((each) => findBundledKubernetes(each, edition, method)?.split(".")[1]);
          const skips = before !== undefined && after !== undefined && Number(after) - Number(before) > 1;
          const warned = ids(from, to, { edition, method }).includes("kubernetes-minor-skipped");
          assert.equal(warned, skips, `${id}: ${from} -> ${to}`);
          return skips;
        })
        .map(({ from, to }) => `${id} ${from} ${to}`),
    );
    assert.equal(skipped.filter((hop) => hop.startsWith("palette-vmware-4.9.51 ")).length, 11);
    assert.deepEqual(
      skipped.filter((hop) => !hop.includes("-vmware-")),
      [],
    );
  });

  it("the gravest come first", () => {
    const severities = listAdvisories("4.8.35", "4.8.47", palette).map((advisory) => advisory.severity);
    const order = ["block", "avoid", "warning", "info"];
    assert.deepEqual(
      severities,
      [...severities].sort((a, b) => order.indexOf(a) - order.indexOf(b)),
    );
    assert.equal(severities[0], "avoid");
  });

  it("facts that contradict take an advisory away", () => {
    assert.ok(!ids("4.8.52", "4.9.14", { facts: { cloud: "eks" } }).includes("gke-iam-4.9.14"));
    assert.ok(ids("4.8.52", "4.9.14", { facts: { cloud: "gke" } }).includes("gke-iam-4.9.14"));
  });
});
