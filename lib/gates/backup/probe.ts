import { runLocal, type LocalResult, type RunLocal } from "../../base/process/local-command.js";
import type { KubernetesSite } from "../../site/types.js";
import type { GateSettings } from "../../settings/gate-settings.js";
import { redact } from "../../base/text/redact.js";
import { toErrorFinding, read, type Finding } from "../verdict/findings.js";
import { backupConfigMap, parseBackup, parseBackupJson, type BackupRecord, type ParsedRecord } from "./record.js";

/** The latest backup record with its source, `record: null` when there is none, or a finding when it cannot be read. */
type BackupReading = { record: BackupRecord; source: string } | { record: null } | { finding: Finding };

/** Runs the configured backup command or, without one, reads the record that `act backup` left. Read-only. */
export async function probeBackup(
  kubernetes: Pick<KubernetesSite, "configMap">,
  settings: Pick<GateSettings, "backup" | "helm">,
  signal: AbortSignal,
  run: RunLocal = runLocal,
): Promise<BackupReading> {
  const { command, timeoutSeconds } = settings.backup;
  if (command.length > 0) {
    const result = await run({ argv: command, timeoutSeconds, environment: {}, signal });
    return parseCommandResult(result, timeoutSeconds);
  }
  const { namespace } = settings.helm;
  const found = await read(() => kubernetes.configMap(namespace, backupConfigMap), signal);
  const where = `ConfigMap ${namespace}/${backupConfigMap}`;
  if (!found.ok)
    return { finding: toErrorFinding(found.error, null, `The record of the backup (${where}) could not be read`) };
  if (found.value === null) return { record: null };
  return toBackupReading(parseBackup(found.value), where, "write it anew with: palette-upgrade act backup");
}

function parseCommandResult(
  { exitCode, timedOut, startFault, stdout, stderr }: LocalResult,
  timeoutSeconds: number,
): BackupReading {
  if (exitCode === 0)
    return toBackupReading(
      parseBackupJson(stdout),
      "palette:backup.command",
      'it must print {"id", "location", "takenAt"} as JSON',
    );
  const lastLine = redact(stderr).trim().split(/\r?\n/).at(-1)?.slice(0, 200) ?? "";
  const ending = timedOut
    ? `did not end within ${timeoutSeconds} s (palette:backup.timeout)`
    : startFault !== null
      ? `could not be started (${redact(startFault)})`
      : `ended with ${exitCode ?? "a signal"}`;
  const message = `palette:backup.command ${ending}${lastLine === "" ? "" : `; it said: ${lastLine}`}: whether there is a backup is not known. Fix the command.`;
  return { finding: { outcome: "unknown", code: "BACKUP_COMMAND_FAILED", member: null, message } };
}

function toBackupReading(parsed: ParsedRecord, source: string, remedy: string): BackupReading {
  if (parsed.ok) return { record: parsed.record, source };
  const message = `What ${source} says of the backup is no record (${parsed.fault}): ${remedy}.`;
  return { finding: { outcome: "unknown", code: "BACKUP_RECORD_INVALID", member: null, message } };
}
