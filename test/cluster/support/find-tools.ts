import { findProgram } from "../../support/find-program.js";
import { buildProgram, explainMissingGo, findBuilt } from "../../support/go-build.js";
import { planToolBuild } from "./build-tools.js";
import { packages, type ToolName } from "./tool-names.js";

/** Programs of this machine that are given for the purpose come first, then what was built, then the build. */
const folderVariables = ["PALETTE_CLUSTER_BIN", "KUBEBUILDER_ASSETS"];

export type FoundTools<N extends ToolName> = { ok: true; tools: Record<N, string> } | { ok: false; why: string };

/** Finds every tool named, building those that are nowhere; tells what it builds and how long that took. */
export function findTools<N extends ToolName>(
  names: readonly N[],
  environment: NodeJS.ProcessEnv,
  print: (line: string) => void,
): FoundTools<N> {
  const plan = planToolBuild(environment);
  const found = names.map((name) => ({ name, path: givenTool(name, environment) ?? findBuilt(plan, name) }));
  const missing = found.filter(({ path }) => path === null).map(({ name }) => name);
  if (missing.length > 0) {
    const why = explainMissingGo(environment);
    if (why !== null) return { ok: false, why: skipped(missing, why) };
    print(`Building ${missing.join(", ")} with Go into ${plan.folder}: once, some minutes.`);
  }
  const tools = Object.fromEntries(
    found.map(({ name, path }) => {
      if (path !== null) return [name, path];
      const before = performance.now();
      const built = buildProgram(plan, { name, source: packages[name] }, environment);
      print(`${name} built in ${Math.round((performance.now() - before) / 1000)} s`);
      return [name, built];
    }),
  ) as Record<N, string>;
  return { ok: true, tools };
}

function givenTool(name: ToolName, environment: NodeJS.ProcessEnv): string | null {
  return findProgram(name, folderVariables, environment);
}

function skipped(missing: readonly ToolName[], why: string): string {
  return (
    `The cluster suite is skipped: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} neither in ` +
    `${folderVariables.join(" or ")} nor on PATH, and ${why}, so nothing can be built. Install Go 1.21 or later, or give the programs.`
  );
}
