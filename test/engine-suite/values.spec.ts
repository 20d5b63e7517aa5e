import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readReleaseHistory } from "../../packages/rehearsal/lib/helm-storage.js";
import { onEachEngine } from "./driver/disturbed-rig.js";
import { storeValuesByHand } from "./driver/by-hand.js";
import { programRig, type ProgramRig } from "./support/program-rig.js";

onEachEngine("values of the releases", 600, (engineName) => {
  let rig: ProgramRig;

  before(async () => {
    rig = await programRig(engineName, { from: "4.6.41", to: "4.7.20" });
  });
  after(async () => rig?.dispose());

  const image = (tag: string): object => ({ image: { controllerImage: `r.example/palette/controller:${tag}` } });
  const store = (): Promise<object[]> =>
    readReleaseHistory({ url: rig.site.url }, "default", "cert-manager").then((all) =>
      all.map(({ config }) => config ?? {}),
    );
  const shown = (): [string | undefined, string[]] => {
    const { releases, gates } = rig.report();
    const values = gates.find(({ gate }) => gate === "values")!;
    return [
      releases.find(({ role }) => role === "cert-manager")?.values?.source,
      values.reasons.filter(({ code }) => code !== "NOTE").map(({ code, member }) => `${code} ${member}`),
    ];
  };

  it("an old image that Helm would keep refuses; values of the site's own that the vendor's file drops refuse; what is shown is what is stored", async () => {
    await storeValuesByHand(rig.site, "cert-manager", { ...image("v1"), replicas: 3 });
    assert.ok((await rig.up()).ok, "enrolled");
    assert.ok((await rig.preview()).ok);
    assert.deepEqual(shown(), ["stored", ["STALE_IMAGE_PIN image.controllerImage"]]);
    assert.ok(!(await rig.up()).ok);
    assert.equal((await store()).length, 2, "nothing moved");

    const file = join(rig.projectDir, "r/charts/release-4.7.20/extras/cert-manager/values.yaml");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "image:\n  controllerImage: r.example/palette/controller:v2\n");
    assert.ok((await rig.preview()).ok);
    assert.deepEqual(shown(), ["archive", ["VALUES_DROPPED cert-manager"]]);
    assert.ok(!(await rig.up()).ok);
    assert.equal((await store()).length, 2, "nothing moved");

    rig.set("values", JSON.stringify({ "cert-manager": { replicas: 3 } }));
    assert.ok((await rig.preview()).ok);
    assert.deepEqual(shown(), ["archive", []]);
    assert.ok((await rig.up()).ok);
    assert.deepEqual((await store()).at(-1), { ...image("v2"), replicas: 3 });
    assert.ok((await rig.up()).ok);
    assert.equal((await store()).length, 3, "settled: no diff");
  });
});
