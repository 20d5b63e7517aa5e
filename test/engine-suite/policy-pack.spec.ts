import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { breakProgram } from "./support/broken-program.js";
import { programRig, type ProgramRig } from "./support/program-rig.js";
import { describeOnRealEngine, skipWithoutEngine } from "./support/engines.js";

/** Exit code and all that was said by `pulumi <what> --policy-pack policy`, as a person would run it. */
function withPack(rig: ProgramRig, what: "preview" | "up"): Promise<{ code: number; text: string }> {
  const pack = join(findPackageRoot(), "policy");
  const args = [what, "--stack", "dev", "--non-interactive", "--policy-pack", pack];
  if (what === "up") args.push("--yes", "--skip-preview");
  const options = { cwd: rig.projectDir, env: { ...process.env, ...rig.environment }, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile("pulumi", args, options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), text: stdout + stderr }),
    );
  });
}

describeOnRealEngine("the policy pack on the real engine", function () {
  this.timeout(900_000);
  let rig: ProgramRig;

  before(async function () {
    skipWithoutEngine(this, "pulumi");
    rig = await programRig("pulumi", { from: "4.6.41", to: "4.7.20" });
    const enrol = await withPack(rig, "up");
    assert.equal(enrol.code, 0, enrol.text);
  });
  after(async () => rig?.dispose());

  it("finds nothing in a hop of the production program, in a preview", async () => {
    const { code, text } = await withPack(rig, "preview");
    assert.equal(code, 0, text);
    assert.match(text, /Hop 4\.6\.41 -> 4\.7\.20/);
    assert.match(text, /palette-upgrade@v0\.1\.0/);
    assert.doesNotMatch(text, /\[mandatory\]/);
  });

  it("names each way in which a program breaks its rules, and fails the preview", async () => {
    breakProgram(rig.projectDir);
    const { code, text } = await withPack(rig, "preview");
    assert.notEqual(code, 0, text);
    for (const words of [
      "The hop 4.6.43 -> 4.7.20 is no supported row of palette-kubernetes-4.7.20.",
      "Release hubble is not protected",
      "Release hubble would move without mongo-replica-set: this hop needs it",
      "Release cert-manager would move without mongo-replica-set: this hop needs it",
      "Release hubble would move without waiting for gate-",
      "gate-rollout judges for 4.6.41 (environment.TO), but the version of hubble is 4.7.20.",
    ]) {
      assert.ok(text.replace(/\s+/g, " ").includes(words), `${words}\n${text}`);
    }
  });
});
