import assert from "node:assert/strict";
import {
  confirmedClusterVariable,
  findPinMismatch,
  isPinned,
  requireConfirmedCluster,
} from "../../../lib/gates/consent/cluster.js";
import { describeIdentity, type SiteIdentity } from "../../../lib/site/identity.js";
import { settingsSchema, type Settings } from "../../../lib/settings/schema.js";

const identity: SiteIdentity = {
  stack: "prod",
  server: "https://k8s.example:6443",
  context: "prod-admin",
  clusterUid: "uid-1",
  rootDomain: "palette.example.com",
  version: "4.6.41",
  edition: "palette",
};
const named =
  "stack prod, API server https://k8s.example:6443, context prod-admin, cluster UID uid-1, Palette 4.6.41, root domain palette.example.com";

function pin(cluster: Record<string, unknown> = {}): Settings["cluster"] {
  return settingsSchema.parse({ target: "4.7.20", matrix: "m", clusterIdentifier: "c", cluster }).cluster;
}

describe("the installation, for people", () => {
  const cases: [title: string, over: Partial<SiteIdentity>, line: string][] = [
    ["all of it", {}, named],
    ["VerteX", { edition: "vertex" }, named.replace("Palette 4", "Palette VerteX 4")],
    [
      "nothing was read",
      { server: null, context: null, clusterUid: null, rootDomain: null, version: null },
      "stack prod, API server not known, context none, cluster UID not read, Palette (not installed, or not read), root domain not set",
    ],
  ];
  for (const [title, over, line] of cases) {
    it(title, () => assert.equal(describeIdentity({ ...identity, ...over }), line));
  }
});

describe("the first update's cluster", () => {
  const refused: [title: string, cluster: Record<string, unknown>, environment: Record<string, string>][] = [
    ["nobody has named it", {}, {}],
    ["another one was confirmed", {}, { [confirmedClusterVariable]: "uid-2" }],
    ["an empty confirmation", {}, { [confirmedClusterVariable]: "" }],
  ];
  for (const [title, cluster, environment] of refused) {
    it(`is refused: ${title}`, () => {
      assert.throws(() => requireConfirmedCluster(identity, pin(cluster), environment), {
        code: "CLUSTER_UNCONFIRMED",
        exitCode: 3,
        message: `This stack was never enrolled, and nobody has said that it belongs to the cluster it would be enrolled on: ${named}.`,
        next:
          "Run palette-upgrade up on a terminal and confirm it there. Or set palette:cluster.uid to what " +
          '"kubectl get namespace kube-system --output jsonpath={.metadata.uid}" prints on the cluster that you mean, or ' +
          "palette:cluster.server to the address of its API server.",
      });
    });
  }

  it("is refused: an empty confirmation of a cluster that was not read", () => {
    const unread = { ...identity, clusterUid: null };
    assert.throws(() => requireConfirmedCluster(unread, pin(), { [confirmedClusterVariable]: "" }), {
      code: "CLUSTER_UNCONFIRMED",
    });
  });

  const taken: [title: string, cluster: Record<string, unknown>, environment: Record<string, string>][] = [
    ["its UID is pinned", { uid: "uid-1" }, {}],
    ["its server is pinned", { server: "https://k8s.example:6443" }, {}],
    ["a person confirmed exactly it", {}, { [confirmedClusterVariable]: "uid-1" }],
  ];
  for (const [title, cluster, environment] of taken) {
    it(`negative twin: ${title}`, () => {
      assert.doesNotThrow(() => requireConfirmedCluster(identity, pin(cluster), environment));
      assert.equal(isPinned(pin(cluster)), Object.keys(cluster).length > 0);
    });
  }
});

describe("a pinned cluster", () => {
  const next =
    "Point palette:kubernetes.kubeconfig and palette:kubernetes.context at the pinned cluster, or select the stack of this one.";
  const cases: [title: string, cluster: Record<string, unknown>, found: string | null, message: string | null][] = [
    ["no pin", {}, "uid-1", null],
    ["the pinned UID", { uid: "uid-1" }, "uid-1", null],
    ["a UID that was not read yet", { uid: "uid-1" }, null, null],
    [
      "another UID",
      { uid: "uid-2" },
      "uid-1",
      "palette:cluster.uid is uid-2; the kubeconfig leads to a cluster whose namespace kube-system has UID uid-1.",
    ],
    ["the pinned server, with a path", { server: "https://k8s.example:6443/" }, null, null],
    [
      "another server",
      { server: "https://other.example:6443" },
      null,
      "palette:cluster.server is https://other.example:6443; the kubeconfig leads to https://k8s.example:6443.",
    ],
    [
      "another port",
      { server: "https://k8s.example" },
      "uid-1",
      "palette:cluster.server is https://k8s.example; the kubeconfig leads to https://k8s.example:6443.",
    ],
  ];
  for (const [title, cluster, found, message] of cases) {
    it(title, () => {
      const error = findPinMismatch(pin(cluster), identity, found);
      const seen = error === null ? null : [error.code, error.message, error.next];
      assert.deepEqual(seen, message === null ? null : ["CLUSTER_MISMATCH", message, next]);
    });
  }
});
