import { spawnSync } from "node:child_process";
import semver from "semver";

/** Oldest supported version; Pulumi.yaml requires the same. */
export const oldestEngine = "3.250.0";

/** Asks a `pulumi` for its version; null where it does not answer with one. */
export function readEngineVersion(program: string, environment: NodeJS.ProcessEnv): string | null {
  const { stdout } = spawnSync(program, ["version"], {
    encoding: "utf8",
    env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  return semver.valid((stdout ?? "").trim());
}

export function isSupportedEngine(program: string, environment: NodeJS.ProcessEnv): boolean {
  const version = readEngineVersion(program, environment);
  return version !== null && semver.gte(version, oldestEngine);
}
