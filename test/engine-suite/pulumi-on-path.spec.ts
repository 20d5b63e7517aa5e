import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { programRig, type ProgramRig } from "./support/program-rig.js";

describe("the embedded engine beside a pulumi on PATH that does not know the stack", function () {
  this.timeout(120_000);
  let rig: ProgramRig;
  afterEach(async () => rig?.dispose());

  it("enrols all the same: that pulumi is not asked", async () => {
    rig = await programRig("embedded", { from: "4.6.36", to: "4.6.41" });
    const folder = join(rig.projectDir, "another-bin");
    mkdirSync(folder);
    writeFileSync(join(folder, "pulumi"), '#!/bin/sh\necho asked >> "$0.log"\nexit 255\n');
    chmodSync(join(folder, "pulumi"), 0o755);
    rig.site.environment.PATH = [folder, process.env.PATH].join(delimiter);
    const run = await rig.up();
    assert.ok(run.ok, run.diagnostics.map(({ message }) => message).join("\n"));
    assert.equal(run.outputs.appliedVersion, "4.6.36");
    assert.ok(!existsSync(join(folder, "pulumi.log")));
  });
});
