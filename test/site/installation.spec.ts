import assert from "node:assert/strict";
import { findInstallation, type Installed } from "../../lib/site/installation.js";
import { type HelmRevision, type HelmStatus } from "../../lib/site/types.js";

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

function installed(revisions: HelmRevision[]): Installed {
  const found = findInstallation(revisions, "default");
  assert.ok(found.state === "installed", JSON.stringify(found));
  return found;
}

describe("what is installed", () => {
  it("the version is that of the last deployed revision, never just of the newest", () => {
    const history = [
      revision(palette, 2, "4.5.23", "superseded"),
      deployed,
      revision(palette, 4, "4.7.20", "failed"),
      revision(palette, 5, "4.7.20", "pending-upgrade"),
    ];
    const { version, releases } = installed(history);
    assert.equal(version, "4.6.41");
    assert.deepEqual([releases[0]!.deployed?.revision, releases[0]!.newest.revision], [3, 5]);
  });

  it("other releases are found by their chart, whatever their name and namespace", () => {
    const { releases } = installed([
      revision("reach-system", 1, "4.2.0", "deployed", { name: "proxy" }),
      deployed,
      revision("cert-manager", 1, "1.14.4", "deployed", { namespace: "cert-manager" }),
      revision("nginx", 1, "1.0.0", "deployed"),
    ]);
    assert.deepEqual(
      releases.map(({ role, name, namespace }) => `${role} ${namespace}/${name}`),
      ["cert-manager cert-manager/cert-manager", "reach-system default/proxy", "hubble default/hubble"],
    );
  });

  it("a release that was uninstalled is none", () => {
    const gone = revision(palette, 1, "4.5.23", "uninstalled", { name: "old" });
    assert.equal(installed([gone, deployed]).version, "4.6.41");
  });

  const refusals: [code: string, state: string, revisions: HelmRevision[], says: RegExp][] = [
    [
      "NO_INSTALLATION",
      "empty",
      [],
      /^There is no Helm release of chart spectro-mgmt-plane in namespace default, and none in any other/,
    ],
    [
      "NO_INSTALLATION",
      "empty",
      [revision(palette, 1, "4.6.41", "deployed", { namespace: "palette" })],
      /but there is palette\/hubble; is palette:helm.namespace right\.$/,
    ],
    [
      "TWO_INSTALLATIONS",
      "unclear",
      [deployed, { ...deployed, name: "hubble2" }],
      /^2 Helm releases use chart spectro-mgmt-plane: default\/hubble, default\/hubble2;/,
    ],
    [
      "TWO_INSTALLATIONS",
      "unclear",
      [
        deployed,
        revision("cert-manager", 1, "1", "deployed"),
        revision("cert-manager", 1, "1", "deployed", { namespace: "cert-manager" }),
      ],
      /cert-manager\/cert-manager \(1\), default\/cert-manager \(1\);/,
    ],
    [
      "VERSION_AMBIGUOUS",
      "unclear",
      [{ ...deployed, appVersion: "4.6.43" }],
      /revision 3: chart version "4\.6\.41" and app version "4\.6\.43" do not name one/,
    ],
    [
      "VERSION_AMBIGUOUS",
      "unclear",
      [{ ...deployed, chartVersion: "4.6", appVersion: "4.6" }],
      /do not name one Palette version/,
    ],
    [
      "NOTHING_DEPLOYED",
      "empty",
      [revision(palette, 1, "4.6.41", "failed")],
      /its newest, 1 \(4\.6\.41\), is failed\.$/,
    ],
  ];
  for (const [code, state, revisions, says] of refusals) {
    it(`${code}: ${revisions.length} revisions`, () => {
      const found = findInstallation(revisions, "default");
      assert.ok(found.state !== "installed");
      assert.deepEqual([found.error.code, found.state], [code, state]);
      assert.match(found.error.message, says);
      assert.ok(found.error.next);
    });
  }

  it("a second Palette in another namespace is none of ours", () => {
    const other = revision(palette, 1, "4.7.20", "deployed", { namespace: "other" });
    assert.equal(installed([deployed, other]).version, "4.6.41");
  });
});
