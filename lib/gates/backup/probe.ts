import { runLocal, type LocalResult, type RunLocal } from "../../site/local-command.js";
import type { KubernetesSite } from "../../site/types.js";
import type { GateSettings } from "../../stack/gate-settings.js";
import { redact } from "../redact.js";
import { findingOfError, read, type Finding } from "../verdict.js";
import { backupConfigMap, parseBackup, parseBackupJson, type BackupRecord, type ParsedRecord } from "./record.js";

/** What is known of backups: a record, nothing at all, or why it cannot be told. */
export type BackupAnswer = { record: BackupRecord; source: string } | { record: null } | { finding: Finding };

/** Asks the backup command where there is one, else the record that `act backup` left. Reads only. */
export async function probeBackup(
  kubernetes: Pick<KubernetesSite, "configMap">,
  settings: Pick<GateSettings, "backup" | "releaseNamespace">,
  signal: AbortSignal,
  run: RunLocal = runLocal,
): Promise<BackupAnswer> {
  const { command, timeoutSeconds } = settings.backup;
  if (command.length > 0) {
    const result = await run({ argv: command, timeoutSeconds, environment: {}, signal });
    return fromCommand(result, timeoutSeconds);
  }
  const { releaseNamespace } = settings;
  const found = await read(() => kubernetes.configMap(releaseNamespace, backupConfigMap), signal);
  const where = `ConfigMap ${releaseNamespace}/${backupConfigMap}`;
  if (!found.ok)
    return { finding: findingOfError(found.error, null, `The record of the backup (${where}) could not be read`) };
  if (found.value === null) return { record: null };
  return answered(parseBackup(found.value), where, "write it anew with: palette-upgrade act backup");
}

function fromCommand(
  { exitCode, timedOut, startFault, stdout, stderr }: LocalResult,
  timeoutSeconds: number,
): BackupAnswer {
  if (exitCode === 0)
    return answered(
      parseBackupJson(stdout),
      "palette:backupCommand",
      'it must print {"id", "location", "takenAt"} as JSON',
    );
  const last = redact(stderr).trim().split(/\r?\n/).at(-1)?.slice(0, 200) ?? "";
  const how = timedOut
    ? `did not end within ${timeoutSeconds} s (palette:backupTimeoutSeconds)`
    : startFault !== null
      ? `could not be started (${redact(startFault)})`
      : `ended with ${exitCode ?? "a signal"}`;
  const message = `palette:backupCommand ${how}${last === "" ? "" : `; it said: ${last}`}: whether there is a backup is not known. Mend the command.`;
  return { finding: { outcome: "unknown", code: "BACKUP_COMMAND_FAILED", member: null, message } };
}

function answered(parsed: ParsedRecord, source: string, todo: string): BackupAnswer {
  if (parsed.ok) return { record: parsed.record, source };
  const message = `What ${source} says of the backup is no record (${parsed.fault}): ${todo}.`;
  return { finding: { outcome: "unknown", code: "BACKUP_RECORD_INVALID", member: null, message } };
}
