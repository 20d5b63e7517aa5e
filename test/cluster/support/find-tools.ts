import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { buildPlan, buildTool, builtTool, goMissing } from "./build-tools.js";
import { type ToolName } from "./tool-names.js";

/** Programs of this machine that are given for the purpose come first, then what was built, then the build. */
const folderVariables = ["PALETTE_CLUSTER_BIN", "KUBEBUILDER_ASSETS"];

export type FoundTools<N extends ToolName> = { ok: true; tools: Record<N, string> } | { ok: false; why: string };

/** Finds every tool named, building those that are nowhere; tells what it builds and how long that took. */
export function findTools<N extends ToolName>(
  names: readonly N[],
  environment: NodeJS.ProcessEnv,
  print: (line: string) => void,
): FoundTools<N> {
  const plan = buildPlan(environment);
  const found = names.map((name) => ({ name, path: givenTool(name, environment) ?? builtTool(plan, name) }));
  const missing = found.filter(({ path }) => path === null).map(({ name }) => name);
  if (missing.length > 0) {
    const why = goMissing(environment);
    if (why !== null) return { ok: false, why: skipped(missing, why) };
    print(`Building ${missing.join(", ")} with Go into ${plan.folder}: once, some minutes.`);
  }
  const tools = Object.fromEntries(
    found.map(({ name, path }) => {
      if (path !== null) return [name, path];
      const before = performance.now();
      const built = buildTool(plan, name, environment);
      print(`${name} built in ${Math.round((performance.now() - before) / 1000)} s`);
      return [name, built];
    }),
  ) as Record<N, string>;
  return { ok: true, tools };
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

function skipped(missing: readonly ToolName[], why: string): string {
  return (
    `The cluster suite is skipped: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} neither in ` +
    `${folderVariables.join(" or ")} nor on PATH, and ${why}, so nothing can be built. Install Go 1.21 or later, or give the programs.`
  );
}
