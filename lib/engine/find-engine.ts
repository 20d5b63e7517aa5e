import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import semver from "semver";
import { getErrorMessage, InvalidInputError } from "../base/errors/errors.js";
import { readJsonFile } from "../base/text/read-json-file.js";

/** Oldest supported version; Pulumi.yaml requires the same. */
const oldestEngine = "3.250.0";

/** A command line of the real engine. */
export interface FoundEngine {
  /** Folder that holds `bin/pulumi`; null: the one on PATH. */
  root: string | null;
  version: string;
}

/** A command line that is there and does not run, or that cannot be fetched. */
export interface BrokenEngine {
  /** What it printed: `pulumi: fetch failed`. */
  problem: string;
}

/** A place where the command line may be. */
export interface EnginePlace {
  /** For messages: `on PATH`. */
  where: string;
  /** Finds the command line and asks it for its version; null where there is none. */
  find: () => Promise<FoundEngine | BrokenEngine | null>;
}

/**
 * Finds the engine to use: that of the first place that holds a supported version.
 *
 * @throws InvalidInputError `ENGINE_MISSING`, `ENGINE_TOO_OLD` with the commands that get it.
 */
export async function findEngine(places: readonly EnginePlace[]): Promise<FoundEngine> {
  const unsupported: string[] = [];
  const broken: string[] = [];
  for (const { where, find } of places) {
    const found = await find();
    if (found === null) continue;
    if ("problem" in found) {
      broken.push(`the one ${where} failed (${found.problem})`);
      continue;
    }
    const version = semver.clean(found.version) ?? found.version.trim();
    if (isSupported(version)) return { ...found, version };
    unsupported.push(`${version} ${where}`);
  }
  const [code, message] =
    unsupported.length > 0
      ? [
          "ENGINE_TOO_OLD",
          `Pulumi ${oldestEngine} or newer is needed; found ${[...unsupported, ...broken].join(" and ")}.`,
        ]
      : broken.length > 0
        ? ["ENGINE_MISSING", `There is no Pulumi that runs: ${broken.join(" and ")}.`]
        : ["ENGINE_MISSING", `There is no Pulumi: neither ${places.map(({ where }) => where).join(" nor ")}.`];
  const next = `${broken.length > 0 ? "Correct what it says, or get" : "Get"} ${waysToGetIt}`;
  throw new InvalidInputError(code, message, { next });
}

const waysToGetIt = [
  "it in one of these ways, then run the same command again:",
  "  npm install --no-save pulumi@3          (fetches the command line when it is first used)",
  "  curl -fsSL https://get.pulumi.com | sh  (puts it into ~/.pulumi/bin, where it is found)",
  "  brew install pulumi/tap/pulumi          (macOS)",
  "Without internet, unpack the release archive of github.com/pulumi/pulumi and put its folder on PATH (docs/engine-setup.md).",
].join("\n  ");

function isSupported(version: string): boolean {
  const parsed = semver.parse(version);
  return parsed !== null && semver.gte(parsed, oldestEngine);
}

/**
 * Lists the places on this machine, in the order of the search: PATH, the npm package in `projectDir`, and Pulumi's own
 * folder, where its install script puts it. `report`: is told of a download.
 */
export function listEnginePlaces(
  projectDir: string,
  environment: NodeJS.ProcessEnv,
  report: (text: string) => void,
): EnginePlace[] {
  const home = environment.PULUMI_HOME || join(homedir(), ".pulumi");
  return [
    {
      where: "on PATH",
      find: () => askVersion("pulumi", [], environment, null),
    },
    {
      where: "of the npm package pulumi in this checkout",
      find: async () => {
        const manifest = resolvePackage(projectDir);
        if (manifest === null) return null;
        const { version, bin } = readJsonFile(manifest) as { version: string; bin: string | Record<string, string> };
        const wanted = environment.PULUMI_VERSION ?? version;
        const root = join(home, "versions", wanted);
        const script = typeof bin === "string" ? bin : bin.pulumi;
        if (script === undefined) return null;
        if (!existsSync(join(root, "bin", "pulumi")))
          report(`The npm package pulumi fetches its command line ${wanted} to ${root}.`);
        return askVersion(process.execPath, [resolve(dirname(manifest), script)], environment, root);
      },
    },
    {
      where: `in ${join(home, "bin")}`,
      find: () => askVersion(join(home, "bin", "pulumi"), [], environment, home),
    },
  ];
}

function resolvePackage(projectDir: string): string | null {
  try {
    return createRequire(join(projectDir, "package.json")).resolve("pulumi/package.json");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return null;
    throw new InvalidInputError("ENGINE_MISSING", `The npm package pulumi cannot be used: ${getErrorMessage(error)}`, {
      next: "Install it again (npm install --no-save pulumi@3), and run the same command again.",
      cause: error,
    });
  }
}

/** Asks the command line in `root` for its version; null where there is no such program, or it is not in `root`. */
function askVersion(
  command: string,
  args: string[],
  environment: NodeJS.ProcessEnv,
  root: string | null,
): ReturnType<EnginePlace["find"]> {
  const env = { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return new Promise((done) => {
    execFile(command, [...args, "version"], { env }, (error, stdout, stderr) => {
      const version = /v?\d{1,9}\.\d{1,9}\.\d{1,9}\S*/.exec(stdout)?.[0];
      if (error?.code === "ENOENT" || error?.code === "ENOTDIR") done(null);
      else if (error !== null) done({ problem: findProblem(stderr) ?? error.message });
      else if (version === undefined) done({ problem: "it prints no version" });
      else done(root === null || existsSync(join(root, "bin", "pulumi")) ? { root, version } : null);
    });
  });
}

/** Finds the line that says why a program failed: an error's, else the last one. */
function findProblem(printed: string): string | undefined {
  const lines = printed.split("\n").flatMap((line) => line.trim() || []);
  return (lines.find((line) => /^\w*(?:error|panic|fatal)\b/i.test(line)) ?? lines.at(-1))?.slice(0, 300);
}
