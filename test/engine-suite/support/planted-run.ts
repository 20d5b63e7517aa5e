import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startDriver, type DriverEnd } from "../driver/driver-process.js";
import { searchFor } from "../../support/secret-forms.js";
import type { PlantedSite } from "./planted-site.js";
import { watch, type Watch } from "./planted-watch.js";

/** One process of the tool, from its start to its end, and what was seen of it meanwhile. */
export interface PlantedRun extends DriverEnd {
  watch: Watch;
}

/** Below the project: what a run keeps for itself is looked at too. */
function temporaryFolderOf({ rig }: PlantedSite): string {
  const folder = join(rig.projectDir, "tmp");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The driver; `to`: the stop to end at. */
export async function drivePlanted(site: PlantedSite, to?: string): Promise<PlantedRun> {
  const folder = temporaryFolderOf(site);
  const { pid, ended } = startDriver(site.rig, {
    to,
    environment: { TMPDIR: folder },
  });
  return watched(pid, folder, site, ended);
}

/** Any other command of the tool, in the project's folder. */
export function runPlanted(
  site: PlantedSite,
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<PlantedRun> {
  return runNode(site, [join(site.rig.projectDir, "bin/palette-upgrade"), ...words], environment);
}

/** Node itself with these arguments, watched in the same way. */
export async function runNode(
  site: PlantedSite,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<PlantedRun> {
  const folder = temporaryFolderOf(site);
  const { projectDir } = site.rig;
  const env = { ...process.env, ...site.rig.environment, TMPDIR: folder, ...environment };
  const child = spawn(process.execPath, args, { cwd: projectDir, env, stdio: ["ignore", "pipe", "pipe"] });
  let reported = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (reported += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<DriverEnd>((resolve) => {
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal, result: null, reported, errors }));
  });
  return watched(child.pid!, folder, site, ended);
}

async function watched(pid: number, folder: string, site: PlantedSite, ended: Promise<DriverEnd>): Promise<PlantedRun> {
  const seen = watch(pid, folder, searchFor(site.planted));
  try {
    return { ...(await ended), watch: seen };
  } finally {
    seen.end();
  }
}
