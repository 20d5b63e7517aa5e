import { findProgram } from "../support/find-program.js";
import { explainMissingGo, findBuilt } from "../support/go-build.js";
import { buildPlugin, pluginNames } from "./build-plugins.js";
import { buildEngineProgram, planEngineBuild, programNames } from "./engine-programs.js";
import { isSupportedEngine } from "./engine-version.js";

const folderVariable = "PALETTE_ENGINE_BIN";

export type FoundEngine = { ok: true; folders: string[] } | { ok: false; why: string };

/**
 * Finds the real engine: `PALETTE_ENGINE_BIN` and PATH first (there, a `pulumi` of a supported version), then what was
 * built before, else builds it with Go, once. Plugins that are nowhere are ours. Returns the folders to put before PATH.
 */
export function findEngineTools(environment: NodeJS.ProcessEnv, say: (line: string) => void): FoundEngine {
  const given = (name: string): boolean => {
    const file = findProgram(name, [folderVariable], environment);
    return file !== null && (name !== "pulumi" || isSupportedEngine(file, environment));
  };
  const folders = environment[folderVariable] ? [environment[folderVariable]] : [];
  const absent = programNames.filter((name) => !given(name));
  const unbuilt = absent.filter((name) => findBuilt(planEngineBuild(name, environment), name) === null);
  if (unbuilt.length > 0) {
    const why = explainMissingGo(environment);
    if (why !== null)
      return { ok: false, why: `${unbuilt.join(", ")} is neither in ${folderVariable} nor on PATH, and ${why}` };
    for (const name of unbuilt) buildEngineProgram(name, environment, say);
  }
  folders.push(...absent.map((name) => planEngineBuild(name, environment).folder));
  const missing = pluginNames.filter((name) => !given(name));
  if (missing.length > 0) {
    say(`${missing.join(", ")}: Pulumi's own is not on PATH; that of test/engine-tools takes its place.`);
    folders.push(...missing.map(buildPlugin));
  }
  return { ok: true, folders };
}
