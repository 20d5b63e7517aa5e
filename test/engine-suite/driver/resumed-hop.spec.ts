import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { verifyChain } from "../../../lib/journal/chain.js";
import { createSiteClock } from "../../../lib/program/rehearsal/site-clock.js";
import { rehearsalVariable } from "../../../lib/program/rehearsal/variables.js";
import { weekdays } from "../../../lib/settings/list-entries.js";
import { breakRelease } from "../support/broken-release.js";
import { disturbedRig, ended, onEachEngine, type DisturbedRig, describeEnd } from "./disturbed-rig.js";
import { duringRun, startDriver } from "./driver-process.js";
import { deleteCutOffAttributes, followLockAdvice } from "./enforce.js";
import { isMoving, siteEvidence } from "./evidence.js";
import { endFamily } from "./processes.js";

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

onEachEngine("a hop that is taken up again", 1800, (engineName) => {
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
  async function refused(journal: string): Promise<void> {
    const before = siteEvidence(disturbed.rig.model());
    const shown = await disturbed.preview();
    assert.deepEqual(
      [shown.exitCode, refusing(shown.report.gates)],
      [3, failing],
      JSON.stringify(shown.report.refusal),
    );
    assert.match(
      shown.report.hopInProgress?.message ?? "",
      new RegExp(
        `The journal of this stack has its last update: of \\S+, run \\S+, by \\S+ on \\S+; it ${journal}\\.$`,
      ),
    );
    const run = await disturbed.run({ patience: 0 });
    const named = refusing(run.gates);
    // An engine begins no step once one has failed (Pulumi: pkg/resource/deploy/step_executor.go, executeChain): the update
    // names the gates that had begun by then, and which these are depends on the machine.
    const begun = failing.filter((line) => named.includes(line));
    const closedAlone = named.every((line) => line.startsWith("window "));
    assert.ok(named.length > 0, describeEnd(run));
    assert.deepEqual(
      [...ended(run), named],
      [...(closedAlone ? ["not-now", 5] : ["refused", 3]), hop.from, begun],
      describeEnd(run),
    );
    assert.deepEqual(siteEvidence(disturbed.rig.model()), before);
  }

  async function interrupted(): Promise<void> {
    const abort = new AbortController();
    void disturbed.moment(() => isMoving(disturbed.rig.model())).then(() => abort.abort());
    const run = await disturbed.up({}, { signal: abort.signal });
    assert.equal(run.outcome, "interrupted", describeEnd(run));
  }

  async function killed(): Promise<void> {
    const driver = startDriver(disturbed.rig);
    const hasMoved = (): boolean => revisionsOf("default/cert-manager").at(-1) === `deployed Palette ${hop.to}`;
    await duringRun(driver, disturbed.moment(hasMoved));
    endFamily(driver.pid);
    assert.equal((await driver.ended).signal, "SIGKILL");
    deleteCutOffAttributes(disturbed.rig);
    if (engineName === "pulumi") await followLockAdvice(disturbed.rig, { message: "that process is gone" });
  }

  async function failedRelease(): Promise<void> {
    const repair = await breakRelease(disturbed.rig, hop.to);
    const run = await disturbed.run();
    assert.equal(run.outcome, "failed", describeEnd(run));
    await repair();
  }

  /** `hubble`: the status of its new revision; `journal`: how the update that began the hop ended by the journal. */
  const ends: [
    title: string,
    end: () => Promise<void>,
    hubble: string | undefined,
    journal: string,
    finish: () => Promise<void>,
  ][] = [
    ["Ctrl-C while cert-manager moves", interrupted, undefined, "ended interrupted", finishInWindow],
    ["kill -9 once cert-manager has moved", killed, undefined, "has no end in it", finishAtOnce],
    ["hubble's release fails", failedRelease, "failed", "ended failed", finishByAcceptance],
  ];
  for (const [title, end, hubble, journal, finish] of ends) {
    it(`${title}; days later each gate of the hop's beginning fails: nothing moves; once that is put right it goes on`, async () => {
      await enrolled();
      await end();
      assert.equal(revisionsOf("default/cert-manager").at(-1), `deployed Palette ${hop.to}`);
      assert.equal(revisionsOf("default/hubble")[1]?.split(" ")[0], hubble);
      await fail();
      await refused(journal);
      await fix();
      await finish();
    });
  }

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

  async function finishAtOnce(): Promise<void> {
    disturbed.rig.set("windows", "[]");
    await disturbed.reaches(hop.to);
  }

  async function finishByAcceptance(): Promise<void> {
    const closed = await disturbed.run({ patience: 0 });
    assert.deepEqual(
      [...ended(closed), refusing(closed.gates)],
      ["not-now", 5, hop.from, ["window before WINDOW_CLOSED"]],
    );
    assert.match(
      describeEnd(closed),
      /to finish it outside its window, a person accepts WINDOW_CLOSED of the gate window/,
    );
    const word = {
      gate: "window",
      subject: "*",
      code: "WINDOW_CLOSED",
      because: "half moved",
      ticket: "OPS-9",
      by: "ana",
    };
    const accepted = { ...word, hop: `${hop.from}->${hop.to}`, until: "2099-12-31" };
    disturbed.rig.set("accept", JSON.stringify([accepted]));
    await disturbed.reaches(hop.to);
    const lines = readFileSync(inProject(".palette/journal/dev.jsonl"), "utf8").trimEnd().split("\n");
    const events = verifyChain(lines).entries.flatMap(({ event }) => (event.kind === "accepted" ? [event] : []));
    assert.deepEqual(events, [{ kind: "accepted", ...accepted }]);
  }

  it("a release that moves after its destination was installed: preview shows the gates, nothing moves past them", async () => {
    await enrolled();
    writeFileSync(inProject("fails-after"), "");
    const unsettled = await disturbed.run();
    assert.deepEqual([unsettled.exitCode, unsettled.applied], [3, hop.from], describeEnd(unsettled));
    assert.equal(revisionsOf("default/hubble").at(-1), `deployed Palette ${hop.to}`);
    rmSync(inProject("fails-after"));
    disturbed.rig.set("values", JSON.stringify({ hubble: { changedAfterTheHop: true } }));
    writeFileSync(inProject("fails-before"), "");
    const half = siteEvidence(disturbed.rig.model());
    const shown = await disturbed.preview();
    assert.deepEqual([shown.exitCode, refusing(shown.report.gates)], [3, ["own-check before CHECK_FAILED"]]);
    const run = await disturbed.run({ patience: 0 });
    assert.deepEqual([...ended(run), refusing(run.gates)], ["refused", 3, hop.from, ["own-check before CHECK_FAILED"]]);
    assert.deepEqual(siteEvidence(disturbed.rig.model()), half);
    rmSync(inProject("fails-before"));
    await disturbed.reaches(hop.to);
    assert.equal(siteEvidence(disturbed.rig.model()).releases["default/hubble"]!.length, 3);
  });
});
