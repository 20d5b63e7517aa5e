import assert from "node:assert/strict";
import { isQuiet } from "../../lib/driver/drive.js";
import { listEngines, skipWithoutEngine } from "../engine-suite/support/engines.js";
import { clusterRig, type ClusterRig } from "./support/cluster-rig.js";
import { toolsOrSkip } from "./support/global-setup.js";
import { requestWords, print, watchMemory } from "./support/measures.js";
import { movedReleases, up, why } from "./support/run-words.js";
import { plantedPassword } from "./support/stand-in-palette.js";

const route = ["4.2.7", "4.2.13", "4.3.6", "4.4.20", "4.5.23", "4.6.41", "4.7.20"];
const programWords = "@pulumi/pulumi/cmd/run";

for (const engine of listEngines()) {
  describe(`seven hops on a real control plane, ${engine} engine`, function () {
    this.timeout(1_200_000);
    let rig: ClusterRig;

    before(async function () {
      const tools = toolsOrSkip(this);
      skipWithoutEngine(this, engine);
      rig = await clusterRig({ tools, engine, from: "4.1.12", to: "4.7.20" });
    });
    after(async () => rig?.dispose());

    it("enrols what a person installed with Helm and touches nothing", async () => {
      const run = await up(rig);
      assert.deepEqual(movedReleases(run), {});
      assert.deepEqual(run.outputs.appliedVersion, "4.1.12");
      assert.deepEqual(await rig.history(), ["1 deployed 4.1.12 Install complete"]);
      rig.site.takeRequests();
    });

    let from = "4.1.12";
    for (const [index, to] of route.entries()) {
      it(`${from} -> ${to}${index === 0 ? ", which adopts the releases with their history" : ""}`, async () => {
        const memory = watchMemory(programWords);
        const before = performance.now();
        const run = await up(rig);
        const seconds = (performance.now() - before) / 1000;
        const megabytes = memory.stop();
        assert.deepEqual(Object.keys(movedReleases(run)).sort(), ["cert-manager", "hubble"], why(run));
        assert.equal(run.outputs.appliedVersion, to);
        assert.equal((await rig.history()).at(-1), `${index + 2} deployed ${to} Palette ${to}`);
        print(`${seconds.toFixed(1)} s; program ${megabytes} MB; requests: ${requestWords(rig.site.takeRequests())}`);
      });
      from = to;
    }

    it("keeps what the site had set, and all of the history", async () => {
      const revisions = await rig.history();
      assert.deepEqual(
        revisions.map((line) => line.split(" ").slice(1, 3).join(" ")),
        ["4.1.12", ...route].map((version) => `${version === "4.7.20" ? "deployed" : "superseded"} ${version}`),
      );
      const values = await rig.kubernetes.helmValues("default", "hubble", revisions.length);
      assert.deepEqual(values.mongo, { databasePassword: plantedPassword });
    });

    it("has nothing left to do, and holds no secret in clear", async () => {
      const preview = await rig.engine.preview();
      assert.ok(preview.ok && isQuiet(preview), why(preview));
      const stored = rig.stored();
      for (const secret of [plantedPassword, ...Object.values(rig.site.apiKeys)]) {
        assert.ok(!stored.includes(secret), "a secret in clear");
      }
    });
  });
}
