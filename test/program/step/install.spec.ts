import assert from "node:assert/strict";
import { PaletteError } from "../../../lib/base/errors/errors.js";
import { type ClusterObject } from "../../../lib/site/kubernetes/cluster-objects.js";
import { type HelmRevision } from "../../../lib/site/types.js";
import { decideInstall, type InstallDecision, type ClusterSnapshot } from "../../../lib/program/step/install.js";

const bare = ["default", "kube-system"];
const listed = ["4.6.41", "4.7.3", "4.7.20"];
const now = new Date("2026-03-01T12:00:00Z");

function decide(clusterSnapshot: Partial<ClusterSnapshot>, target = "4.7.20"): InstallDecision {
  const clean = { clusterUid: "uid", revisions: [], namespaces: bare, objects: [] };
  return decideInstall({
    snapshot: { ...clean, ...clusterSnapshot },
    target,
    listed,
    releaseTimeoutSeconds: 3600,
    now,
  });
}

function revision(change: Partial<HelmRevision>): HelmRevision {
  const chart = change.chart ?? "spectro-mgmt-plane";
  return {
    name: chart === "spectro-mgmt-plane" ? "hubble" : chart,
    namespace: "default",
    revision: 1,
    status: "deployed",
    chart,
    chartVersion: chart === "spectro-mgmt-plane" ? "4.7.20" : "1.0.0",
    appVersion: "4.7.20",
    description: "Install complete",
    lastDeployed: "2026-03-01T11:00:00Z",
    valuesDigest: "",
    ...change,
  };
}

function object(change: Partial<ClusterObject>): ClusterObject {
  return { kind: "ClusterRole", name: "x", claimNamespace: null, release: null, ...change };
}

const certManager = revision({ chart: "cert-manager", description: "Palette 4.7.20" });

describe("installing from nothing", () => {
  const installs: [string, () => InstallDecision, InstallDecision][] = [
    [
      "a clean cluster: straight to the target",
      () => decide({}),
      { destination: "4.7.20", resuming: false, installed: [], notice: null },
    ],
    [
      "a series: the highest that is listed, and it is said",
      () => decide({}, "4.7"),
      {
        destination: "4.7.20",
        resuming: false,
        installed: [],
        notice: '4.7.20 is the highest listed release that palette:target "4.7" takes.',
      },
    ],
    [
      "somebody else's objects are no trace",
      () =>
        decide({
          namespaces: [...bare, "monitoring"],
          objects: [
            object({ kind: "PersistentVolume", claimNamespace: "monitoring" }),
            object({ kind: "CustomResourceDefinition", name: "servicemonitors.monitoring.coreos.com" }),
            object({ release: "prometheus" }),
          ],
          revisions: [revision({ chart: "prometheus", name: "prometheus" })],
        }),
      { destination: "4.7.20", resuming: false, installed: [], notice: null },
    ],
    [
      "a crashed install of ours is taken up, whatever the target says now",
      () => decide({ namespaces: [...bare, "hubble-system"], revisions: [certManager] }, "4.7.3"),
      {
        destination: "4.7.20",
        resuming: true,
        installed: [{ role: "cert-manager", name: "cert-manager", namespace: "default" }],
        notice: "The install of 4.7.20 was begun before and is taken up again.",
      },
    ],
    [
      "a failed first revision of hubble tells the version itself",
      () => decide({ revisions: [revision({ status: "failed", chartVersion: "4.7.3" })] }),
      {
        destination: "4.7.3",
        resuming: true,
        installed: [{ role: "hubble", name: "hubble", namespace: "default" }],
        notice: "The install of 4.7.3 was begun before and is taken up again.",
      },
    ],
  ];
  for (const [title, run, decision] of installs) it(title, () => assert.deepEqual(run(), decision));

  const refused: [string, () => InstallDecision, string, RegExp][] = [
    [
      "a namespace that was left",
      () => decide({ namespaces: [...bare, "hubble-system"] }),
      "NOT_CLEAN",
      /\n {2}- Namespace hubble-system$/,
    ],
    [
      "MongoDB's volumes, their namespace gone",
      () => decide({ objects: [object({ kind: "PersistentVolume", name: "pvc-1", claimNamespace: "hubble-system" })] }),
      "NOT_CLEAN",
      /\n {2}- PersistentVolume pvc-1 \(of hubble-system\)$/,
    ],
    [
      "the product's CRDs and cluster roles",
      () =>
        decide({
          objects: [
            object({ kind: "CustomResourceDefinition", name: "packs.cluster.spectrocloud.com" }),
            object({ name: "mgmt", release: "hubble" }),
          ],
        }),
      "NOT_CLEAN",
      /\n {2}- ClusterRole mgmt\n {2}- CustomResourceDefinition packs\.cluster\.spectrocloud\.com$/,
    ],
    [
      "somebody else's cert-manager",
      () => decide({ revisions: [{ ...certManager, description: "Install complete" }] }),
      "NOT_CLEAN",
      /Helm release default\/cert-manager, revision 1 \(1\.0\.0, deployed\)/,
    ],
    [
      "two versions begun",
      () => decide({ revisions: [certManager, revision({ status: "failed", chartVersion: "4.7.3" })] }),
      "NOT_CLEAN",
      /hubble/,
    ],
    [
      "an install under way",
      () => decide({ revisions: [revision({ status: "pending-install", lastDeployed: "2026-03-01T11:59:00Z" })] }),
      "RELEASE_PENDING",
      /begun 60 s ago: an install is under way/,
    ],
    [
      "an install whose Helm is gone",
      () => decide({ revisions: [revision({ status: "pending-install", lastDeployed: "2026-03-01T10:00:00Z" })] }),
      "RELEASE_STUCK",
      /for 120 minutes: its Helm is gone/,
    ],
    ["a target that is not listed", () => decide({}, "4.9.51"), "TARGET_UNKNOWN", /"4\.9\.51" takes no release/],
  ];
  for (const [title, run, code, message] of refused) {
    it(`${title}: ${code}`, () => {
      assert.throws(run, (error) => {
        assert.ok(error instanceof PaletteError);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.ok((error.next ?? "") !== "");
        return true;
      });
    });
  }

  it("a stuck install names the record that has to go", () => {
    const stuck = revision({ status: "pending-install", lastDeployed: "2026-03-01T10:00:00Z" });
    assert.throws(() => decide({ revisions: [stuck] }), {
      next: /kubectl --namespace default delete secret sh\.helm\.release\.v1\.hubble\.v1\./,
    });
  });
});
