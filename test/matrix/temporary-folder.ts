import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs with a fresh folder that is removed afterwards. */
export function inFolder<T>(run: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "matrices-"));
  try {
    return run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
