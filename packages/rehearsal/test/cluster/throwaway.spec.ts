import assert from "node:assert/strict";
import { encodeHelmSecret } from "../../lib/helm-storage.js";
import { readClusterContents, refuseRealPalette, type ClusterContents } from "../../lib/cluster/throwaway.js";
import { stubAnnotation } from "../../lib/stub-chart.js";

const versions = ["4.1.12", "4.7.20"];
const empty: ClusterContents = {
  releases: [],
  namespaces: [{ name: "default", isStub: false }],
  customResources: ["crds.example.com"],
};
const release = {
  name: "hubble",
  namespace: "default",
  chart: "spectro-mgmt-plane",
  chartVersion: "4.6.41",
  isStub: false,
};

describe("a cluster to rehearse on", () => {
  const taken: [string, Partial<ClusterContents>][] = [
    ["an empty one", {}],
    ["stand-ins of an earlier rehearsal", { releases: [{ ...release, isStub: true }] }],
    ["namespaces of an earlier rehearsal", { namespaces: [{ name: "hubble-system", isStub: true }] }],
    ["other people's releases", { releases: [{ ...release, name: "grafana", chart: "grafana" }] }],
    ["a release of a like name elsewhere", { releases: [{ ...release, chart: "cilium", namespace: "kube-system" }] }],
  ];
  for (const [what, contents] of taken) {
    it(`takes ${what}`, () => assert.doesNotThrow(() => refuseRealPalette({ ...empty, ...contents }, versions)));
  }

  const refused: [string, Partial<ClusterContents>, string][] = [
    [
      "a real Palette",
      { releases: [release] },
      'The cluster holds Helm release "hubble" of chart spectro-mgmt-plane 4.6.41 in namespace default, which is no stand-in of a rehearsal.',
    ],
    [
      "a real Palette under another name, in another namespace",
      { releases: [{ ...release, name: "p", namespace: "palette" }] },
      'The cluster holds Helm release "p" of chart spectro-mgmt-plane 4.6.41 in namespace palette, which is no stand-in of a rehearsal.',
    ],
    [
      "a release whose name a stand-in needs",
      { releases: [{ ...release, name: "cert-manager", chart: "cert-manager", chartVersion: "1.14.4" }] },
      'The cluster holds Helm release "cert-manager" of chart cert-manager 1.14.4 in namespace default, which is no stand-in of a rehearsal.',
    ],
    [
      "traces of a Palette",
      { namespaces: [{ name: "hubble-system", isStub: false }] },
      "The cluster has a namespace hubble-system, as Palette has, which no rehearsal has made.",
    ],
    [
      "a cluster that Palette manages",
      { customResources: ["packs.cluster.spectrocloud.com"] },
      "The cluster knows the vendor's custom resource packs.cluster.spectrocloud.com: Palette runs there, or manages it.",
    ],
  ];
  for (const [what, contents, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => refuseRealPalette({ ...empty, ...contents }, versions), {
        code: "CLUSTER_NOT_THROWAWAY",
        exitCode: 3,
        message,
      });
    });
  }
});

describe("what a cluster holds", () => {
  const chart = { name: "spectro-mgmt-plane", version: "4.6.41", annotations: { [stubAnnotation]: "true" } };
  const secret = encodeHelmSecret(
    {
      name: "hubble",
      namespace: "default",
      version: 1,
      info: { status: "deployed", last_deployed: "2026-01-01T00:00:00Z" },
      chart: { metadata: chart },
    },
    "2026-01-01T00:00:00Z",
  );
  const labels = { [stubAnnotation]: "true" };

  it("is read page by page, and stand-ins are told by their mark", async () => {
    const asked: string[] = [];
    const json = <T>(path: string): Promise<T | null> => {
      asked.push(path);
      const first = path.startsWith("/api/v1/namespaces") && !path.includes("continue=");
      const items = path.startsWith("/api/v1/secrets")
        ? [secret]
        : path.startsWith("/api/v1/namespaces")
          ? [{ metadata: first ? { name: "a" } : { name: "b", labels } }]
          : [];
      return Promise.resolve({ items, metadata: first ? { continue: "x y" } : {} } as T);
    };
    const contents = await readClusterContents({ readJson: json });
    assert.deepEqual(contents.namespaces, [
      { name: "a", isStub: false },
      { name: "b", isStub: true },
    ]);
    assert.deepEqual(
      contents.releases.map(({ name, isStub }) => [name, isStub]),
      [["hubble", true]],
    );
    assert.ok(asked.includes("/api/v1/namespaces?limit=100&continue=x%20y"));
  });

  it("that cannot be seen is not taken for empty", async () => {
    const json = (): Promise<never> => Promise.reject(new Error("/api/v1/secrets: the cluster answered 403"));
    await assert.rejects(readClusterContents({ readJson: json }), {
      code: "CLUSTER_UNREADABLE",
      message: "What the cluster holds cannot be seen: /api/v1/secrets: the cluster answered 403.",
    });
  });
});
