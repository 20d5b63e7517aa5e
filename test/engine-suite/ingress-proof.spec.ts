import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSiteClock } from "../../lib/program/rehearsal/site-clock.js";
import { rehearsalVariable } from "../../lib/program/rehearsal/variables.js";
import { type PreviewReport } from "../../lib/program/preview/report.js";
import { moveByHand } from "./driver/by-hand.js";
import { describeEnd, ended, onEachEngine, stopped } from "./driver/disturbed-rig.js";
import { driverRig, type DriverRig } from "./support/driver-rig.js";

/** The ingress changes with this hop, which somebody makes by hand before the stack is enrolled. */
const route = { from: "4.8.33", to: "4.8.47", matrix: "palette-kubernetes-4.9.51" };
const login = {
  name: "login",
  when: "after",
  command: ["sh", "-c", "test -e works || { echo login page is empty; exit 3; }"],
  timeout: "20s",
};

/** `OUTCOME` of the gateway's catch-up as a preview shows it, and why it is left to the update. */
function findCatchUp({ gates }: PreviewReport): [string | undefined, string | null | undefined] {
  const catchUp = gates.find(({ gate, when }) => gate === "pcg-catch-up" && when === "after");
  return [catchUp?.outcome, catchUp?.why];
}

onEachEngine("the recorded time of an ingress proof", 900, (engineName) => {
  let driver: DriverRig;
  const sleep = (minutes: number): Promise<void> =>
    createSiteClock(driver.rig.site.environment[rehearsalVariable]!).sleep(minutes * 60);

  before(async () => {
    driver = await driverRig(engineName, route, { checks: JSON.stringify([login]) });
    await moveByHand(driver.rig.site, route.to);
    await sleep(4 * 60);
  });
  after(async () => driver?.rig.dispose());

  it("negative twin: the ingress was never proved, so a preview leaves the gateway to the update", async () => {
    const { report } = await driver.preview();
    assert.deepEqual(findCatchUp(report), [
      "will-check",
      "after the ingress check, with which the time of the gateways starts anew unless an earlier update has passed it: at least 30 minutes where an agent is unchanged",
    ]);
  });

  it("a check after it failed: a preview judges the gateway by that time, and the update does what it says", async () => {
    const failed = await driver.up();
    assert.deepEqual(
      [...ended(failed), stopped(failed)],
      [
        ...["refused", 3, null],
        ["CHECK_FAILED: Own check login ended with 3, expected 0; it said: login page is empty. Fix what it names."],
      ],
      describeEnd(failed),
    );
    await sleep(40);
    writeFileSync(join(driver.rig.projectDir, "works"), "");
    const { report, exitCode } = await driver.preview();
    assert.deepEqual([...findCatchUp(report), exitCode], ["pass", null, 0]);
    const enrolled = await driver.up();
    assert.deepEqual(ended(enrolled), ["done", 0, route.to], describeEnd(enrolled));
    const judged = enrolled.updates.flatMap(({ gates }) => gates).map(({ gate, outcome }) => `${gate} ${outcome}`);
    assert.deepEqual(
      judged.sort(),
      ["ingress pass", "own-check pass", "pcg-catch-up pass", "rollout pass"],
      "what passed before is judged again, and the gateway's time does not begin anew with it",
    );
  });
});
