import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { parseRefusals } from "../../lib/driver/evidence.js";
import { type EngineRun } from "../../lib/engine/engine.js";
import { onEachEngine } from "./driver/disturbed-rig.js";
import { programRig, type ProgramRig } from "./support/program-rig.js";

const release = "kubernetes:helm.sh/v3:Release";

function why(run: EngineRun): string {
  return run.diagnostics.map(({ severity, message }) => `${severity}: ${message}`).join("\n");
}

/** Operations by release, of those that were not left as they are. */
function moved(run: EngineRun): string[] {
  return run.steps
    .filter(({ type, operation }) => type === release && operation !== "same")
    .map(({ name, operation }) => `${name} ${operation}`)
    .sort();
}

/** Helm's records of a release, newest last. */
function recordsOf(rig: ProgramRig, name: string): string[] {
  return Object.keys(rig.model().secrets).filter((key) => key.includes(`/sh.helm.release.v1.${name}.`));
}

/** As `helm uninstall` leaves it. */
async function uninstallByHand(rig: ProgramRig, name: string): Promise<void> {
  for (const key of recordsOf(rig, name)) {
    const [namespace, secret] = key.split("/");
    const answer = await fetch(`${rig.site.url}/api/v1/namespaces/${namespace}/secrets/${secret}`, {
      method: "DELETE",
    });
    assert.ok(answer.ok, `${answer.status}`);
  }
}

onEachEngine("a release that the stack has adopted", 900, (engineName) => {
  let rig: ProgramRig;
  after(async () => rig?.dispose());

  it("4.6.36 -> 4.6.41: image-swap is adopted with the others", async () => {
    rig = await programRig(engineName, { from: "4.6.36", to: "4.7.20" }, {}, { releases: ["image-swap"] });
    for (const expected of [[], ["cert-manager", "hubble", "image-swap"]]) {
      const run = await rig.up();
      assert.ok(run.ok, why(run));
      const imports = moved(run).filter((each) => each.endsWith(" import"));
      assert.deepEqual(
        imports,
        expected.map((name) => `${name} import`),
        why(run),
      );
    }
    assert.equal(recordsOf(rig, "image-swap").length, 2);
  });

  async function refuses(code: string, message: RegExp): Promise<void> {
    for (const run of [await rig.preview(), await rig.up()]) {
      assert.deepEqual([run.ok, moved(run)], [false, []], why(run));
      const [refusal] = parseRefusals(run);
      assert.equal(refusal?.code, code, why(run));
      assert.match(refusal.message, message);
    }
    assert.deepEqual(await rig.history(), ["1 superseded 4.6.36", "2 deployed 4.6.41"]);
  }

  it("4.6.41 -> 4.7.20: uninstalled by hand and needed, it is named, and nothing moves, in the preview as in the update", async () => {
    const records = recordsOf(rig, "cert-manager").map((key) => rig.model().secrets[key]!);
    await uninstallByHand(rig, "cert-manager");
    await refuses("RELEASE_GONE", /it is no longer installed, though this stack has adopted it: default\/cert-manager/);
    for (const { type, data, metadata } of records) {
      const { name, labels, namespace } = metadata;
      const answer = await fetch(`${rig.site.url}/api/v1/namespaces/${namespace}/secrets`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ type, data, metadata: { name, labels } }),
      });
      assert.ok(answer.ok, `${answer.status}`);
    }
    const again = await rig.preview();
    assert.ok(again.ok, why(again));
  });

  it("4.6.41 -> 4.7.20: uninstalled by hand and not needed, the same in other words", async () => {
    await uninstallByHand(rig, "image-swap");
    await refuses(
      "RELEASE_DROPPED",
      /^This stack holds a release that this update would not declare: default\/image-swap \(image-swap\) is no longer installed\. Left undeclared the engine would delete it, and this tool uninstalls nothing\./,
    );
  });

  if (engineName === "embedded") return;
  it("4.6.41 -> 4.7.20: with its protection taken away, as the refusal says, the hop goes on and nothing else is lost", async () => {
    const pulumi = async (...words: string[]): Promise<string> => {
      const { stdout } = await promisify(execFile)("pulumi", [...words, "--stack", "dev"], {
        cwd: rig.projectDir,
        env: { ...process.env, ...rig.environment },
      });
      return stdout;
    };
    const urn = /urn:\S+Release::image-swap/.exec(await pulumi("stack", "--show-urns"))![0];
    await pulumi("state", "unprotect", urn, "--yes");
    const run = await rig.up();
    assert.ok(run.ok, why(run));
    assert.ok(moved(run).includes("hubble update"), why(run));
    assert.equal(run.outputs.appliedVersion, "4.7.20");
    assert.ok(!(await pulumi("stack", "--show-urns")).includes("::image-swap"), "it is still in the state");
    assert.ok(recordsOf(rig, "cert-manager").length > 0);
    const quiet = await rig.up();
    assert.deepEqual([quiet.ok, moved(quiet)], [true, []], why(quiet));
  });
});
