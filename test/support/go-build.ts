import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** A folder with go.mod and go.sum that pins the programs of one suite. */
export interface GoModule {
  folder: string;
  /** Names the module's folder in the cache. */
  name: string;
  /** How much a build gives way to other processes, as `nice` counts. */
  niceness: number;
}

/** How a module's programs are built: no C compiler, nothing of this machine in the result. */
export interface BuildPlan {
  module: GoModule;
  environment: Record<string, string>;
  flags: string[];
  /** Outside the tree, named by what goes into it. */
  folder: string;
}

/** Reads the version (`v1.2.3`) that a module pins for a dependency. @throws Error where it pins none. */
export function readPinnedVersion({ folder }: GoModule, dependency: string): string {
  const lines = readFileSync(join(folder, "go.mod"), "utf8").split("\n");
  const line = lines.map((each) => each.trim().split(/\s+/)).find((words) => words.includes(dependency));
  const version = line?.[line.indexOf(dependency) + 1];
  if (version === undefined) throw new Error(`${join(folder, "go.mod")} pins no ${dependency}`);
  return version;
}

/** Plans flags and cache folder. `sources`: further files that go into the result. Reads the module's files. */
export function planBuild(
  module: GoModule,
  flags: readonly string[],
  environment: NodeJS.ProcessEnv,
  sources: readonly string[] = [],
): BuildPlan {
  const allFlags = ["-mod=readonly", "-trimpath", ...flags];
  const texts = ["go.mod", "go.sum", ...sources].map((file) => readFileSync(join(module.folder, file), "utf8"));
  const content = [...texts, allFlags.join(" "), process.platform, process.arch].join("\n");
  const checksum = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const cache = environment.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return {
    module,
    environment: { CGO_ENABLED: "0" },
    flags: allFlags,
    folder: join(cache, "palette-upgrade", module.name, checksum, "bin"),
  };
}

/** Finds a program that was built before; null where it is to be built. */
export function findBuilt(plan: BuildPlan, name: string): string | null {
  const file = join(plan.folder, name);
  return existsSync(file) ? file : null;
}

/** Says why Go cannot be used; null where it can. */
export function explainMissingGo(environment: NodeJS.ProcessEnv): string | null {
  const asked = spawnSync("go", ["version"], { env: environment, encoding: "utf8" });
  return asked.status === 0 ? null : "Go is not on PATH";
}

/** Builds one program into the cache; whoever ends first puts it in place. @throws Error with the compiler's last lines. */
export function buildProgram(
  plan: BuildPlan,
  { name, source }: { name: string; source: string },
  environment: NodeJS.ProcessEnv,
): string {
  mkdirSync(plan.folder, { recursive: true });
  const unfinished = join(plan.folder, `.${name}.${process.pid}`);
  const built = spawnSync(
    "nice",
    [`-n${plan.module.niceness}`, "go", "build", ...plan.flags, "-o", unfinished, source],
    {
      cwd: plan.module.folder,
      env: { ...environment, ...plan.environment, GOFLAGS: "", GOWORK: "off" },
      encoding: "utf8",
      maxBuffer: 64_000_000,
    },
  );
  if (built.status !== 0) {
    rmSync(unfinished, { force: true });
    const lines = (built.stderr ?? built.error?.message ?? "").split("\n");
    const shown = lines.filter((line) => !line.startsWith("go: downloading")).slice(-15);
    throw new Error(`go build ${source} ended with ${built.status}:\n${shown.join("\n")}`);
  }
  const file = join(plan.folder, name);
  renameSync(unfinished, file);
  return file;
}
