import * as z from "zod";

/** The ConfigMap in the release namespace in which `act backup` leaves its record; gates only read it. */
export const backupConfigMap = "palette-upgrade-backup";

/** Where a backup is and when it was taken. */
export interface BackupRecord {
  id: string;
  location: string;
  /** ISO 8601. */
  takenAt: string;
}

const recordSchema = z.object({
  id: z.string().trim().min(1),
  location: z.string().trim().min(1),
  takenAt: z.iso.datetime({ offset: true }),
});

/** A parsed record, or a clause that names the keys that are missing or invalid. */
export type ParsedRecord = { ok: true; record: BackupRecord } | { ok: false; fault: string };

/** Parses the output of a backup command: one JSON object; unknown keys are ignored. */
export function parseBackupJson(text: string): ParsedRecord {
  try {
    return parseBackup(JSON.parse(text));
  } catch {
    return { ok: false, fault: "it is not JSON" };
  }
}

/** Validates a backup record from any source. */
export function parseBackup(value: unknown): ParsedRecord {
  const parsed = recordSchema.safeParse(value);
  if (parsed.success) return { ok: true, record: parsed.data };
  const keys = [...new Set(parsed.error.issues.map(({ path }) => path.join(".") || "the whole"))].sort();
  return { ok: false, fault: `${keys.join(", ")} missing or wrong` };
}
