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

interface EngineSearch {
  /** Reads the version that `pulumi` on PATH prints; null where there is none. */
  readPathVersion: () => Promise<string | null>;
  /** Finds the npm package `pulumi`, which downloads the command line on first use; null if not installed. */
  findPackage: () => Promise<{ root: string; version: string } | null>;
}

/**
 * Finds the engine to use: the one on PATH, else the npm package's.
 *
 * @throws InvalidInputError `ENGINE_MISSING`, `ENGINE_TOO_OLD` with the commands that get it.
 */
export async function findEngine(search: EngineSearch): Promise<FoundEngine> {
  const onPath = await search.readPathVersion();
  if (onPath !== null && isNewEnough(onPath)) return { root: null, version: cleanVersion(onPath) };
  const packaged = await search.findPackage();
  if (packaged !== null && isNewEnough(packaged.version))
    return { ...packaged, version: cleanVersion(packaged.version) };
  const found = [
    onPath === null ? [] : [`${cleanVersion(onPath)} on PATH`],
    packaged === null ? [] : [`${cleanVersion(packaged.version)} of the npm package`],
  ].flat();
  if (found.length > 0) {
    throw new InvalidInputError(
      "ENGINE_TOO_OLD",
      `Pulumi ${oldestEngine} or newer is needed; found ${found.join(" and ")}.`,
      {
        next: howToGetIt,
      },
    );
  }
  throw new InvalidInputError(
    "ENGINE_MISSING",
    "There is no Pulumi on PATH, and no npm package pulumi beside this tool.",
    {
      next: howToGetIt,
    },
  );
}

const howToGetIt = [
  "Get it in one of these ways, then run the same command again:",
  "  npm install --no-save pulumi@3          (fetches the command line when it is first used)",
  "  curl -fsSL https://get.pulumi.com | sh  (then put ~/.pulumi/bin on PATH)",
  "  brew install pulumi/tap/pulumi          (macOS)",
  "Without internet, unpack the release archive of github.com/pulumi/pulumi and put its folder on PATH.",
].join("\n  ");

function isNewEnough(version: string): boolean {
  const parsed = semver.parse(version.trim());
  return parsed !== null && semver.gte(parsed, oldestEngine);
}

function cleanVersion(version: string): string {
  return semver.clean(version) ?? version.trim();
}

/**
 * Creates the search on this machine. `projectDir`: where the npm package is installed. `report`: is told of a
 * download.
 */
export function createEngineSearch(
  projectDir: string,
  environment: NodeJS.ProcessEnv,
  report: (text: string) => void,
): EngineSearch {
  return {
    readPathVersion: () => readVersion("pulumi", [], environment),
    findPackage: async () => {
      const manifest = resolvePackage(projectDir);
      if (manifest === null) return null;
      const { version, bin } = readJsonFile(manifest) as {
        version: string;
        bin: string | Record<string, string>;
      };
      const wanted = environment.PULUMI_VERSION ?? version;
      const home = environment.PULUMI_HOME || join(homedir(), ".pulumi");
      const root = join(home, "versions", wanted);
      const script = typeof bin === "string" ? bin : bin.pulumi;
      if (script === undefined) return null;
      if (!existsSync(join(root, "bin", "pulumi")))
        report(`The npm package pulumi fetches its command line ${wanted} to ${root}.`);
      const printed = await readVersion(process.execPath, [resolve(dirname(manifest), script)], environment);
      return printed !== null && existsSync(join(root, "bin", "pulumi")) ? { root, version: printed } : null;
    },
  };
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

function readVersion(command: string, args: string[], environment: NodeJS.ProcessEnv): Promise<string | null> {
  const env = { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return new Promise((done) => {
    execFile(command, [...args, "version"], { env }, (error, stdout) => {
      const version = /v?\d{1,9}\.\d{1,9}\.\d{1,9}\S*/.exec(stdout)?.[0];
      done(error === null && version !== undefined ? version : null);
    });
  });
}
