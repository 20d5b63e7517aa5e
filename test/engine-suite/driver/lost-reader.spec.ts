import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { verifyChain } from "../../../lib/journal/chain.js";
import { type JournalEntry } from "../../../lib/journal/types.js";
import { listEngines } from "../support/engines.js";
import { disturbedRig, type DisturbedRig } from "./disturbed-rig.js";
import { duringRun, startDriver, startDriverOnTerminal } from "./driver-process.js";
import { isMoving, siteEvidence } from "./evidence.js";

const route = { from: "4.6.41", to: "4.7.20" };

/** On the embedded engine alone: what is shown, and to whom, is the driver's own. */
if (listEngines().includes("embedded"))
  describe("a driver that nobody reads any more, while a release moves", declareTests);

function declareTests(this: Mocha.Suite): void {
  this.timeout(600_000);
  let disturbed: DisturbedRig;
  beforeEach(async () => (disturbed = await disturbedRig("embedded", route)));
  afterEach(async () => disturbed?.rig.dispose());

  const moving = (): Promise<void> => disturbed.moment(() => isMoving(disturbed.rig.model()));

  /** The release that moved came to its end, no other one began, and the journal says so to its end. */
  function endedAtSafePoint(): void {
    const statuses = Object.values(siteEvidence(disturbed.rig.model()).releases).flatMap((revisions) =>
      revisions.filter(({ description }) => description === `Palette ${route.to}`).map(({ status }) => status),
    );
    assert.equal(isMoving(disturbed.rig.model()), false);
    assert.deepEqual(statuses, ["deployed"]);
    const text = readFileSync(join(disturbed.rig.projectDir, ".palette/journal/dev.jsonl"), "utf8");
    const lines = text.trimEnd().split("\n");
    assert.equal(verifyChain(lines).fault, null);
    const events = lines.map((line) => (JSON.parse(line) as JournalEntry).event);
    assert.deepEqual(
      events.slice(-2).map((event) => [event.kind, "outcome" in event ? event.outcome : null]),
      [
        ["update-ended", "interrupted"],
        ["run-ended", "interrupted"],
      ],
    );
  }

  it("its pipes are closed: it goes on to the next safe point, ends the journal, and exits with 130", async () => {
    const driver = startDriver(disturbed.rig);
    await duringRun(driver, moving());
    driver.closeOutput();
    const { exitCode, signal } = await driver.ended;
    assert.deepEqual([exitCode, signal], [130, null]);
    endedAtSafePoint();
  });

  it("its terminal is closed: the same", async function () {
    if (spawnSync("script", ["--version"]).status !== 0) {
      process.stdout.write("      skipped: there is no script(1) to make a terminal with\n");
      this.skip();
    }
    const exitFile = join(disturbed.rig.projectDir, "exit");
    const terminal = startDriverOnTerminal(disturbed.rig, exitFile);
    await moving();
    terminal.kill("SIGKILL");
    for (const until = Date.now() + 300_000; !existsSync(exitFile) && Date.now() < until;) await sleep(100);
    assert.equal(readFileSync(exitFile, "utf8"), "130");
    endedAtSafePoint();
  });
}
