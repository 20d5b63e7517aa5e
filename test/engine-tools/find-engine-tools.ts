import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findProgram } from "../support/find-program.js";
import {
  type BuildPlan,
  buildProgram,
  explainMissingGo,
  findBuilt,
  type GoModule,
  planBuild,
  readPinnedVersion,
} from "../support/go-build.js";
import { isSupportedEngine } from "./engine-version.js";
import { buildPlugin, pluginNames } from "./build-plugins.js";

const module: GoModule = { folder: join(__dirname, "module"), name: "engine", niceness: 10 };
const folderVariable = "PALETTE_ENGINE_BIN";
const engineModule = "github.com/pulumi/pulumi/pkg/v3";
const kubernetesModule = "github.com/pulumi/pulumi-kubernetes/provider/v4";

/** Programs that Go builds, with their package and what is written into each. */
const programs = [
  { name: "pulumi", source: `${engineModule}/cmd/pulumi` },
  { name: "pulumi-resource-kubernetes", source: "./kubernetes" },
] as const;

/** Files that the provider's own build embeds: ours reads them from beside the program. */
const providerFiles = { "schema.json": "kubernetes-schema.json", "terraform-mapping.json": "kubernetes-mapping.json" };

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
  const plan = planEngineBuild(environment);
  const absent = programs.filter(({ name }) => !given(name));
  const unbuilt = absent.filter(({ name }) => findBuilt(plan, name) === null);
  if (unbuilt.length > 0) {
    const names = unbuilt.map(({ name }) => name).join(", ");
    const why = explainMissingGo(environment);
    if (why !== null) return { ok: false, why: `${names} is neither in ${folderVariable} nor on PATH, and ${why}` };
    say(`Building ${names} with Go into ${plan.folder}: once, about ten minutes of two cores.`);
    for (const program of unbuilt) build(plan, program, environment, say);
  }
  if (absent.length > 0) folders.push(plan.folder);
  const missing = pluginNames.filter((name) => !given(name));
  if (missing.length > 0) {
    say(`${missing.join(", ")}: Pulumi's own is not on PATH; that of test/engine-tools takes its place.`);
    folders.push(...missing.map(buildPlugin));
  }
  return { ok: true, folders };
}

/** Plans flags and cache folder of the pinned engine. */
export function planEngineBuild(environment: NodeJS.ProcessEnv): BuildPlan {
  const engine = readPinnedVersion(module, engineModule);
  const provider = readPinnedVersion(module, kubernetesModule);
  const values = [
    `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${engine}`,
    `-X main.version=${provider.slice(1)}`,
  ];
  return planBuild(module, ["-ldflags", `-s -w ${values.join(" ")}`], environment, ["kubernetes/main.go"]);
}

function build(
  plan: BuildPlan,
  program: (typeof programs)[number],
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): void {
  const before = performance.now();
  if (program.name === "pulumi-resource-kubernetes") copyProviderFiles(plan, environment);
  buildProgram(plan, program, environment);
  say(`${program.name} built in ${Math.round((performance.now() - before) / 1000)} s`);
}

/** Copies the provider's schema and mapping from the module cache. @throws Error where Go does not find the module. */
function copyProviderFiles(plan: BuildPlan, environment: NodeJS.ProcessEnv): void {
  const listed = spawnSync("go", ["mod", "download", "-json", kubernetesModule], {
    cwd: plan.module.folder,
    env: { ...environment, GOFLAGS: "", GOWORK: "off" },
    encoding: "utf8",
  });
  if (listed.status !== 0) throw new Error(`go mod download ${kubernetesModule} failed:\n${listed.stderr}`);
  const { Dir: folder } = JSON.parse(listed.stdout) as { Dir: string };
  mkdirSync(plan.folder, { recursive: true });
  for (const [file, copy] of Object.entries(providerFiles)) {
    const source = join(folder, "cmd", "pulumi-resource-kubernetes", file);
    if (!existsSync(source)) throw new Error(`${kubernetesModule} does not hold ${file}`);
    copyFileSync(source, join(plan.folder, copy));
  }
}
