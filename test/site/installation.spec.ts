import assert from "node:assert/strict";
import { SiteError } from "../../lib/base/errors/site-error.js";
import { RefusedError } from "../../lib/base/errors/errors.js";
import { observeInstallation, selectObservedReleases } from "../../lib/site/installation.js";
import { type HelmRevision, type HelmStatus, type KubernetesSite } from "../../lib/site/types.js";

function revision(
  chart: string,
  number: number,
  version: string,
  status: HelmStatus,
  more: Partial<HelmRevision> = {},
): HelmRevision {
  return {
    name: chart === "spectro-mgmt-plane" ? "hubble" : chart,
    namespace: "default",
    revision: number,
    status,
    chart,
    chartVersion: version,
    appVersion: version,
    description: "",
    lastDeployed: "2026-01-01T00:00:00.000Z",
    valuesDigest: "",
    ...more,
  };
}

const palette = "spectro-mgmt-plane";
const deployed = revision(palette, 3, "4.6.41", "deployed");

function site(revisions: HelmRevision[], more: Partial<KubernetesSite> = {}): KubernetesSite {
  return {
    clusterUid: () => Promise.resolve("uid"),
    helmRevisions: () => Promise.resolve(revisions),
    secretExists: () => Promise.resolve(false),
    ...more,
  } as KubernetesSite;
}

const settings = { releaseNamespace: "default", edition: "palette" as const };

async function refusal(revisions: HelmRevision[], more: Partial<KubernetesSite> = {}): Promise<RefusedError> {
  const thrown: unknown = await observeInstallation(site(revisions, more), settings).then(
    () => assert.fail("it was observed"),
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof RefusedError, String(thrown));
  return thrown;
}

describe("observing an installation", () => {
  it("the version is that of the last deployed revision, never just of the newest", async () => {
    const history = [
      revision(palette, 2, "4.5.23", "superseded"),
      deployed,
      revision(palette, 4, "4.7.20", "failed"),
      revision(palette, 5, "4.7.20", "pending-upgrade"),
    ];
    const { observedVersion, releases } = await observeInstallation(site(history), settings);
    assert.equal(observedVersion, "4.6.41");
    assert.deepEqual([releases[0]!.deployed?.revision, releases[0]!.newest.revision], [3, 5]);
  });

  it("other releases are found by their chart, whatever their name and namespace", () => {
    const found = selectObservedReleases(
      [
        revision("reach-system", 1, "4.2.0", "deployed", { name: "proxy" }),
        deployed,
        revision("cert-manager", 1, "1.14.4", "deployed", { namespace: "cert-manager" }),
        revision("nginx", 1, "1.0.0", "deployed"),
      ],
      "default",
    );
    assert.deepEqual(
      found.map(({ role, name, namespace }) => `${role} ${namespace}/${name}`),
      ["cert-manager cert-manager/cert-manager", "reach-system default/proxy", "hubble default/hubble"],
    );
  });

  it("a release that was uninstalled is none", async () => {
    const gone = revision(palette, 1, "4.5.23", "uninstalled", { name: "old" });
    assert.equal((await observeInstallation(site([gone, deployed]), settings)).observedVersion, "4.6.41");
  });

  it("Secret hubble-system/mongo-tls tells VerteX", async () => {
    const asked: string[] = [];
    const secretExists = (namespace: string, name: string) => {
      asked.push(`${namespace}/${name}`);
      return Promise.resolve(true);
    };
    const { edition } = await observeInstallation(site([deployed], { secretExists }), {
      ...settings,
      edition: "vertex",
    });
    assert.equal(edition, "vertex");
    assert.deepEqual(asked, ["hubble-system/mongo-tls"]);
  });

  const refusals: [code: string, revisions: HelmRevision[], says: RegExp][] = [
    [
      "NO_INSTALLATION",
      [],
      /^There is no Helm release of chart spectro-mgmt-plane in namespace default, and none in any other/,
    ],
    [
      "NO_INSTALLATION",
      [revision(palette, 1, "4.6.41", "deployed", { namespace: "palette" })],
      /but there is palette\/hubble; is palette:releaseNamespace right\.$/,
    ],
    [
      "TWO_INSTALLATIONS",
      [deployed, { ...deployed, name: "hubble2" }],
      /^2 Helm releases use chart spectro-mgmt-plane: default\/hubble, default\/hubble2;/,
    ],
    [
      "TWO_INSTALLATIONS",
      [
        deployed,
        revision("cert-manager", 1, "1", "deployed"),
        revision("cert-manager", 1, "1", "deployed", { namespace: "cert-manager" }),
      ],
      /cert-manager\/cert-manager, default\/cert-manager/,
    ],
    [
      "VERSION_AMBIGUOUS",
      [{ ...deployed, appVersion: "4.6.43" }],
      /revision 3: chart version "4\.6\.41" and app version "4\.6\.43" do not name one/,
    ],
    ["VERSION_AMBIGUOUS", [{ ...deployed, chartVersion: "4.6", appVersion: "4.6" }], /do not name one Palette version/],
    ["NOTHING_DEPLOYED", [revision(palette, 1, "4.6.41", "failed")], /its newest, 1 \(4\.6\.41\), is failed\.$/],
  ];
  for (const [code, revisions, says] of refusals) {
    it(`${code}: ${revisions.length} revisions`, async () => {
      const error = await refusal(revisions);
      assert.equal(error.code, code);
      assert.match(error.message, says);
      assert.ok(error.next);
    });
  }

  it("another edition than configured is refused, and says why it is taken for that", async () => {
    const error = await refusal([deployed], { secretExists: () => Promise.resolve(true) });
    assert.equal(error.code, "EDITION_MISMATCH");
    assert.match(
      error.message,
      /installed as vertex \(Secret hubble-system\/mongo-tls exists\), but palette:edition is palette/,
    );
  });

  it("a second Palette in another namespace is none of ours", async () => {
    const other = revision(palette, 1, "4.7.20", "deployed", { namespace: "other" });
    assert.equal((await observeInstallation(site([deployed, other]), settings)).observedVersion, "4.6.41");
  });

  for (const question of ["clusterUid", "helmRevisions", "secretExists"] as const) {
    it(`${question}: what is unreachable stays so`, async () => {
      const gone = new SiteError("network", "gone");
      const broken = site([deployed], { [question]: () => Promise.reject(gone) });
      await assert.rejects(observeInstallation(broken, settings), gone);
    });
  }
});
