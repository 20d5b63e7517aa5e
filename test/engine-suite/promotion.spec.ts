import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rehearsalVariable } from "../../lib/program/rehearsal/variables.js";
import { exportPromotion } from "../../lib/cli/promotion-command.js";
import { createSiteClock } from "../../lib/program/rehearsal/site-clock.js";
import { ended, onEachEngine, stopped, describeEnd } from "./driver/disturbed-rig.js";
import { repackage } from "./support/broken-release.js";
import { driverRig, type DriverRig } from "./support/driver-rig.js";
import { fullName } from "./support/program-rig.js";

const route = { from: "4.6.36", to: "4.7.20" };
const staging = fullName("staging");

/** What the gate says of this stack before its next hop, asked without an engine. */
async function ahead(driver: DriverRig): Promise<{ outcome: string; codes: string[]; exitCode: number }> {
  const { report, exitCode } = await driver.preview({ gatesOnly: true });
  const gate = report.gates.find(({ gate }) => gate === "promotion")!;
  return { outcome: gate.outcome, codes: gate.reasons.map(({ code }) => code), exitCode };
}

function pem(key: KeyObject): string {
  return key.export({ type: key.type === "public" ? "spki" : "pkcs8", format: "pem" }).toString();
}

onEachEngine("promotion from staging to prod", 900, (engineName) => {
  let stage: DriverRig;
  let prod: DriverRig;

  before(async () => {
    stage = await driverRig(engineName, route, {}, { stack: "staging" });
    prod = await driverRig(engineName, route, { "promotion.stack": staging }, { beside: stage.rig });
  });
  after(async () => {
    await prod?.rig.dispose();
    await stage?.rig.dispose();
  });

  it("a stage that was never enrolled has nothing to promote", async () => {
    const refused = await prod.up();
    assert.deepEqual(
      [...ended(refused), refused.updates.map(({ step, outcome }) => `${step} ${outcome}`), stopped(refused)],
      [
        "refused",
        2,
        "4.6.36",
        ["enrol succeeded"],
        [`PROMOTION_STACK: Stack ${staging} has no output verifiedHops that this tool wrote.`],
      ],
      describeEnd(refused),
    );
  });

  it("a stack that is not there is named", async () => {
    prod.rig.set("promotion.stack", fullName("stagign"));
    const refused = await prod.up();
    prod.rig.set("promotion.stack", staging);
    assert.deepEqual([refused.exitCode, refused.refusals[0]?.code], [3, "PROMOTION_STACK"], describeEnd(refused));
    assert.match(
      refused.refusals[0]!.message,
      /^The outputs of stack organization\/palette\/stagign cannot be read: .*unknown stack/s,
    );
  });

  it("a hop that the stage has not taken waits for it; nothing moves", async () => {
    assert.deepEqual(ended(await stage.up({ to: "4.6.36" })), ["stopped", 0, "4.6.36"]);
    const refused = await prod.up();
    assert.deepEqual(
      [...ended(refused), stopped(refused)],
      [
        ...["not-now", 5, "4.6.36"],
        [
          `PROMOTION_MISSING: Stack ${staging} has not taken and proved 4.6.36 -> 4.6.41 (it has none into 4.6.41), nor 4.6.41 -> 4.7.20 further on this route: take these hops there first, in this order.`,
        ],
      ],
      describeEnd(refused),
    );
    assert.deepEqual(await ahead(prod), { outcome: "fail", codes: ["PROMOTION_MISSING"], exitCode: 5 });
  });

  it("a hop that the stage took just now has not held yet, and another chart is not what it took", async () => {
    assert.deepEqual(ended(await stage.up()), ["done", 0, "4.7.20"]);
    const young = await prod.up();
    assert.deepEqual(ended(young), ["not-now", 5, "4.6.36"], describeEnd(young));
    assert.match(
      stopped(young).join("\n"),
      /^PROMOTION_TOO_YOUNG: Stack organization\/palette\/staging proved 4\.6\.36 -> 4\.6\.41 at \S+Z, \d+ (minutes|seconds|s) ago, expected at least 24 hours: run this again from \S+Z on\.$/,
    );
    const fix = repackage(prod.rig, "4.6.41");
    const other = await prod.up();
    fix();
    assert.match(
      stopped(other).join("\n"),
      /^PROMOTION_OTHER_CHART: The chart of hubble for 4\.6\.41 is not the one that Stack organization\/palette\/staging proved \(here sha256 [0-9a-f]{12}…, there [0-9a-f]{12}…\): use the same archive on both\.$/,
    );
    assert.equal(other.applied, "4.6.36");
  });

  it("a day later the hop is taken, by what the stage's stack says", async () => {
    await createSiteClock(prod.rig.site.environment[rehearsalVariable]!).sleep(25 * 3600);
    assert.deepEqual(await ahead(prod), { outcome: "pass", codes: ["NOTE"], exitCode: 0 });
    const taken = await prod.up({ maxHops: 1 });
    assert.deepEqual(ended(taken), ["stopped", 0, "4.6.41"], describeEnd(taken));
    const judged = taken.updates[0]!.gates.find(({ gate }) => gate === "promotion");
    assert.equal(judged?.outcome, "pass");
  });

  it("by a signed file: another's key is refused, the stage's own is believed", async () => {
    const mine = generateKeyPairSync("ed25519");
    const file = join(prod.rig.projectDir, "verified.json");
    const key = join(prod.rig.projectDir, "promotion.key");
    const pub = join(prod.rig.projectDir, "promotion.pub");
    writeFileSync(key, pem(mine.privateKey), { mode: 0o600 });
    await exportPromotion({ stack: "staging", key, out: file }, stage.shell);
    writeFileSync(pub, pem(generateKeyPairSync("ed25519").publicKey));
    prod.rig.set("promotion.stack", "");
    prod.rig.set("promotion.file", file);
    prod.rig.set("promotion.key", pub);
    prod.rig.set("promotion.stage", staging);
    const refused = await prod.up();
    assert.deepEqual(
      [...ended(refused), stopped(refused)],
      [
        ...["refused", 3, "4.6.41"],
        [
          `PROMOTION_SIGNATURE: ${file}: The file of verified hops is not signed by the key of this stack. Export it again on the stage, with the private key that belongs to palette:promotion.key.`,
        ],
      ],
      describeEnd(refused),
    );
    writeFileSync(pub, pem(mine.publicKey));
    const done = await prod.up();
    assert.deepEqual(ended(done), ["done", 0, "4.7.20"], describeEnd(done));
  });
});
