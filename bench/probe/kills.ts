/** SIGKILLs of an update at random moments on the embedded engine, each followed by runs until it has arrived. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { disturbedRig, type DisturbedRig } from "../../test/engine-suite/driver/disturbed-rig.js";
import { type DriverEnd } from "../../test/engine-suite/driver/driver-process.js";
import { siteEvidence, type SiteEvidence } from "../../test/engine-suite/driver/evidence.js";
import { listBadMoves, listSkippedChecks, listUninstalled } from "../../test/engine-suite/driver/invariant.js";
import { killPlan, type PlannedKill } from "../../test/engine-suite/driver/kill-plan.js";
import { Killer, type Kill } from "../../test/engine-suite/driver/killer.js";
import { type ProbeResult, requireCases, state, Tally } from "./result.js";

const route = { from: "4.6.41", to: "4.7.20" };
/** Runs that may arrive before the planned moment: the next is killed in half the time. */
const mostTries = 8;
const alarm = /in part beside the old version/;
const named = /(?<![\w-])([\w-]{1,63}) (\d[\w.+-]{0,40})(?= and | may run in part beside the old version)/g;

/** Kills `cases` updates; each has a site of its own. `say`: where each is reported as it ends. */
export async function probeKills(cases: number, seed: number, say: (line: string) => void): Promise<ProbeResult> {
  if (!existsSync(join(findPackageRoot(), "dist"))) throw new Error("nothing is built: npm run build");
  const tally = new Tally();
  for (const planned of killPlan(seed, cases, ["driver", "program"])) {
    const aim = `${planned.part}, request ${planned.at}${planned.whileMoving ? " while a release moves" : ""}`;
    try {
      const kill = await playKill(planned, tally, aim);
      say(
        kill === null
          ? `${aim}: its moment did not come`
          : `${aim}: killed, ${kill.moving ? "a release moving, " : ""}arrived`,
      );
    } catch (error) {
      tally.fault("runs that never recover", `${aim}: ${String(error)}`);
      say(`${aim}: ${String(error)}`);
    }
  }
  return {
    probe: "kills",
    measures: [
      requireCases(tally.cases, cases),
      tally.requireNone("moves off the matrix, releases uninstalled"),
      tally.requireNone("forgotten checks"),
      tally.requireNone("runs that never recover"),
      tally.requireNone("false alarms"),
      state("killed with a release moving", String(tally.get("moving"))),
      state("true alarms", String(tally.get("true alarms"))),
      state("runs", String(tally.get("runs"))),
      state(
        "a person's deeds: waited, rolled back, support",
        ["waited", "rolled back", "support called"].map((deed) => tally.get(deed)).join(", "),
      ),
    ],
    faults: tally.faults,
  };
}

async function playKill(planned: PlannedKill, tally: Tally, aim: string): Promise<Kill | null> {
  const killer = new Killer();
  let disturbed = await disturbedRig("embedded", route);
  const look = (end: DriverEnd): Promise<void> => judgeEnd(disturbed, end, tally, aim);
  try {
    let { at } = planned;
    for (let tries = 0; tries < mostTries; tries += 1) {
      const { end, kill } = await killer.killRun(disturbed, { ...planned, at });
      await look(end);
      if (kill === null) {
        if (end.exitCode !== 0) throw new Error(`it ended before it could be killed: ${end.reported.slice(0, 1000)}`);
        await disturbed.rig.dispose();
        disturbed = await disturbedRig("embedded", route);
        at = Math.ceil(at / 2);
        continue;
      }
      tally.cases += 1;
      if (kill.moving) tally.count("moving");
      const first = await killer.follow(disturbed, end);
      const deeds = await killer.runUntilArrived(disturbed, look);
      if (deeds === null) tally.fault("runs that never recover", aim);
      for (const deed of [first, ...(deeds ?? [])]) if (deed !== null) tally.count(deed);
      return kill;
    }
    return null;
  } finally {
    killer.endAll();
    await disturbed.rig.dispose();
  }
}

async function judgeEnd(disturbed: DisturbedRig, end: DriverEnd, tally: Tally, aim: string): Promise<void> {
  tally.count("runs");
  const question = await disturbed.question();
  for (const breach of [...listBadMoves(question), ...listUninstalled(question)])
    tally.fault("moves off the matrix, releases uninstalled", `${aim}: ${breach}`);
  for (const breach of listSkippedChecks(question)) tally.fault("forgotten checks", `${aim}: ${breach}`);
  if (!alarm.test(end.reported + end.errors)) return;
  const fault = findFalseAlarm(end.reported, siteEvidence(disturbed.rig.model()));
  if (fault === null) tally.count("true alarms");
  else tally.fault("false alarms", `${aim}: ${fault}`);
}

/** Finds a release that is said to run in part though Helm's newest record of it is of another version, or deployed. */
export function findFalseAlarm(reported: string, { releases }: SiteEvidence): string | null {
  const names = [...reported.matchAll(named)].map(([, name = "", version = ""]) => ({ name, version }));
  if (names.length === 0) return "no release is named";
  const wrong = names.find(({ name, version }) => {
    const [, revisions = []] = Object.entries(releases).find(([key]) => key.endsWith(`/${name}`)) ?? [];
    const newest = revisions.at(-1);
    return newest === undefined || newest.status === "deployed" || newest.version !== version;
  });
  return wrong === undefined ? null : `${wrong.name} ${wrong.version} is said to run in part`;
}
