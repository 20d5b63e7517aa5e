import assert from "node:assert/strict";
import { identifyActSite } from "../../lib/acts/identify.js";
import { SiteError } from "../../lib/base/errors/site-error.js";
import { type SiteIdentity } from "../../lib/site/identity.js";
import { type KubernetesSite } from "../../lib/site/types.js";
import { startSite, stopSites } from "../../packages/rehearsal/test/site/running.js";

describe("the installation of an act", () => {
  afterEach(stopSites);

  const place = { stack: "prod", server: "https://api.example:6443", context: "admin" };
  const fail = (): Promise<never> => Promise.reject(new SiteError("network", "the cluster does not answer"));

  const cases: [title: string, change: Partial<KubernetesSite>, unread: Partial<SiteIdentity>][] = [
    ["is named whole", {}, {}],
    ["without UID where that cannot be read", { clusterUid: fail }, { clusterUid: null }],
    ["without version where Helm's records cannot be read", { helmRevisions: fail }, { version: null }],
    ["without version where nothing is installed", { helmRevisions: () => Promise.resolve([]) }, { version: null }],
  ];
  for (const [title, change, unread] of cases) {
    it(title, async () => {
      const { site, settings, running } = await startSite({ version: "4.7.27" });
      const kubernetes = { ...site.kubernetes, ...change };
      const asked = {
        site: { ...site, kubernetes },
        settings: { ...settings, site: { ...settings.site, rootDomain: "palette.example.com" } },
        signal: new AbortController().signal,
      };
      assert.deepEqual(await identifyActSite(asked, place), {
        ...place,
        clusterUid: running.clusterUid,
        rootDomain: "palette.example.com",
        version: "4.7.27",
        edition: "palette",
        ...unread,
      });
    });
  }

  it("a person who interrupts ends the reading", async () => {
    const { site, settings } = await startSite({ version: "4.7.27" });
    const signal = AbortSignal.abort(new Error("interrupted"));
    const kubernetes = { ...site.kubernetes, clusterUid: fail };
    await assert.rejects(identifyActSite({ site: { ...site, kubernetes }, settings, signal }, place), {
      message: "interrupted",
    });
  });
});
