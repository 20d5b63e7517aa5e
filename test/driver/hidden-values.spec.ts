import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { startSimulatedSite } from "../../packages/rehearsal/lib/site/server.js";
import { type RunningSite } from "../../packages/rehearsal/lib/types.js";
import { connectKubernetes } from "../../lib/site/kubernetes/client.js";
import { parseSettings } from "../../lib/settings/settings.js";
import { createHiddenValues, type HiddenValues } from "../../lib/driver/hidden-values.js";

describe("values that no error may repeat", () => {
  let site: RunningSite;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "hidden-values-"));
    site = await startSimulatedSite({
      version: "4.6.41",
      edition: "palette",
      stateFile: null,
      faults: [],
      directory: folder,
    });
  });
  after(async () => {
    await site.stop();
    rmSync(folder, { recursive: true });
  });

  function hidden(kubeconfig: string, further: Record<string, string> = {}): HiddenValues {
    const raw = {
      target: "4.7.20",
      matrix: "palette-kubernetes-4.7.20",
      clusterIdentifier: "x",
      kubernetes: JSON.stringify({ kubeconfig }),
      ...further,
    };
    const config = Object.fromEntries(Object.entries(raw).map(([key, value]) => [`palette:${key}`, value]));
    return createHiddenValues(parseSettings(config, null), { projectDir: folder, environment: { HOME: folder } });
  }

  const reported = (message: string): Parameters<HiddenValues["hide"]>[0] => ({ code: "X", message, next: message });

  it("what Helm keeps is learnt before a hop, by a kubeconfig that lies beside the program", async () => {
    const stored = await connectKubernetes({ kubeconfig: site.kubeconfig, context: null }).helmValues(
      "default",
      "hubble",
      1,
    );
    const { databasePassword } = stored.mongo as { databasePassword: string };
    const values = hidden(relative(folder, site.kubeconfig));
    const before = values.hide(reported(databasePassword));
    assert.equal(before.message, databasePassword, "nothing is learnt yet: this proves that it is later");
    await values.loadStored(false);
    assert.deepEqual(values.hide(reported(`release default/hubble: ${databasePassword}`)), {
      code: "X",
      message: "release default/hubble: <hubble mongo.databasePassword>",
      next: "release default/hubble: <hubble mongo.databasePassword>",
    });
  });

  it("a fresh install: the settings' own values are all there is, and the cluster is not asked", async () => {
    const values = hidden("nowhere", { values: '{"hubble":{"mongo":{"databasePassword":"planted-here"}}}' });
    await values.loadStored(true);
    assert.equal(values.hide(reported("planted-here")).message, "<hubble mongo.databasePassword>");
    assert.equal(values.hide({ ...reported(""), next: null }).next, null);
  });

  it("what cannot be read cannot be hidden: nothing moves then", async () => {
    await assert.rejects(hidden("nowhere").loadStored(false), {
      code: "CLUSTER_UNREACHABLE",
      message: /^What Helm keeps cannot be read: .*nowhere/,
    });
  });
});
