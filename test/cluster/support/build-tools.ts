import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { packages, type ToolName } from "./tool-names.js";

const moduleFolder = resolve(__dirname, "../tools");

/** What `go build` is asked for beside the package: no C compiler, nothing of this machine in the result. */
export interface BuildPlan {
  environment: Record<string, string>;
  flags: string[];
  /** Outside the tree, named by what goes into it. */
  folder: string;
}

/** Flags and cache folder, from the pinned modules. Pure but for reading them. */
export function buildPlan(environment: NodeJS.ProcessEnv): BuildPlan {
  const module = readFileSync(join(moduleFolder, "go.mod"), "utf8");
  const sums = readFileSync(join(moduleFolder, "go.sum"), "utf8");
  const version = /k8s\.io\/kubernetes (v\d+\.\d+\.\d+)/.exec(module)?.[1];
  if (version === undefined) throw new Error("test/cluster/tools/go.mod pins no k8s.io/kubernetes");
  const [major, minor] = version.slice(1).split(".");
  const reported = { gitVersion: version, gitMajor: major, gitMinor: minor };
  const names = Object.entries(reported).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  const flags = ["-mod=readonly", "-trimpath", "-tags", "grpcnotrace", "-ldflags", `-s -w ${names.join(" ")}`];
  const content = [module, sums, flags.join(" "), process.platform, process.arch].join("\n");
  const checksum = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const cache = environment.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return {
    environment: { CGO_ENABLED: "0" },
    flags,
    folder: join(cache, "palette-upgrade", "cluster", checksum, "bin"),
  };
}

/** The path of a tool built before; null when it is to be built. */
export function builtTool(plan: BuildPlan, name: ToolName): string | null {
  const file = join(plan.folder, name);
  return existsSync(file) ? file : null;
}

/** Why Go cannot be used; null when it can. */
export function goMissing(environment: NodeJS.ProcessEnv): string | null {
  const asked = spawnSync("go", ["version"], { env: environment, encoding: "utf8" });
  return asked.status === 0 ? null : "Go is not on PATH";
}

/** Builds one tool into the cache; whoever comes first puts it in place. @throws Error with the compiler's last lines. */
export function buildTool(plan: BuildPlan, name: ToolName, environment: NodeJS.ProcessEnv): string {
  mkdirSync(plan.folder, { recursive: true });
  const unfinished = join(plan.folder, `.${name}.${process.pid}`);
  const built = spawnSync("go", ["build", ...plan.flags, "-o", unfinished, packages[name]], {
    cwd: moduleFolder,
    env: { ...environment, ...plan.environment, GOFLAGS: "", GOWORK: "off" },
    encoding: "utf8",
    maxBuffer: 64_000_000,
  });
  if (built.status !== 0) {
    rmSync(unfinished, { force: true });
    const said = built.stderr.split("\n").filter((line) => !line.startsWith("go: downloading"));
    throw new Error(`go build ${packages[name]} ended with ${built.status}:\n${said.slice(-15).join("\n")}`);
  }
  const file = join(plan.folder, name);
  renameSync(unfinished, file);
  return file;
}
