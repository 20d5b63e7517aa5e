import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type BuildPlan, buildProgram, type GoModule, planBuild, readPinnedVersion } from "../support/go-build.js";

/** Programs of the real engine that Go builds, each from a module of its own: their dependencies do not fit together. */
export const programNames = ["pulumi", "pulumi-resource-kubernetes"] as const;
export type ProgramName = (typeof programNames)[number];

const engineModule = "github.com/pulumi/pulumi/pkg/v3";
const kubernetesModule = "github.com/pulumi/pulumi-kubernetes/provider/v4";
const niceness = 10;

const modules: Record<ProgramName, GoModule> = {
  pulumi: { folder: join(__dirname, "modules/cli"), name: "engine", niceness },
  "pulumi-resource-kubernetes": { folder: join(__dirname, "modules/kubernetes"), name: "provider", niceness },
};

/** Files that the provider's own build embeds: ours reads them from beside the program. */
const providerFiles = { "schema.json": "kubernetes-schema.json", "terraform-mapping.json": "kubernetes-mapping.json" };

/** Plans flags and cache folder of one program, with its pinned version. */
export function planEngineBuild(name: ProgramName, environment: NodeJS.ProcessEnv): BuildPlan {
  const module = modules[name];
  const [value, sources] =
    name === "pulumi"
      ? [`github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${readPinnedVersion(module, engineModule)}`, []]
      : [`main.version=${readPinnedVersion(module, kubernetesModule).slice(1)}`, ["main.go"]];
  return planBuild(module, ["-ldflags", `-s -w -X ${value}`], environment, sources);
}

/** Builds one program; returns its folder. @throws Error with the compiler's last lines. */
export function buildEngineProgram(
  name: ProgramName,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): string {
  const plan = planEngineBuild(name, environment);
  say(`Building ${name} with Go into ${plan.folder}: once, some minutes of two cores.`);
  const before = performance.now();
  if (name === "pulumi-resource-kubernetes") copyProviderFiles(plan, environment);
  buildProgram(plan, { name, source: name === "pulumi" ? `${engineModule}/cmd/pulumi` : "." }, environment);
  say(`${name} built in ${Math.round((performance.now() - before) / 1000)} s`);
  return plan.folder;
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
