import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { buildPlan, buildTool, builtTool, goMissing } from "./build-tools.js";
import { toolNames, type ToolName, type Tools } from "./tool-names.js";

/** Programs of this machine that are given for the purpose come first, then what was built, then the build. */
const folderVariables = ["PALETTE_CLUSTER_BIN", "KUBEBUILDER_ASSETS"];

export type FoundTools = { ok: true; tools: Tools; told: string[] } | { ok: false; why: string };

/** Finds every tool, building those that are nowhere; says in `told` what was taken from where and how long it took. */
export function findTools(environment: NodeJS.ProcessEnv, tell: (line: string) => void): FoundTools {
  const plan = buildPlan(environment);
  const found = toolNames.map((name) => ({ name, path: givenTool(name, environment) ?? builtTool(plan, name) }));
  const missing = found.filter(({ path }) => path === null).map(({ name }) => name);
  const told: string[] = [];
  if (missing.length > 0) {
    const why = goMissing(environment);
    if (why !== null) return { ok: false, why: skipped(missing, why) };
    tell(`Building ${missing.join(", ")} with Go into ${plan.folder}: once, some minutes.`);
  }
  const tools = Object.fromEntries(
    found.map(({ name, path }) => {
      if (path !== null) return [name, path];
      const before = performance.now();
      const built = buildTool(plan, name, environment);
      const line = `${name} built in ${Math.round((performance.now() - before) / 1000)} s`;
      told.push(line);
      tell(line);
      return [name, built];
    }),
  ) as Tools;
  return { ok: true, tools, told };
}

function givenTool(name: ToolName, environment: NodeJS.ProcessEnv): string | null {
  const folders = [...folderVariables.flatMap((variable) => environment[variable] ?? []), ...pathFolders(environment)];
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

function pathFolders(environment: NodeJS.ProcessEnv): string[] {
  return (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function skipped(missing: ToolName[], why: string): string {
  return (
    `The cluster suite is skipped: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} neither in ` +
    `${folderVariables.join(" or ")} nor on PATH, and ${why}, so nothing can be built. Install Go 1.21 or later, or give the programs.`
  );
}
