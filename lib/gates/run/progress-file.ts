import { appendFileSync } from "node:fs";
import { dirname } from "node:path";
import { nameFullDisk } from "../../base/process/full-disk.js";
import { type GateReport } from "../verdict/types.js";

/** Environment entry naming the file to which gate processes report their progress; absent: no reports. */
export const progressVariable = "PALETTE_PROGRESS";

/** One line of the file, JSON. A gate's last line carries its report. */
export interface ProgressLine {
  gate: string;
  when: "before" | "after";
  /** `tenant/name` where the gate judges one PCG. */
  pcg: string | null;
  /** What it still waits for. */
  waiting?: string;
  report?: GateReport;
  /** The release before whose change a hook judged the gate again. */
  release?: string;
}

/** Appends one line in a single write, so that lines of several processes do not mix. @throws PaletteError `DISK_FULL`. */
export function reportProgress(file: string | undefined, line: ProgressLine): void {
  if (file === undefined || file === "") return;
  nameFullDisk(dirname(file), () => appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 }));
}
