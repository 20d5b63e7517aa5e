import { inWords } from "../duration.js";
import { note, type Finding } from "../verdict.js";
import type { BackupRecord } from "./record.js";
import { counted } from "../../counted.js";

export interface BackupFacts {
  record: BackupRecord;
  /** When the installed version's revision was deployed, ISO 8601. */
  installedAt: string;
  installed: string;
  now: Date;
  maxAgeHours: number;
}

/** Clocks of two machines may differ by so much. */
const skewSeconds = 300;

/** A backup is worth something for this hop when it holds the data of the installed version and is not old. */
export function judgeBackup({ record, installedAt, installed, now, maxAgeHours }: BackupFacts): Finding[] {
  const ageSeconds = (now.getTime() - Date.parse(record.takenAt)) / 1000;
  const what = `Backup ${record.id} at ${record.location} was taken at ${record.takenAt}`;
  if (ageSeconds < -skewSeconds) {
    return [
      finding(
        "BACKUP_IN_FUTURE",
        `${what}, which is ${inWords(-ageSeconds)} from now: a record that cannot be right counts for nothing. Correct its time (with its zone).`,
      ),
    ];
  }
  const findings: Finding[] = [];
  if (Date.parse(record.takenAt) <= Date.parse(installedAt)) {
    findings.push(
      finding(
        "BACKUP_BEFORE_INSTALLED",
        `${what}, before ${installed} was deployed (${installedAt}): it leads back to an older version. Take one of ${installed}.`,
      ),
    );
  }
  if (ageSeconds > maxAgeHours * 3600) {
    findings.push(
      finding(
        "BACKUP_TOO_OLD",
        `${what}, ${inWords(ageSeconds)} ago, expected at most ${counted(maxAgeHours, "hour")}: take a new one.`,
      ),
    );
  }
  if (findings.length > 0) return findings;
  return [
    note(
      `${what}, ${inWords(Math.max(0, ageSeconds))} ago: after this hop it is the only way back to ${installed} (point of no return).`,
    ),
  ];
}

function finding(code: string, message: string): Finding {
  return { outcome: "fail", code, member: null, message };
}
