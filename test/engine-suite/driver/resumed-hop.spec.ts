import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSiteClock } from "../../../lib/program/rehearsal/site-clock.js";
import { rehearsalVariable } from "../../../lib/program/rehearsal/variables.js";
import { weekdays } from "../../../lib/settings/list-entries.js";
import { disturbedRig, ended, onEachEngine, type DisturbedRig, describeEnd } from "./disturbed-rig.js";
import { isMoving, siteEvidence } from "./evidence.js";

const hop = { from: "4.6.41", to: "4.7.20" };
const hours = 3600_000;
const checks = ["before", "after"].map((when) => ({
  name: `own-${when}`,
  when,
  command: ["sh", "-c", `test ! -e fails-${when} || exit 1`],
  timeout: "20s",
}));

/** Codes of the reasons that refuse, with the gate and when it was asked, sorted. */
function refusing(
  gates: readonly { gate: string; when: string; outcome: string; reasons: { code: string }[] }[],
): string[] {
  const lines = gates
    .filter(({ outcome }) => outcome === "fail" || outcome === "unknown")
    .flatMap(({ gate, when, reasons }) => reasons.map(({ code }) => `${gate} ${when} ${code}`));
  return [...new Set(lines)].filter((line) => !line.endsWith(" NOTE")).sort();
}

onEachEngine("a hop that is taken up again", 900, (engineName) => {
  let disturbed: DisturbedRig;
  afterEach(async () => disturbed?.rig.dispose());

  const inProject = (name: string): string => join(disturbed.rig.projectDir, name);
  const now = async (): Promise<number> =>
    (await createSiteClock(disturbed.rig.environment[rehearsalVariable]!).now()).getTime();
  const revisionsOf = (release: string): string[] =>
    siteEvidence(disturbed.rig.model()).releases[release]!.map(({ status, description }) => `${status} ${description}`);

  async function writeBackup(ageHours: number): Promise<void> {
    const takenAt = new Date((await now()) - ageHours * hours).toISOString();
    writeFileSync(inProject("backup.json"), JSON.stringify({ id: "b", location: "s3://b", takenAt }));
  }

  async function setWindow(day: number, opensInMinutes: number): Promise<void> {
    const at = new Date((await now()) + opensInMinutes * 60_000);
    const days = [weekdays[(at.getUTCDay() + 6 + day) % 7]!];
    const from = at.toISOString().slice(11, 16);
    disturbed.rig.set("windows", JSON.stringify([{ days, from, to: from, zone: "UTC" }]));
  }

  async function enrolled(): Promise<void> {
    disturbed = await disturbedRig(engineName, hop);
    disturbed.rig.set("checks", JSON.stringify(checks));
    disturbed.rig.set("backup.command", JSON.stringify(["cat", "backup.json"]));
    await writeBackup(0);
    await disturbed.run({ to: hop.from });
    await writeBackup(0);
  }

  /** Everything that only holds before a hop begins fails, days later. */
  async function fail(): Promise<void> {
    await writeBackup(72);
    writeFileSync(inProject("fails-before"), "");
    await setWindow(3, 0);
    await disturbed.rig.site.changeFaults({ add: [{ name: "pcg-paused" }] });
  }

  async function fix(): Promise<void> {
    await writeBackup(0);
    rmSync(inProject("fails-before"));
    await disturbed.rig.site.changeFaults({ clear: ["pcg-paused"] });
  }

  const failing = [
    "backup before BACKUP_TOO_OLD",
    "own-check before CHECK_FAILED",
    "pcg-readiness before PCG_PAUSED",
    "window before WINDOW_CLOSED",
  ];

  /** Preview and `up` refuse by the same gates, and nothing moves. */
  async function refused(): Promise<void> {
    const before = siteEvidence(disturbed.rig.model());
    const shown = await disturbed.preview();
    assert.deepEqual(
      [shown.exitCode, refusing(shown.report.gates)],
      [3, failing],
      JSON.stringify(shown.report.refusal),
    );
    const run = await disturbed.run({ patience: 0 });
    assert.deepEqual([...ended(run), refusing(run.gates)], ["refused", 3, hop.from, failing], describeEnd(run));
    assert.deepEqual(siteEvidence(disturbed.rig.model()), before);
  }

  async function interrupted(): Promise<void> {
    const abort = new AbortController();
    void disturbed.moment(() => isMoving(disturbed.rig.model())).then(() => abort.abort());
    const run = await disturbed.up({}, { signal: abort.signal });
    assert.equal(run.outcome, "interrupted", describeEnd(run));
  }

  it("Ctrl-C while cert-manager moves; days later each gate of the hop's beginning fails: nothing moves; once that is put right it goes on", async () => {
    await enrolled();
    await interrupted();
    assert.equal(revisionsOf("default/cert-manager").at(-1), `deployed Palette ${hop.to}`);
    assert.equal(revisionsOf("default/hubble").length, 1);
    await fail();
    await refused();
    await fix();
    await finishInWindow();
  });

  /** The window opens in ten minutes: not now without patience, and waited for with it. */
  async function finishInWindow(): Promise<void> {
    await setWindow(0, 10);
    const before = siteEvidence(disturbed.rig.model());
    const early = await disturbed.run({ patience: 0 });
    assert.deepEqual(ended(early), ["not-now", 5, hop.from], describeEnd(early));
    assert.ok(
      early.gates[0]?.reasons.some(({ code }) => code === "PATIENCE"),
      describeEnd(early),
    );
    assert.deepEqual(siteEvidence(disturbed.rig.model()), before);
    await disturbed.reaches(hop.to);
  }
});
