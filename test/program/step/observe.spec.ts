import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { InvalidInputError } from "../../../lib/base/errors/errors.js";
import { observeSite, requireInstalled } from "../../../lib/program/step/observe.js";
import { type KubernetesSite } from "../../../lib/site/types.js";
import { arrived, fakeSite } from "../../gates/fake-site.js";

const settings = { helm: { namespace: "default" }, edition: "palette" as const };

function kubernetes(change: Partial<KubernetesSite> = {}): KubernetesSite {
  return { ...fakeSite({ revisions: arrived("4.5.23", "4.6.41") }).kubernetes, ...change };
}

describe("observing the site", () => {
  it("one value holds cluster, edition, version and releases", async () => {
    const observation = requireInstalled(await observeSite(() => kubernetes(), settings));
    const { clusterUid, edition, observedVersion, releases } = observation;
    assert.deepEqual([clusterUid, edition, observedVersion], ["uid-1", "palette", "4.6.41"]);
    assert.deepEqual(
      releases.map(({ role, deployed, newest }) => [role, deployed?.revision, newest.revision]),
      [["hubble", 2, 2]],
    );
  });

  it("Secret hubble-system/mongo-tls tells VerteX", async () => {
    const asked: string[] = [];
    const secretExists = (namespace: string, name: string): Promise<boolean> => {
      asked.push(`${namespace}/${name}`);
      return Promise.resolve(true);
    };
    const vertex = { ...settings, edition: "vertex" as const };
    const { edition } = requireInstalled(await observeSite(() => kubernetes({ secretExists }), vertex));
    assert.equal(edition, "vertex");
    assert.deepEqual(asked, ["hubble-system/mongo-tls"]);
  });

  it("another edition than configured is unclear, and says why it is taken for that", async () => {
    const observed = await observeSite(() => kubernetes({ secretExists: () => Promise.resolve(true) }), settings);
    assert.ok(observed.state === "unclear");
    const { code, message, next } = observed.error;
    assert.deepEqual(
      [code, message, next],
      [
        "EDITION_MISMATCH",
        "Version 4.6.41 is installed as vertex (Secret hubble-system/mongo-tls exists), but palette:edition is palette.",
        "Set palette:edition to vertex and pin a matrix of that edition.",
      ],
    );
  });

  it("a cluster without records is empty", async () => {
    const observed = await observeSite(() => fakeSite({ revisions: [] }).kubernetes, settings);
    assert.ok(observed.state === "empty");
    assert.equal(observed.error.code, "NO_INSTALLATION");
    assert.throws(() => requireInstalled(observed), { code: "NO_INSTALLATION" });
  });

  for (const read of ["clusterUid", "helmRevisions", "secretExists"] as const) {
    it(`${read}: what does not answer is unreachable, with its error`, async () => {
      const error = new SiteError("network", "gone");
      const observed = await observeSite(() => kubernetes({ [read]: () => Promise.reject(error) }), settings);
      assert.deepEqual(observed, { state: "unreachable", error });
      assert.throws(() => requireInstalled(observed), error);
    });
  }

  it("a kubeconfig that cannot be used is unreachable too; another invalid setting is not", async () => {
    const observe = (code: string): ReturnType<typeof observeSite> =>
      observeSite(() => {
        throw new InvalidInputError(code, "No.");
      }, settings);
    assert.equal((await observe("KUBECONFIG_UNREADABLE")).state, "unreachable");
    await assert.rejects(observe("CA_FILE_UNREADABLE"), { code: "CA_FILE_UNREADABLE" });
  });

  it("a fault of our own is not taken for an unreachable cluster", async () => {
    await assert.rejects(
      observeSite(() => kubernetes({ clusterUid: () => Promise.reject(new TypeError("bug")) }), settings),
      TypeError,
    );
  });
});
