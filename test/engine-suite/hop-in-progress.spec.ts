import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { verifyChain } from "../../lib/journal/chain.js";
import { weekdays } from "../../lib/settings/list-entries.js";
import { describeEnd, ended, maxWaitSeconds, onEachEngine, stopped } from "./driver/disturbed-rig.js";
import { repackage } from "./support/broken-release.js";
import { driverRig, type DriverRig } from "./support/driver-rig.js";

const [from, begun, target] = ["4.5.23", "4.6.41", "4.6.32"];
const hop = `${from}->${begun}`;
const word = {
  gate: "helm-release",
  subject: "*",
  code: "HOP_IN_PROGRESS",
  hop,
  because: "the vendor's engineer began it",
  ticket: "OPS-9",
  by: "ana",
  until: "2099-12-31",
};
const always = { days: weekdays, from: "00:00", to: "00:00", zone: "UTC" };

onEachEngine("a hop that somebody else began, off the target's route", 900, (engineName) => {
  let driver: DriverRig;
  let openActs: string[];

  before(async () => {
    driver = await driverRig(engineName, { from, to: target }, {}, { charts: [begun] });
    const enrolled = await driver.up({ to: from });
    assert.deepEqual(ended(enrolled), ["stopped", 0, from], describeEnd(enrolled));
    driver.rig.set("acknowledge", "[]");
    await driver.rig.site.changeFaults({ add: [{ name: "release-failed", version: begun }] });
  });
  after(async () => driver?.rig.dispose());

  const started = [`1 deployed ${from}`, `2 failed ${begun}`];

  it("is what every screen shows, and refused before a person has said so by name", async () => {
    const { report, exitCode } = await driver.preview();
    assert.deepEqual([exitCode, report.refusal?.code, report.approval], [3, "HOP_IN_PROGRESS", null]);
    assert.deepEqual(report.step, {
      ...{ kind: "hop", from, destination: begun, resuming: true, declareReleases: true },
    });
    assert.deepEqual([report.hopInProgress?.begunBy, report.hopInProgress?.onRoute], ["somebody else", false]);
    assert.match(
      report.refusal!.message,
      /^Hop 4\.5\.23 -> 4\.6\.41 is in progress: release "hubble" in namespace "default" has revision 2 \(failed, 4\.6\.41\) of \S+\. Somebody else began it: no release bears this tool's mark for 4\.6\.41\. It is not on the route to the target 4\.6\.32 \(4\.5\.23 -> 4\.6\.32\)\. This run finishes that hop and makes no other before it; afterwards no route leads from 4\.6\.41 to the target 4\.6\.32 \(DOWNGRADE\)\.$/,
    );
    const route = report.plan!.hops.map(({ to }) => to);
    const shown = [route, report.hop?.to, report.estimates.map((each) => each.hop.to), report.pointOfNoReturn?.to];
    assert.deepEqual(shown, [[begun], begun, [begun], begun]);
    assert.equal(report.plan!.warnings[0]?.code, "NO_ROUTE_AFTER");
    assert.equal(report.releases.find(({ role }) => role === "hubble")?.to, begun);
    assert.ok(report.gates.some(({ gate, when }) => gate === "window" && when === "before"));
    openActs = report.acts.filter(({ acknowledged }) => !acknowledged).map(({ name }) => name);
    assert.ok(openActs.length > 0, JSON.stringify(report.acts));

    const text = await driver.status();
    assert.match(text, /^Stack dev\n {2}unfinished the hop 4\.5\.23 -> 4\.6\.41, see HOP_IN_PROGRESS below\n/);
    assert.match(text, /remaining {2}4\.5\.23 -> 4\.6\.41 \(1 hop\)\n/);

    const refused = await driver.up();
    assert.deepEqual([...ended(refused), refused.updates], ["refused", 3, from, []], describeEnd(refused));
    assert.deepEqual(stopped(refused), [`HOP_IN_PROGRESS: ${report.refusal!.message}`]);
    assert.deepEqual(await driver.rig.history(), started);
  });

  it("is not finished by an acceptance of another hop", async () => {
    driver.rig.set("accept", JSON.stringify([{ ...word, hop: `${from}->${target}` }]));
    const refused = await driver.up();
    assert.deepEqual([...ended(refused), refused.refusals[0]?.code], ["refused", 3, from, "HOP_IN_PROGRESS"]);
    assert.deepEqual(await driver.rig.history(), started);
  });

  it("once accepted waits for its own acts, and its fingerprint is that of its own charts", async () => {
    driver.rig.set("accept", JSON.stringify([word]));
    const fingerprint = async (): Promise<string | undefined> => (await driver.preview()).report.approval?.fingerprint;
    const before = await fingerprint();
    assert.match(before ?? "", /^[0-9a-f]{64}$/);
    for (const [version, isSame] of [
      [begun, false],
      [target, true],
    ] as const) {
      const restore = repackage(driver.rig, version);
      const changed = await fingerprint();
      restore();
      assert.equal(changed === before, isSame, version);
    }
    assert.equal(await fingerprint(), before);

    const refused = await driver.up();
    assert.deepEqual([...ended(refused), refused.refusals[0]?.code], ["refused", 3, from, "ACT_NOT_ACKNOWLEDGED"]);
    assert.match(refused.refusals[0]!.message, /^4\.5\.23 -> 4\.6\.41 waits for /);
    assert.deepEqual(await driver.rig.history(), started);
  });

  it("is held to the windows", async () => {
    const words = openActs.map((act) => ({ act, hop, by: "ana", because: "done" }));
    driver.rig.set("acknowledge", JSON.stringify(words));
    driver.rig.set("windows", JSON.stringify([{ ...always, to: "00:01" }]));
    const closed = await driver.up({ patience: 0 });
    assert.notEqual(closed.outcome, "done", describeEnd(closed));
    assert.match(stopped(closed).join("\n"), /WINDOW_TOO_SHORT/, describeEnd(closed));
    assert.deepEqual(await driver.rig.history(), started);
    driver.rig.set("windows", "[]");
  });

  it("then is finished, under the name of who accepted it; the target is a downgrade then, as was said", async () => {
    const finished = await driver.up({ patience: maxWaitSeconds });
    const hops = finished.updates.map(({ step, to, outcome }) => `${step} ${to} ${outcome}`);
    assert.deepEqual([...hops.slice(-1), finished.applied], [`hop ${begun} succeeded`, begun], describeEnd(finished));
    assert.deepEqual([finished.exitCode, finished.refusals[0]?.code], [3, "DOWNGRADE"], describeEnd(finished));
    assert.deepEqual(await driver.rig.history(), [`1 superseded ${from}`, `2 failed ${begun}`, `3 deployed ${begun}`]);
    const lines = readFileSync(join(driver.rig.projectDir, ".palette/journal/dev.jsonl"), "utf8").trimEnd().split("\n");
    const accepted = verifyChain(lines).entries.flatMap(({ event }) => (event.kind === "accepted" ? [event] : []));
    assert.deepEqual(accepted.at(-1), { kind: "accepted", ...word });
  });
});
