/** The MongoDB shell from npm, which is too large to be a dependency of this project. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** Where `mongosh` is, or why there is none. */
export type FoundMongosh = { folder: string; version: string } | { missing: string };

const tool = path.join(__dirname, "../tools/mongosh");
const leastMajor = 2;
const installSeconds = 280;

/** Ample time for a suite's `before` that may have to install it. */
export const mongoshTimeoutMillis = (installSeconds + 20) * 1000;

/**
 * The folder of a `mongosh` of version 2 or later: that on PATH, else the pinned one of test/tools/mongosh, installed once
 * into the user's cache under the checksum of its lock. Several processes may ask at once.
 */
export function findMongosh(environment: NodeJS.ProcessEnv = process.env): FoundMongosh {
  for (const folder of (environment.PATH ?? "").split(path.delimiter)) {
    const version = folder === "" ? null : versionIn(folder);
    if (version !== null && Number.parseInt(version) >= leastMajor) return { folder, version };
  }
  const cached = cacheFolder(environment);
  if (!existsSync(bin(cached))) {
    const fault = install(cached);
    if (fault !== null) return { missing: `no mongosh of version ${leastMajor} on PATH, and ${fault}` };
  }
  const version = versionIn(bin(cached));
  return version === null ? { missing: `${bin(cached)}/mongosh does not run` } : { folder: bin(cached), version };
}

function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const base = environment.XDG_CACHE_HOME || path.join(homedir(), ".cache");
  const lock = createHash("sha256")
    .update(readFileSync(path.join(tool, "package-lock.json")))
    .digest("hex");
  return path.join(base, "palette-upgrade", "mongosh", lock.slice(0, 16));
}

function bin(folder: string): string {
  return path.join(folder, "node_modules", ".bin");
}

function versionIn(folder: string): string | null {
  const file = path.join(folder, "mongosh");
  if (!existsSync(file)) return null;
  const { status, stdout } = spawnSync(file, ["--version"], { encoding: "utf8", timeout: 60_000 });
  return status === 0 ? (/\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? null) : null;
}

/** Installs beside the place and moves it there whole, so that nobody finds a half. */
function install(folder: string): string | null {
  let half: string | undefined;
  try {
    mkdirSync(path.dirname(folder), { recursive: true });
    half = mkdtempSync(`${folder}.`);
    for (const name of ["package.json", "package-lock.json"]) cpSync(path.join(tool, name), path.join(half, name));
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"];
    const { status, error } = spawnSync("npm", args, { cwd: half, stdio: "ignore", timeout: installSeconds * 1000 });
    if (status !== 0) return `npm ci of it failed${error ? ` (${error.message})` : ""}`;
    if (!existsSync(bin(folder))) renameSync(half, folder);
    return null;
  } catch (error) {
    if (existsSync(bin(folder))) return null;
    return `it could not be installed (${error instanceof Error ? error.message : String(error)})`;
  } finally {
    if (half !== undefined) rmSync(half, { recursive: true, force: true });
  }
}
