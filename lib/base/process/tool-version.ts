import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { readJsonFile } from "../text/read-json-file.js";
import { findPackageRoot } from "./package-root.js";

/** Version of this package, and the commit that the running code was built from; null where nobody knows. */
interface ToolVersion {
  version: string;
  commit: string | null;
}

const commitFile = join("dist", "commit");

/** Records which commit `dist/` is built from; nothing where the folder is no checkout of its own. Called by the build. */
export function stampCommit(root: string): void {
  writeFileSync(join(root, commitFile), `${readCommit(root) ?? ""}\n`);
}

/** Reads version and commit. Code that runs from source, or was built without git, has no known commit. */
export function readToolVersion(root: string = findPackageRoot(), codeFolder: string = __dirname): ToolVersion {
  const { version } = readJsonFile(join(root, "package.json")) as { version: string };
  const isCompiled = `${codeFolder}${sep}`.startsWith(join(root, "dist") + sep);
  const stamp =
    isCompiled && existsSync(join(root, commitFile)) ? readFileSync(join(root, commitFile), "utf8").trim() : "";
  return { version, commit: stamp === "" ? null : stamp };
}

/** Returns name, version and commit of the running tool, for reports and the journal. */
export function describeTool(): string {
  return formatToolVersion(readToolVersion());
}

/** Formats e.g. `palette-upgrade 0.1.0 (commit 1a2b3c4d5e6f)`. */
export function formatToolVersion({ version, commit }: ToolVersion): string {
  return `palette-upgrade ${version} (${commit === null ? "unknown commit" : `commit ${commit}`})`;
}

/** Returns the commit, with a note where sources or data differ from it; null without git or outside of its checkout. */
function readCommit(root: string): string | null {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    if (git("rev-parse", "--show-toplevel") !== realpathSync(root)) return null;
    const commit = git("rev-parse", "--short=12", "HEAD");
    const changed = git("status", "--porcelain", "--", "index.ts", "bin", "lib", "packages", "data", "package.json");
    return changed === "" ? commit : `${commit} with local changes`;
  } catch {
    return null;
  }
}
