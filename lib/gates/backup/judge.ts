import { formatDuration } from "../../base/time/duration.js";
import { createNote, type Finding } from "../verdict/findings.js";
import type { BackupRecord } from "./record.js";

interface BackupFacts {
  record: BackupRecord;
  /** When the installed version's revision was deployed, ISO 8601. */
  installedAt: string;
  installed: string;
  now: Date;
  maxAgeSeconds: number;
}

/** Tolerated difference between the clocks of two machines. */
export const maxClockSkewSeconds = 300;

/** Judges a backup: valid for this hop if it was taken after the installed version was deployed and is not too old. */
export function judgeBackup({ record, installedAt, installed, now, maxAgeSeconds }: BackupFacts): Finding[] {
  const ageSeconds = (now.getTime() - Date.parse(record.takenAt)) / 1000;
  const summary = `Backup ${record.id} at ${record.location} was taken at ${record.takenAt}`;
  if (ageSeconds < -maxClockSkewSeconds) {
    return [
      createFinding(
        "BACKUP_IN_FUTURE",
        `${summary}, which is ${formatDuration(-ageSeconds)} from now: a record that cannot be right counts for nothing. Correct its time (with its zone).`,
      ),
    ];
  }
  const findings: Finding[] = [];
  if (Date.parse(record.takenAt) <= Date.parse(installedAt)) {
    findings.push(
      createFinding(
        "BACKUP_BEFORE_INSTALLED",
        `${summary}, before ${installed} was deployed (${installedAt}): it leads back to an older version. Take one of ${installed}.`,
      ),
    );
  }
  if (ageSeconds > maxAgeSeconds) {
    findings.push(
      createFinding(
        "BACKUP_TOO_OLD",
        `${summary}, ${formatDuration(ageSeconds)} ago, expected at most ${formatDuration(maxAgeSeconds)}: take a new one.`,
      ),
    );
  }
  if (findings.length > 0) return findings;
  return [
    createNote(
      `${summary}, ${formatDuration(Math.max(0, ageSeconds))} ago: after this hop it is the only way back to ${installed} (point of no return).`,
    ),
  ];
}

function createFinding(code: string, message: string): Finding {
  return { outcome: "fail", code, member: null, message };
}
