import { runLocal, type RunLocal } from "../../base/process/local-command.js";
import type { Hubble } from "../../site/installation.js";
import type { HelmRevision } from "../../site/types.js";
import type { Edge, Gate } from "../verdict/types.js";
import { createNotConfiguredVerdict, createVerdict } from "../verdict/findings.js";
import { readInstalled } from "../verdict/installed.js";
import { judgeBackup } from "./judge.js";
import { probeBackup } from "./probe.js";

/** Checks that a recent backup of the installed version exists, with its id and location. Runs before a hop starts. */
export function createBackupGate(run: RunLocal): Gate {
  return {
    name: "backup",
    timing: { deadlineSeconds: 5 * 60, intervalSeconds: 30, samples: 1 },
    recheck: "start-only",
    async sample(input, signal) {
      const { site, settings, edge, clock } = input;
      const [answer, installed] = await Promise.all([
        probeBackup(site.kubernetes, settings, signal, run),
        readInstalled(input, signal),
      ]);
      if ("finding" in answer) return createVerdict("backup", [answer.finding], null);
      if (answer.record === null)
        return createNotConfiguredVerdict(
          "backup",
          "Neither palette:backup.command is set nor has palette-upgrade act backup left a record (a backup is then a person's word alone)",
          edge,
        );
      if (installed.state !== "installed") return createVerdict("backup", [installed.finding], null);
      const deployed = findBackedUpRevision(installed.hubble, edge);
      const { record, source } = answer;
      const findings = judgeBackup({
        record,
        installedAt: deployed.lastDeployed,
        installed: deployed.chartVersion,
        now: await clock.now(),
        maxAgeSeconds: settings.backup.maxAgeSeconds,
      });
      const observed = { ...record, source, installedAt: deployed.lastDeployed, live: deployed.chartVersion };
      return createVerdict("backup", findings, observed);
    },
  };
}

/** Finds the revision that the backup leads back to; in a hop that has installed its destination, the one before it. */
function findBackedUpRevision({ deployed, revisions }: Hubble, { from, to }: Edge): HelmRevision {
  if (deployed.chartVersion !== to) return deployed;
  return revisions.findLast(({ status, chartVersion }) => status === "superseded" && chartVersion === from) ?? deployed;
}

export const backupGate = createBackupGate(runLocal);
